"""Decides what is asked of the World Bank: yearly indicators of one economy, as they stand today.

Nothing tells when a value was first published; that is left to the declared lag.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import pandas as pd
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from core.records.result import Dataset
from core.records.universe import Universe
from tools.upstream.each import each_of
from tools.upstream.errors import ChangedShapeError, EmptyAnswerError, UnknownSymbolError
from tools.upstream.http import Http, Params, sha256_of
from tools.upstream.macro_frame import macro_frame
from tools.upstream.protocol import Fetched, Tell
from tools.upstream.published import published
from tools.upstream.wire import Answer

API: Final = "https://api.worldbank.org"
PAGE_ROWS: Final = 1_000


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    pages: int
    total: int


class _Value(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    date: str
    value: float | None


_PAGE = TypeAdapter(tuple[_Page, tuple[_Value, ...] | None])


class WorldBankUpstream:
    """Yearly macro series of an economy."""

    name = "world_bank"
    datasets: tuple[Dataset, ...] = ("macro",)
    needs: tuple[str, ...] = ()

    def __init__(self, http: Http) -> None:
        self._http = http

    def origin(self, dataset: Dataset) -> str:
        """Return what reports call its data."""
        return "World Bank indicators"

    def subjects(
        self, universe: Universe, dataset: Dataset, members: tuple[str, ...]
    ) -> Mapping[str, bool]:
        """Return the indicators, where the universe's economy is known."""
        table = published()
        known = universe.id in table.economies
        return {item.series: False for item in table.indicators} if known else {}

    def fetch(
        self,
        universe: Universe,
        dataset: Dataset,
        *,
        symbols: tuple[str, ...],
        since: date,
        until: date,
        tell: Tell,
    ) -> Iterator[Fetched]:
        """Return one answer an indicator, all years of it; see `Upstream.fetch`."""
        economy = published().economies[universe.id]
        codes = {item.series: item.code for item in published().indicators}

        def read(series: str) -> tuple[pd.DataFrame, str]:
            path = f"/v2/country/{economy}/indicator/{codes[series]}"
            values, answers = self._values(path, series)
            return _rows(series, values, until), sha256_of(*answers)

        return each_of(symbols, dataset, read, tell=tell)

    def _values(self, path: str, series: str) -> tuple[list[_Value], list[Answer]]:
        found: list[_Value] = []
        answers: list[Answer] = []
        pages = 1
        while len(answers) < pages:
            params: Params = {"format": "json", "per_page": PAGE_ROWS, "page": len(answers) + 1}
            document, answer = self._http.json(path, params, subject=series)
            if isinstance(document, list) and len(document) == 1:
                raise UnknownSymbolError("World Bank", series)  # its form of a refusal
            try:
                page, values = _PAGE.validate_python(document)
            except ValidationError as error:
                raise ChangedShapeError("World Bank", f"{series} reads otherwise") from error
            found += values or ()
            answers.append(answer)
            pages = page.pages
        return found, answers


def _rows(series: str, values: list[_Value], until: date) -> pd.DataFrame:
    told = [item for item in values if item.date.isdigit() and int(item.date) <= until.year]
    ends = pd.DatetimeIndex([date(int(item.date), 12, 31) for item in told])
    numbers = pd.Index([float("nan") if item.value is None else item.value for item in told])
    rows = macro_frame(series, ends, numbers)
    rows = rows[rows["period"] <= pd.Timestamp(until)].reset_index(drop=True)
    if rows.empty:
        raise EmptyAnswerError("World Bank", series, "years")
    return rows.sort_values("period", ignore_index=True)
