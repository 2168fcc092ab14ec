"""An American market for the stand-in of Yahoo: sector funds with prices drawn once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from app.files.universes import load_universes
from core.markets.sessions import is_session
from tests.servers.yahoo import Listing, YahooServer

NEW_YORK = ZoneInfo("America/New_York")
US = load_universes()["us"]
TICKERS = (*(sector.ticker for sector in US.sectors), "SPY", "RSP")
SESSIONS = tuple(
    stamp.date()
    for stamp in pd.bdate_range("2023-01-02", "2024-06-28")
    if is_session(US, stamp.date())
)
EX_DIVIDEND, EX_SPLIT = date(2024, 6, 24), date(2024, 6, 25)


def evening(day: date) -> datetime:
    """Return two hours after the close."""
    return datetime(day.year, day.month, day.day, 18, 0, tzinfo=NEW_YORK)


@contextmanager
def yahoo_market() -> Iterator[tuple[YahooServer, dict[str, str]]]:
    """Yield the server on the evening of the last session, and the settings that point at it."""
    random = np.random.Generator(np.random.PCG64(7))
    listings = {}
    for name in TICKERS:
        path = 100.0 * np.exp(np.cumsum(random.normal(0.0003, 0.01, len(SESSIONS))))
        listings[name] = Listing(dict(zip(SESSIONS, path.round(2).tolist(), strict=True)))
    listings["XLK"].dividends[EX_DIVIDEND] = 0.75
    listings["XLF"].splits[EX_SPLIT] = 2.0
    listings["XLK"].shares = {date(2024, 6, 3): 3.0e8, date(2024, 6, 20): 3.1e8}
    server = YahooServer(listings, evening(SESSIONS[-1]), "America/New_York")
    with server.serving() as url:
        yield (
            server,
            {
                "SECTORWISE_SOURCE_URLS": json.dumps({"yahoo": url}),
                "SECTORWISE_SOURCE_PAUSE_SECONDS": "0",
            },
        )
