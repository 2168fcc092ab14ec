"""Decides what is asked of FRED: every vintage with its release date, or the last one without.

With a key its API tells when each value became known (ALFRED). Without one, and for market rates,
which are never revised, the latest values are read and their release is left to the declared lag.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from core.records.result import Dataset
from core.records.universe import Universe
from tools.upstream.each import each_of
from tools.upstream.errors import (
    ChangedShapeError,
    EmptyAnswerError,
    UnauthorisedError,
    UnknownSymbolError,
)
from tools.upstream.http import Http, Params, sha256_of
from tools.upstream.macro_frame import macro_frame
from tools.upstream.protocol import Fetched, Tell
from tools.upstream.published import published
from tools.upstream.wire import Answer

API: Final = "https://api.stlouisfed.org"
SITE: Final = "https://fred.stlouisfed.org"
KEY: Final = "FRED_API_KEY"
OBSERVATIONS: Final = "/fred/series/observations"
CSV: Final = "/graph/fredgraph.csv"
PAGE_ROWS: Final = 100_000
"""FRED's own limit of one answer."""
FIRST_DAY: Final = date(1776, 7, 4)
"""FRED's word for: from the first vintage on."""


class _Observation(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    realtime_start: date
    date: date
    value: str


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    count: int
    observations: tuple[_Observation, ...]


class FredUpstream:
    """Macro series of the Federal Reserve Bank of St. Louis."""

    name = "fred"
    datasets: tuple[Dataset, ...] = ("macro",)
    needs: tuple[str, ...] = ()

    def __init__(self, api: Http, site: Http, *, key: str | None) -> None:
        self._api, self._site, self._key = api, site, key

    def origin(self, dataset: Dataset) -> str:
        """Return what reports call its data."""
        return "FRED vintages" if self._key else "FRED latest values"

    def subjects(
        self, universe: Universe, dataset: Dataset, members: tuple[str, ...]
    ) -> Mapping[str, bool]:
        """Return the series declared for the universe."""
        return dict.fromkeys(published().fred.get(universe.id, ()), False)

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
        """Return one answer a series; see `Upstream.fetch`."""
        return each_of(
            symbols, dataset, lambda series: self._series(series, since, until), tell=tell
        )

    def _series(self, series: str, since: date, until: date) -> tuple[pd.DataFrame, str]:
        if self._key and series not in published().market_rates:
            with suppress(_TooManyError):
                return self._vintages(series, since, until)
        return self._latest(series, until)

    def _vintages(self, series: str, since: date, until: date) -> tuple[pd.DataFrame, str]:
        """Return every value that became known in the span.

        Those of the archive's first day were known before it: they are left to the declared lag.
        """
        whole = since <= FIRST_DAY
        params: dict[str, str | int] = {
            "series_id": series,
            "api_key": self._key or "",
            "file_type": "json",
            "output_type": 1,
            "realtime_start": max(since, FIRST_DAY).isoformat(),
            "realtime_end": until.isoformat(),
            "limit": PAGE_ROWS,
        }
        found: list[_Observation] = []
        answers: list[Answer] = []
        while True:
            page, answer = self._page(params | {"offset": len(found)}, series)
            found += page.observations
            answers.append(answer)
            if len(found) >= page.count or not page.observations:
                break
        if not found:
            raise EmptyAnswerError("FRED", series, "vintages")
        known = pd.DatetimeIndex([item.realtime_start for item in found])
        if whole:
            known = pd.DatetimeIndex(known.where(known != known.min()))
        return macro_frame(series, _days(found), _numbers(found), known), sha256_of(*answers)

    def _page(self, params: Params, series: str) -> tuple[_Page, Answer]:
        document, answer = self._api.json(OBSERVATIONS, params, subject=series, accepted=(400,))
        if answer.status == 400:
            raise _refusal(answer.content, series)
        try:
            return _Page.model_validate(document), answer
        except ValidationError as error:
            raise ChangedShapeError(
                "FRED", f"its observations of {series} read otherwise"
            ) from error

    def _latest(self, series: str, until: date) -> tuple[pd.DataFrame, str]:
        answer = self._site.get(CSV, {"id": series}, subject=series)
        text = answer.content.decode("utf-8", errors="replace")
        if text.lstrip().startswith("<"):
            raise UnknownSymbolError("FRED", series)
        try:
            table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
            days = pd.DatetimeIndex(pd.to_datetime(table.iloc[:, 0], format="%Y-%m-%d"))
            values = pd.to_numeric(table[series].replace({".": None, "": None}))
        except (ValueError, KeyError, IndexError) as error:
            raise ChangedShapeError("FRED", f"its table of {series} reads otherwise") from error
        kept = days <= pd.Timestamp(until)
        rows = macro_frame(series, days[kept], pd.Index(values[kept]))
        if rows.empty:
            raise EmptyAnswerError("FRED", series, "values")
        return rows, sha256_of(answer)


class _TooManyError(Exception):
    """A series has more vintages than FRED gives at once."""


def _refusal(content: bytes, series: str) -> Exception:
    """Return what a 400 of FRED's means: the key, too many vintages, or no such series."""
    if b"api_key" in content:
        return UnauthorisedError("FRED", "it does not accept the key (400)", (KEY,))
    if b"vintage" in content:
        return _TooManyError(series)
    return UnknownSymbolError("FRED", series)


def _days(found: list[_Observation]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([item.date for item in found])


def _numbers(found: list[_Observation]) -> pd.Index:
    """Return the values; FRED writes a point where there is none."""
    try:
        return pd.Index(
            [float(item.value) if item.value != "." else float("nan") for item in found]
        )
    except ValueError as error:
        raise ChangedShapeError("FRED", "a value is no number") from error
