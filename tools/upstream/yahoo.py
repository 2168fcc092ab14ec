"""Decides what is asked of Yahoo Finance through yfinance, and what its silence means.

yfinance keeps time zones and cookies in a folder of ours, and is told to raise instead of logging.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal

import pandas as pd
import yfinance
from yfinance.exceptions import YFException, YFRateLimitError, YFTickerMissingError

from core.records.result import Dataset
from core.records.universe import Universe
from tools.storage.schema import empty_frame
from tools.upstream.browser import BrowserSession
from tools.upstream.errors import (
    ChangedShapeError,
    EmptyAnswerError,
    RateLimitedError,
    UnknownSymbolError,
)
from tools.upstream.http import Http
from tools.upstream.protocol import Fetched, Tell
from tools.upstream.yahoo_rows import COLUMNS, bar_rows, share_rows

Bars = Literal["15m", "1h"]

REACH_DAYS: Final[dict[Bars, int]] = {"15m": 59, "1h": 729}
"""How far back Yahoo has bars of that length (60 and 730 days, both ends counted)."""

BAR: Final[dict[Bars, pd.Timedelta]] = {
    "15m": pd.Timedelta(minutes=15),
    "1h": pd.Timedelta(hours=1),
}
FIRST: Final = date(1962, 1, 2)
"""Of Yahoo's oldest prices."""

NOT_THERE: Final = (400, 422)
"""Statuses Yahoo answers a window with in which it has nothing."""

_MISREAD = (KeyError, IndexError, TypeError, ValueError, AttributeError)
"""What yfinance lets through when an answer has another shape."""


class YahooUpstream:
    """Prices with dividends and splits, intraday bars, and shares of the sectors' funds."""

    name = "yahoo"
    datasets: tuple[Dataset, ...] = ("prices", "series", "intraday")
    needs: tuple[str, ...] = ()

    def __init__(self, http: Http, *, folder: Path, bars: Bars = "15m") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        yfinance.set_tz_cache_location(str(folder))
        yfinance.config.debug.hide_exceptions = False
        self._session, self._bars = BrowserSession(http), bars

    def origin(self, dataset: Dataset) -> str:
        """Return what reports call its data."""
        kinds = {"prices": "daily prices", "series": "shares outstanding"}
        return f"Yahoo Finance {kinds.get(dataset, f'{self._bars} bars')}"

    def subjects(
        self, universe: Universe, dataset: Dataset, members: tuple[str, ...]
    ) -> dict[str, bool]:
        """Return the universe's own series, for daily prices then the members."""
        sectors = [sector.ticker for sector in universe.sectors]
        if dataset == "series":
            return {} if universe.built_from_members else dict.fromkeys(sectors, False)
        marks = [mark.ticker for mark in universe.benchmarks if mark.ticker]
        default = universe.benchmark.ticker
        own = {} if universe.built_from_members else dict.fromkeys(sectors, True)
        own |= {mark: mark == default for mark in marks}
        listed = members if dataset == "prices" else ()
        return own | {name: False for name in listed if name not in own}

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
        """Yield one answer a ticker; see `Upstream.fetch`."""
        since = max(since, FIRST)
        if dataset == "intraday":
            since = max(since, until - timedelta(days=REACH_DAYS[self._bars]))
        for symbol in symbols:
            tell(symbol)
            self._session.about(symbol)
            try:
                with _told_apart(symbol):
                    rows, problem = self._rows(universe, dataset, symbol, since), None
            except (UnknownSymbolError, EmptyAnswerError) as error:
                rows, problem = empty_frame(dataset), error
            kept = rows[rows["period"] < pd.Timestamp(until + timedelta(days=1))]
            yield Fetched(symbol, dataset, kept, self._session.sha256(), problem)

    def _rows(self, universe: Universe, dataset: Dataset, symbol: str, since: date) -> pd.DataFrame:
        ticker = yfinance.Ticker(symbol, session=self._session)
        if dataset != "series":
            return self._bar_rows(ticker, universe, dataset, since)
        sectors = {sector.ticker: sector.id for sector in universe.sectors}
        counts = ticker.get_shares_full(start=since.isoformat())
        if counts is None or counts.empty:
            raise EmptyAnswerError("Yahoo Finance", symbol, "shares outstanding")
        return share_rows(counts, sectors[symbol])

    def _bar_rows(
        self, ticker: yfinance.Ticker, universe: Universe, dataset: Dataset, since: date
    ) -> pd.DataFrame:
        daily, symbol = dataset == "prices", str(ticker.ticker)
        frame = ticker.history(
            start=since.isoformat(),
            interval="1d" if daily else self._bars,
            auto_adjust=False,
            actions=True,
        )
        told = ticker.history_metadata
        if told["symbol"] != symbol:
            raise UnknownSymbolError("Yahoo Finance", symbol, _plain(told["symbol"]))
        if frame.empty:
            raise EmptyAnswerError("Yahoo Finance", symbol, dataset)
        missing = [name for name in COLUMNS if name not in frame.columns]
        if missing:
            raise ChangedShapeError("Yahoo Finance", f"its bars have no {', '.join(missing)}")
        return bar_rows(
            frame,
            symbol,
            universe,
            currency=str(told["currency"]),
            bar=None if daily else BAR[self._bars],
        )


@contextmanager
def _told_apart(symbol: str) -> Iterator[None]:
    """Turn what yfinance raises, or lets through, into our errors; its own warnings are its own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except YFRateLimitError as error:
        raise RateLimitedError("Yahoo Finance") from error
    except YFTickerMissingError as error:
        raise EmptyAnswerError("Yahoo Finance", symbol, "data in this span") from error
    except ChangedShapeError as error:
        if error.status in NOT_THERE:
            raise EmptyAnswerError("Yahoo Finance", symbol, "data in this span") from error
        raise
    except (YFException, *_MISREAD) as error:
        raise ChangedShapeError("Yahoo Finance", "yfinance cannot read its answer") from error


def _plain(name: object) -> str | None:
    """Return a ticker as told, if it is one."""
    text = str(name)
    allowed = text.replace("-", "").replace(".", "").replace("^", "")
    return text if allowed.isalnum() and allowed.isascii() and len(text) <= 16 else None
