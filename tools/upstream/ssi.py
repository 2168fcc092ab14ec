"""Decides what is asked of SSI FastConnect Data: daily stocks, foreign trading and indices.

Written from SSI's public guide of version 2 (guide.ssi.com.vn, FastConnect Data) and answers
printed there. Not verified against the service itself: how far back it has data, that thirty days
are the most one request may span, its pace of one request a second, the spelling of a refusal, and
whether foreign values are told for HNX and UPCoM.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pandas as pd
from pydantic import SecretStr

from core.records.result import Dataset
from core.records.universe import Universe
from tools.storage.schema import empty_frame
from tools.upstream.errors import ChangedShapeError, EmptyAnswerError, UnauthorisedError
from tools.upstream.http import Http, Params, sha256_of
from tools.upstream.protocol import Fetched, Tell
from tools.upstream.ssi_answers import SOURCE, rows_in, table_of, token_in
from tools.upstream.ssi_rows import foreign_flows, index_prices, stock_prices
from tools.upstream.wire import posting_wire

ADDRESS: Final = "https://fc-data.ssi.com.vn"
MARKET: Final = "/api/v2/Market/"
PAUSE_SECONDS: Final = 1.1
SPAN_DAYS: Final = 30
PAGE_ROWS: Final = 100
MOST_PAGES: Final = 10
FIRST: Final = date(2000, 7, 28)
"""First session of the Vietnamese market."""
EMPTY_SPANS: Final = 13
"""A year without a row, going back: the stock was not listed, or SSI has no older data."""
BEFORE: Final = timedelta(days=20)
"""Read before the first day told, so that its reference price has a close beside it; longer than
the holidays of Tết."""


class SsiUpstream:
    """Vietnamese prices, foreign trading and indices; what one sync reads of a stock serves both.

    Not for several threads at once.
    """

    name = "ssi"
    datasets: tuple[Dataset, ...] = ("prices", "flows")
    needs: tuple[str, ...] = ("SECTORWISE_SSI_ID", "SECTORWISE_SSI_SECRET")

    def __init__(self, http: Http, *, consumer_id: SecretStr, secret: SecretStr) -> None:
        self._http, self._id, self._secret = http, consumer_id, secret
        self._signed: Http | None = None
        self._read: dict[tuple[str, date, date], tuple[pd.DataFrame, str]] = {}

    def origin(self, dataset: Dataset) -> str:
        """Return what reports call its data."""
        return "SSI foreign trading" if dataset == "flows" else "SSI daily prices"

    def subjects(
        self, universe: Universe, dataset: Dataset, members: tuple[str, ...]
    ) -> Mapping[str, bool]:
        """Return the members, for prices after the indices; nothing outside Vietnam."""
        if universe.currency != "VND":
            return {}
        if dataset == "flows":
            return dict.fromkeys(members, False) if universe.foreign_flow else {}
        default = universe.benchmark.ticker
        own = dict.fromkeys(_indices(universe), True)
        own = {name: name == default or name not in _marks(universe) for name in own}
        return own | {name: False for name in members if name not in own}

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
        """Yield one answer a symbol, newest days read first; see `Upstream.fetch`."""
        indices = set(_indices(universe))
        for symbol in symbols:
            tell(symbol)
            try:
                kind = "index" if symbol in indices else "stock"
                table, sha256 = self._table(symbol, kind, since, until)
                rows = _rows(table, dataset, kind, symbol)
                kept = rows[rows["period"] >= pd.Timestamp(max(since, FIRST))]
                yield Fetched(symbol, dataset, kept.reset_index(drop=True), sha256)
            except EmptyAnswerError as error:
                yield Fetched(symbol, dataset, empty_frame(dataset), sha256_of(), error)

    def _table(self, symbol: str, kind: str, since: date, until: date) -> tuple[pd.DataFrame, str]:
        """Return all days of a symbol, from a little before `since`."""
        parts: list[pd.DataFrame] = []
        digest, empty, last = hashlib.sha256(), 0, until
        start = max(since, FIRST + BEFORE) - BEFORE
        while last >= start and empty < EMPTY_SPANS:
            first = max(last - timedelta(days=SPAN_DAYS - 1), start)
            table, sha256 = self._span(symbol, kind, first, last)
            digest.update(sha256.encode())
            if len(table):
                parts.append(table)
            empty = 0 if len(table) else empty + 1
            last = first - timedelta(days=1)
        if not parts:
            raise EmptyAnswerError(SOURCE, symbol, "days in this span")
        return pd.concat(parts).sort_index(), digest.hexdigest()

    def _span(self, symbol: str, kind: str, first: date, last: date) -> tuple[pd.DataFrame, str]:
        """Return the days of one request; prices and flows of a stock are one answer."""
        known = (symbol, first, last)
        if known not in self._read:
            self._read[known] = self._pages(symbol, kind, first, last)
        return self._read[known]

    def _pages(self, symbol: str, kind: str, first: date, last: date) -> tuple[pd.DataFrame, str]:
        path, key = ("DailyIndex", "indexId") if kind == "index" else ("DailyStockPrice", "symbol")
        asked: Params = {
            key: symbol,
            "fromDate": first.strftime("%d/%m/%Y"),
            "toDate": last.strftime("%d/%m/%Y"),
            "pageSize": PAGE_ROWS,
        }
        rows: list[dict[str, str | float | None]] = []
        digest = hashlib.sha256()
        for page in range(1, MOST_PAGES + 1):
            found, total, sha256 = self._page(path, {**asked, "pageIndex": page})
            digest.update(sha256.encode())
            rows += found
            if not found or len(rows) >= total:
                break
        else:
            raise ChangedShapeError(SOURCE, "its pages do not end")
        if kind == "stock" and any(row.get("symbol", symbol) != symbol for row in rows):
            raise ChangedShapeError(SOURCE, "it tells of another stock")
        return table_of(rows, kind, first=first, last=last), digest.hexdigest()

    def _page(
        self, path: str, params: Params
    ) -> tuple[tuple[dict[str, str | float | None], ...], int, str]:
        """Return rows, the count of all, and the answer's hash; an old token is renewed once."""
        fresh = self._signed is None
        while True:
            try:
                document, answer = self._signed_in().json(MARKET + path, params)
                return *rows_in(document), sha256_of(answer)
            except UnauthorisedError:
                self._signed = None
                if fresh:
                    raise
                fresh = True

    def _signed_in(self) -> Http:
        if self._signed is None:
            posting = replace(self._http, wire=posting_wire)
            document, _ = posting.json(
                MARKET + "AccessToken",
                {
                    "consumerID": self._id.get_secret_value(),
                    "consumerSecret": self._secret.get_secret_value(),
                },
            )
            token = token_in(document)
            self._signed = replace(self._http, headers={"authorization": f"Bearer {token}"})
        return self._signed


def _marks(universe: Universe) -> list[str]:
    return [mark.ticker for mark in universe.benchmarks if mark.ticker]


def _indices(universe: Universe) -> list[str]:
    sectors = [] if universe.built_from_members else [item.ticker for item in universe.sectors]
    return [*sectors, *_marks(universe)]


def _rows(table: pd.DataFrame, dataset: Dataset, kind: str, symbol: str) -> pd.DataFrame:
    if dataset == "flows":
        return foreign_flows(table, symbol)
    return index_prices(table, symbol) if kind == "index" else stock_prices(table, symbol)
