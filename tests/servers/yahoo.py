"""A stand-in for Yahoo's chart and share-count endpoints, with the traits that mislead readers.

Prices, volumes and dividends are adjusted for every split up to its `now`, as Yahoo's are; the
running session is answered as a row like any other; names can be renamed or forgotten.
"""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.servers.loopback import Asked, LoopbackServer, Reply, as_json

OPEN, CLOSE = time(9, 30), time(16, 0)
CHART = "/v8/finance/chart/"
SHARES = "/ws/fundamentals-timeseries/v1/finance/timeseries/"


@dataclass(slots=True)
class Listing:
    """One ticker: raw closes by day, dividends and splits by ex-date, share counts by day."""

    closes: dict[date, float]
    dividends: dict[date, float] = field(default_factory=dict)
    splits: dict[date, float] = field(default_factory=dict)
    shares: dict[date, float] = field(default_factory=dict)
    currency: str = "USD"
    answers_as: str = ""
    volume: float = 1_000_000.0


class YahooServer(LoopbackServer):
    """Tickers as Yahoo tells them at `now`."""

    def __init__(self, listings: dict[str, Listing], now: datetime, zone: str) -> None:
        super().__init__()
        self.listings, self.now, self.zone = listings, now, ZoneInfo(zone)
        self.columns = ["open", "high", "low", "close", "volume"]

    @property
    def charts(self) -> list[tuple[str, dict[str, str]]]:
        """Ticker and query of each request for bars; the look-ups of time zones left out."""
        return [
            (asked.path.removeprefix(CHART), asked.query)
            for asked in self.requests
            if asked.path.startswith(CHART) and "period1" in asked.query
        ]

    def answer(self, asked: Asked) -> Reply:
        """Return what Yahoo would."""
        if asked.path.startswith(CHART):
            return self._chart(asked.path.removeprefix(CHART), asked.query)
        if asked.path.startswith(SHARES):
            return self._shares(asked.path.removeprefix(SHARES), asked.query)
        if asked.path.endswith("getcrumb"):
            return Reply(b"crumb")
        return Reply(b"not found", 404)

    def _chart(self, ticker: str, query: dict[str, str]) -> Reply:
        listing = self.listings.get(ticker)
        if listing is None:
            error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
            return as_json({"chart": {"result": None, "error": error}}, 404)
        bars = self._bars(listing, query["interval"])
        first = int(query.get("period1", int(self.now.timestamp()) - 86_400))
        last = int(query.get("period2", int(self.now.timestamp())))
        bars = [bar for bar in bars if first <= bar[0] < last]
        quote = {name: [_told(bar[1][name]) for bar in bars] for name in self.columns}
        result = {
            "meta": self._meta(ticker, listing, query["interval"]),
            "timestamp": [bar[0] for bar in bars],
            "events": self._events(listing, first, last),
            "indicators": {"quote": [quote], "adjclose": [{"adjclose": quote.get("close", [])}]},
        }
        if not bars:
            del result["timestamp"]
            result["indicators"] = {"quote": [{}], "adjclose": [{}]}
        return as_json({"chart": {"result": [result], "error": None}})

    def _bars(self, listing: Listing, interval: str) -> list[tuple[int, dict[str, float]]]:
        bars = []
        for day, raw in sorted(listing.closes.items()):
            later = self._later(listing, day)
            for start in self._starts(day, interval):
                if start > self.now:
                    continue
                close = raw / later
                bars.append(
                    (
                        int(start.timestamp()),
                        {
                            "open": close,
                            "high": close * 1.01,
                            "low": close * 0.99,
                            "close": close,
                            "volume": listing.volume * later,
                        },
                    )
                )
        return bars

    def _starts(self, day: date, interval: str) -> list[datetime]:
        opens = datetime.combine(day, OPEN, self.zone)
        if interval == "1d":
            return [opens]
        step = timedelta(minutes=15) if interval == "15m" else timedelta(hours=1)
        closes = datetime.combine(day, CLOSE, self.zone)
        return [opens + i * step for i in range(30) if opens + i * step < closes]

    def _later(self, listing: Listing, day: date) -> float:
        product = 1.0
        for ex, ratio in listing.splits.items():
            if day < ex <= self.now.date():
                product *= ratio
        return product

    def _events(self, listing: Listing, first: int, last: int) -> dict[str, object]:
        def stamps(days: dict[date, float]) -> list[tuple[int, date]]:
            told = [(int(datetime.combine(d, OPEN, self.zone).timestamp()), d) for d in days]
            now = self.now.timestamp()
            return [(stamp, d) for stamp, d in told if first <= stamp < last and stamp <= now]

        dividends = {
            str(stamp): {"amount": listing.dividends[d] / self._later(listing, d), "date": stamp}
            for stamp, d in stamps(listing.dividends)
        }
        splits = {
            str(stamp): {
                "date": stamp,
                "numerator": listing.splits[d],
                "denominator": 1.0,
                "splitRatio": f"{listing.splits[d]:g}:1",
            }
            for stamp, d in stamps(listing.splits)
        }
        return {"dividends": dividends, "splits": splits}

    def _meta(self, ticker: str, listing: Listing, interval: str) -> dict[str, object]:
        day = self.now.astimezone(self.zone).date()
        session = {
            "timezone": "EST",
            "start": int(datetime.combine(day, OPEN, self.zone).timestamp()),
            "end": int(datetime.combine(day, CLOSE, self.zone).timestamp()),
            "gmtoffset": -18_000,
        }
        days = sorted(listing.closes)
        periods = [
            [
                {
                    **session,
                    "start": int(datetime.combine(d, OPEN, self.zone).timestamp()),
                    "end": int(datetime.combine(d, CLOSE, self.zone).timestamp()),
                }
            ]
            for d in days
        ]
        intraday = {} if interval == "1d" else {"tradingPeriods": periods}
        return {
            "currency": listing.currency,
            "symbol": listing.answers_as or ticker,
            "exchangeName": "PCX",
            "instrumentType": "ETF",
            "firstTradeDate": int(datetime.combine(days[0], OPEN, self.zone).timestamp()),
            "regularMarketTime": int(self.now.timestamp()),
            "gmtoffset": -18_000,
            "timezone": "EST",
            "exchangeTimezoneName": str(self.zone),
            "priceHint": 2,
            "currentTradingPeriod": {"pre": session, "regular": session, "post": session},
            "dataGranularity": interval,
            "range": "",
            "validRanges": ["1d", "5d", "1mo", "max"],
            **intraday,
        }

    def _shares(self, ticker: str, query: dict[str, str]) -> Reply:
        listing = self.listings.get(ticker)
        meta = {"symbol": [ticker], "type": ["shares_out"]}
        first, last = int(query["period1"]), int(query["period2"])
        told = [
            (int(datetime.combine(d, OPEN, self.zone).timestamp()), count)
            for d, count in sorted((listing.shares if listing else {}).items())
        ]
        told = [(stamp, count) for stamp, count in told if first <= stamp <= last]
        result: dict[str, object] = {"meta": meta}
        if told:
            result["timestamp"] = [stamp for stamp, _ in told]
            result["shares_out"] = [count for _, count in told]
        return as_json({"timeseries": {"result": [result], "error": None}})


def _told(value: float) -> float | None:
    """Return null for what Yahoo has no value of."""
    return None if math.isnan(value) else value
