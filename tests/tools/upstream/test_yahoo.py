from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from core.records.universe import Universe
from tests.servers.loopback import Fault
from tests.servers.yahoo import Listing, YahooServer
from tools.upstream.errors import (
    ChangedShapeError,
    EmptyAnswerError,
    RateLimitedError,
    UnauthorisedError,
    UnavailableError,
    UnknownSymbolError,
    UpstreamError,
)
from tools.upstream.http import Clock, Http
from tools.upstream.protocol import Fetched
from tools.upstream.wire import Manners
from tools.upstream.yahoo import YahooUpstream

NEW_YORK = ZoneInfo("America/New_York")
DAYS = [stamp.date() for stamp in pd.bdate_range("2024-05-01", "2024-06-28")]
EX_DIVIDEND, EX_SPLIT = date(2024, 6, 3), date(2024, 6, 10)
EVENING = datetime(2024, 6, 28, 18, 0, tzinfo=NEW_YORK)

Fetch = Callable[..., Fetched]


def _listing(**changes: object) -> Listing:
    listing = Listing({day: 100.0 + place for place, day in enumerate(DAYS)})
    for name, value in changes.items():
        setattr(listing, name, value)
    return listing


@pytest.fixture
def yahoo() -> Iterator[YahooServer]:
    listings = {
        "XLK": _listing(dividends={EX_DIVIDEND: 0.5}, splits={EX_SPLIT: 2.0}),
        "XLF": _listing(shares={date(2024, 6, 3): 1e6, date(2024, 6, 4): 1.1e6}),
        "XLE": _listing(currency="GBp"),
        "XLV": _listing(currency="EUR"),
        "XLI": _listing(answers_as="NEW"),
    }
    server = YahooServer(listings, EVENING, "America/New_York")
    with server.serving():
        yield server


@pytest.fixture
def fetch(yahoo: YahooServer, tmp_path: Path, us: Universe, quick: Manners) -> Fetch:
    http = Http(
        "Yahoo Finance", yahoo.base_url, manners=quick, clock=Clock(sleep=lambda seconds: None)
    )
    upstream = YahooUpstream(http, folder=tmp_path / "yfinance")

    def one(symbol: str, dataset: str = "prices", until: date = DAYS[-1]) -> Fetched:
        (answer,) = upstream.fetch(
            us,
            dataset,  # type: ignore[arg-type]  # one of the data sets
            symbols=(symbol,),
            since=DAYS[0],
            until=until,
            tell=lambda what: None,
        )
        return answer

    return one


def test_prices_are_those_of_the_day_whatever_was_split_since(fetch: Fetch) -> None:
    rows = fetch("XLK").rows.set_index("period")
    assert rows["close"].tolist() == pytest.approx([100.0 + i for i in range(len(DAYS))])
    assert rows["volume"].tolist() == pytest.approx([1e6] * len(DAYS))
    assert rows["dividend"].loc[pd.Timestamp(EX_DIVIDEND)] == pytest.approx(0.5)
    assert rows["split"].loc[pd.Timestamp(EX_SPLIT)] == 2.0
    assert (rows["dividend"] > 0).sum() == (rows["split"] > 0).sum() == 1
    assert rows["adj_close"].isna().all()


def test_a_split_changes_no_row_of_before(fetch: Fetch, yahoo: YahooServer) -> None:
    yahoo.now = datetime(2024, 6, 7, 18, 0, tzinfo=NEW_YORK)
    before = fetch("XLK").rows
    yahoo.now = EVENING
    after = fetch("XLK").rows
    pd.testing.assert_frame_equal(before, after.iloc[: len(before)])


def test_a_bar_without_a_close_leaves_its_split_and_dividend_to_the_next(
    fetch: Fetch, yahoo: YahooServer
) -> None:
    closes = {day: 100.0 if day < EX_SPLIT else 50.0 for day in DAYS}
    after = DAYS[DAYS.index(EX_SPLIT) + 1]
    yahoo.listings["XLK"] = Listing(
        closes | {EX_SPLIT: float("nan")},
        dividends={EX_SPLIT: 2.0, after: 0.5},
        splits={EX_SPLIT: 2.0},
    )
    rows = fetch("XLK").rows.set_index("period")
    assert pd.Timestamp(EX_SPLIT) not in rows.index
    assert rows["close"].tolist() == [closes[day] for day in DAYS if day != EX_SPLIT]
    assert rows["split"].loc[pd.Timestamp(after)] == 2.0
    assert rows["dividend"].loc[pd.Timestamp(after)] == pytest.approx(2.0 + 2.0 * 0.5)
    assert (rows["dividend"] > 0).sum() == (rows["split"] > 0).sum() == 1


def test_daily_rows_carry_the_exchanges_own_date_and_money(fetch: Fetch) -> None:
    rows = fetch("XLK").rows
    assert [stamp.date() for stamp in rows["period"]] == DAYS
    assert rows["known_at"].equals(rows["period"])
    assert rows["value_bn"].iloc[0] == pytest.approx(100.0 * 1e6 * 1e-9)


def test_quotes_in_another_currency_or_in_pence_make_no_money(fetch: Fetch) -> None:
    assert fetch("XLE").rows["value_bn"].isna().all()
    assert fetch("XLV").rows["value_bn"].isna().all()


def test_days_after_the_asked_one_are_left_out(fetch: Fetch) -> None:
    assert fetch("XLK", until=date(2024, 6, 27)).rows["period"].max() == pd.Timestamp("2024-06-27")


def test_intraday_bars_are_local_and_known_at_their_end(fetch: Fetch, yahoo: YahooServer) -> None:
    rows = fetch("XLK", "intraday", until=DAYS[-1]).rows
    first = rows[rows["period"] >= pd.Timestamp("2024-06-10")].iloc[0]
    assert first["period"] == pd.Timestamp("2024-06-10 09:30")
    assert first["known_at"] == pd.Timestamp("2024-06-10 09:45")
    day = rows[rows["period"].dt.normalize() == pd.Timestamp("2024-06-07")]
    assert len(day) == 26
    assert day["close"].iloc[0] == pytest.approx(100.0 + DAYS.index(date(2024, 6, 7)))


def test_shares_outstanding_are_a_series_of_the_sector_known_a_day_later(fetch: Fetch) -> None:
    rows = fetch("XLF", "series").rows
    assert rows["series"].unique().tolist() == ["shares_outstanding"]
    assert rows["subject"].unique().tolist() == ["financials"]
    assert rows["value"].tolist() == [1e6, 1.1e6]
    assert rows["known_at"].iloc[0] == pd.Timestamp("2024-06-04")
    assert rows["assumed"].all()


def test_a_renamed_ticker_gives_no_rows_and_its_new_name(fetch: Fetch) -> None:
    answer = fetch("XLI")
    assert answer.rows.empty
    assert isinstance(answer.problem, UnknownSymbolError)
    assert answer.problem.renamed_to == "NEW"


def test_a_forgotten_ticker_is_unknown_and_an_empty_frame_is_empty(
    fetch: Fetch, yahoo: YahooServer
) -> None:
    assert isinstance(fetch("GONE").problem, UnknownSymbolError)
    yahoo.listings["XLB"] = _listing(closes={date(2025, 1, 2): 1.0})
    assert isinstance(fetch("XLB").problem, EmptyAnswerError)
    assert isinstance(fetch("XLB", "series").problem, EmptyAnswerError)


@pytest.mark.parametrize("lost", ["close", "volume", "open"])
def test_lost_columns_are_a_changed_shape_and_store_nothing(
    fetch: Fetch, yahoo: YahooServer, lost: str
) -> None:
    yahoo.columns.remove(lost)
    with pytest.raises(ChangedShapeError):
        fetch("XLK")


FAULTS: list[tuple[Fault, type[UpstreamError]]] = [
    ("500", UnavailableError),
    ("429", RateLimitedError),
    ("429_long", RateLimitedError),
    ("401", UnauthorisedError),
    ("html", UnavailableError),
    ("bad_json", ChangedShapeError),
    ("hang", UnavailableError),
    ("cut", UnavailableError),
    ("other_host", ChangedShapeError),
    ("empty_body", ChangedShapeError),
]


@pytest.mark.parametrize(
    ("fault", "kind"), [*FAULTS, pytest.param("drip", UnavailableError, marks=pytest.mark.prove)]
)
def test_a_failing_yahoo_is_told_by_kind(
    fetch: Fetch, yahoo: YahooServer, fault: Fault, kind: type[UpstreamError]
) -> None:
    yahoo.faulty, yahoo.faults = "/chart/", [fault] * 9
    with pytest.raises(UpstreamError) as caught:
        fetch("XLK")
    assert type(caught.value) is kind


def test_one_refusal_is_answered_by_new_cookies(fetch: Fetch, yahoo: YahooServer) -> None:
    fetch("XLK")
    yahoo.faulty, yahoo.faults = "/chart/", ["401"]
    assert len(fetch("XLK").rows) == len(DAYS)


def test_without_cookies_data_are_still_fetched(fetch: Fetch, yahoo: YahooServer) -> None:
    yahoo.faulty, yahoo.faults = "getcrumb", ["429"] * 9
    assert len(fetch("XLK").rows) == len(DAYS)
