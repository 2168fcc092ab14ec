"""Decides what is asked of SEC EDGAR: companies' facts and managers' 13F filings, by filing date.

The SEC asks every program to say who runs it and to keep below ten requests a second. A filing of
the evening counts from its own date on. Formats are those of the SEC's documentation of its APIs
(sec.gov/search-filings/edgar-application-programming-interfaces); no test here reaches the SEC.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

import pandas as pd
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from core.records.result import Dataset
from core.records.universe import Universe
from tools.upstream.each import each_of
from tools.upstream.edgar_facts import fundamental_rows
from tools.upstream.edgar_filings import (
    Filing,
    adds_holdings,
    first_page,
    information_table,
    older_page,
    wanted,
)
from tools.upstream.edgar_positions import position_rows
from tools.upstream.errors import ChangedShapeError, EmptyAnswerError, UnknownSymbolError
from tools.upstream.http import Http, sha256_of
from tools.upstream.protocol import Fetched, Tell

SITE: Final = "https://www.sec.gov"
DATA: Final = "https://data.sec.gov"
IDENTITY: Final = "SECTORWISE_SEC_IDENTITY"
PAUSE_SECONDS: Final = 0.2
"""Of each of the two hosts, together at most the ten requests a second the SEC allows."""
SOURCE: Final = "SEC EDGAR"

Table = Callable[[bytes, date], pd.DataFrame]
"""XML of an information table and its quarter's end to symbol, shares, value_bn."""


class _Company(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    cik_str: int
    ticker: str


_COMPANIES = TypeAdapter(dict[str, _Company])


class EdgarUpstream:
    """Statements of American companies, and holdings of the managers the operator names."""

    name = "edgar"
    datasets: tuple[Dataset, ...] = ("fundamentals", "positions")
    needs: tuple[str, ...] = (IDENTITY,)

    def __init__(
        self, site: Http, data: Http, *, managers: Mapping[str, int], table: Table
    ) -> None:
        self._site, self._data, self._table = site, data, table
        self._managers = dict(managers)
        self._ciks: dict[str, int] = {}

    def origin(self, dataset: Dataset) -> str:
        """Return what reports call its data."""
        return "SEC EDGAR 13F filings" if dataset == "positions" else "SEC EDGAR company facts"

    def subjects(
        self, universe: Universe, dataset: Dataset, members: tuple[str, ...]
    ) -> Mapping[str, bool]:
        """Return the members, or the managers where there are members they may hold."""
        if universe.currency != "USD" or not members:
            return {}
        return dict.fromkeys(self._managers if dataset == "positions" else members, False)

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
        """Return one answer a company or manager, by day of filing; see `Upstream.fetch`."""
        read = self._positions if dataset == "positions" else self._fundamentals
        return each_of(symbols, dataset, lambda subject: read(subject, since, until), tell=tell)

    def _fundamentals(self, symbol: str, since: date, until: date) -> tuple[pd.DataFrame, str]:
        path = f"/api/xbrl/companyfacts/CIK{self._cik(symbol):010d}.json"
        try:
            document, answer = self._data.json(path, subject=symbol)
        except UnknownSymbolError as error:
            raise EmptyAnswerError(SOURCE, symbol, "facts") from error
        rows = fundamental_rows(document, symbol, since=since, until=until)
        return rows, sha256_of(answer)

    def _cik(self, symbol: str) -> int:
        listed = self._listed()
        if symbol not in listed:
            raise UnknownSymbolError(SOURCE, symbol)
        return listed[symbol]

    def _listed(self) -> dict[str, int]:
        """Return the CIK of each listed symbol, classes of shares written BRK-B."""
        if not self._ciks:
            document, _ = self._site.json("/files/company_tickers.json")
            try:
                told = _COMPANIES.validate_python(document)
            except ValidationError as error:
                raise ChangedShapeError(SOURCE, "its list of companies reads otherwise") from error
            self._ciks = {
                item.ticker.upper().replace(".", "-"): item.cik_str for item in told.values()
            }
        return self._ciks

    def _spelled(self, held: pd.DataFrame) -> pd.DataFrame:
        """Return the holdings with classes of shares written as listed: BRKB is BRK-B."""
        listed = self._listed()
        joined = {name.replace("-", ""): name for name in listed if "-" in name}
        classes = {told: name for told, name in joined.items() if told not in listed}
        return held.assign(symbol=held["symbol"].replace(classes))

    def _positions(self, manager: str, since: date, until: date) -> tuple[pd.DataFrame, str]:
        cik, digest = self._managers[manager], hashlib.sha256()
        filings = wanted(self._filings(manager, cik, since), since=since, until=until)
        told = self._told(filings, cik, manager, digest.update)
        rows = position_rows(told, manager, since=since)
        return rows, digest.hexdigest()

    def _filings(self, manager: str, cik: int, since: date) -> list[Filing]:
        """Return the filings listed; older pages that end a year before `since` are not asked for.

        An amendment comes within the year.
        """
        document, _ = self._data.json(f"/submissions/CIK{cik:010d}.json", subject=manager)
        found, pages = first_page(document, manager)
        for page in pages:
            if page.filingTo.year >= since.year - 1:
                path = f"/submissions/{_plain(page.name)}"
                older: JsonValue = self._data.json(path, subject=manager)[0]
                found += older_page(older, manager)
        return found

    def _told(
        self, filings: list[Filing], cik: int, manager: str, read: Callable[[bytes], None]
    ) -> Iterator[tuple[Filing, pd.DataFrame, bool]]:
        for filing in filings:
            path = f"/Archives/edgar/data/{cik}/{_plain(filing.accession)}.txt"
            content = self._site.get(path, subject=manager).content
            read(content)
            xml = information_table(content)
            if xml is not None:
                adds = filing.form.endswith("/A") and adds_holdings(content)
                yield filing, self._spelled(self._table(xml, filing.period)), adds


def _plain(name: str) -> str:
    """Return a name told by the source that becomes part of an address.

    Raises:
        ChangedShapeError: it is not letters, digits, points and dashes.
    """
    if not name.replace("-", "").replace(".", "").isalnum() or not name.isascii() or ".." in name:
        raise ChangedShapeError(SOURCE, "it names a file in another way")
    return name
