from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pandas as pd
import pytest
from pydantic import SecretStr

from app.files.universes import load_universes
from core.records.result import Dataset
from core.records.universe import Universe
from tests.servers.loopback import Fault
from tests.servers.ssi import Account, Day, SsiServer
from tools.upstream.errors import (
    ChangedShapeError,
    EmptyAnswerError,
    RateLimitedError,
    UnauthorisedError,
    UnavailableError,
)
from tools.upstream.http import Clock, Http
from tools.upstream.protocol import Fetched
from tools.upstream.ssi import SsiUpstream
from tools.upstream.wire import Manners

DAYS = [stamp.date() for stamp in pd.bdate_range("2024-04-01", "2024-06-28")]
UNTIL, EX_DAY = DAYS[-1], date(2024, 6, 3)
CLIENT, SECRET = "c" * 32, "s" * 32
Fetch = Callable[..., Fetched]


def _stock() -> dict[date, Day]:
    """A stock at 60,000 VND that loses a third on an ex-day and trades 5 % above the reference."""
    days, before = {}, 60_000.0
    for day in DAYS:
        reference = 40_000.0 if day == EX_DAY else before
        close = 42_000.0 if day == EX_DAY else before
        days[day] = Day(close, reference, 1e5, 2.5e9, 30e9, 10e9)
        before = close
    return days


@pytest.fixture
def ssi() -> Iterator[SsiServer]:
    index = {day: Day(1200.0 + place, 0.0, 8e8, 1e12) for place, day in enumerate(DAYS)}
    upcom = {}
    for place, day in enumerate(DAYS):
        level = 10_000.0 if day >= EX_DAY else 20_000.0
        upcom[day] = Day(level + 100 * (place % 7), level + 90 * (place % 5))
    server = SsiServer({"FPT": _stock(), "UPC": upcom}, {"VNINDEX": index}, Account(CLIENT, SECRET))
    with server.serving():
        yield server


@pytest.fixture(scope="module")
def vn() -> Universe:
    return load_universes()["vn"]


@pytest.fixture
def upstream_of(ssi: SsiServer, quick: Manners) -> Callable[[str], SsiUpstream]:
    def one(secret: str = SECRET) -> SsiUpstream:
        http = Http("SSI", ssi.base_url, manners=quick, clock=Clock(sleep=lambda seconds: None))
        return SsiUpstream(http, consumer_id=SecretStr(CLIENT), secret=SecretStr(secret))

    return one


@pytest.fixture
def fetch(upstream_of: Callable[[str], SsiUpstream], vn: Universe) -> Fetch:
    upstream = upstream_of(SECRET)

    def one(symbol: str, dataset: Dataset = "prices", since: date = DAYS[0]) -> Fetched:
        (answer,) = upstream.fetch(
            vn, dataset, symbols=(symbol,), since=since, until=UNTIL, tell=lambda what: None
        )
        return answer

    return one


def test_stocks_are_told_in_thousand_vnd_shares_and_billions(fetch: Fetch) -> None:
    rows = fetch("FPT").rows
    first = rows.iloc[0]
    assert len(rows) == len(DAYS)
    assert (first["close"], first["volume"]) == (60.0, 1e5)
    assert first["value_bn"] == pytest.approx(60_000 * 1e5 / 1e9)
    assert first["put_through_bn"] == pytest.approx(2.5)
    assert rows["adj_close"].isna().all()
    assert (rows["known_at"] == rows["period"]).all()


def test_prices_already_in_thousand_vnd_are_seen_from_the_money_traded(
    fetch: Fetch, ssi: SsiServer
) -> None:
    ssi.price_unit = 0.001
    assert fetch("FPT").rows["close"].iloc[0] == pytest.approx(60.0)


def test_prices_in_no_unit_that_fits_are_refused(fetch: Fetch, ssi: SsiServer) -> None:
    ssi.price_unit = 0.03
    with pytest.raises(ChangedShapeError, match="do not fit"):
        fetch("FPT")


def test_an_ex_days_reference_price_makes_the_exchanges_own_return(fetch: Fetch) -> None:
    rows = fetch("FPT").rows.set_index("period")
    splits = rows["split"].dropna()
    assert splits.to_dict() == {pd.Timestamp(EX_DAY): pytest.approx(1.5)}
    at = rows.index.to_list().index(pd.Timestamp(EX_DAY))
    gained = rows["close"].iloc[at] * 1.5 / rows["close"].iloc[at - 1] - 1.0
    assert gained == pytest.approx(0.05)


def test_an_ex_day_on_the_first_day_asked_for_is_seen_too(fetch: Fetch) -> None:
    rows = fetch("FPT", since=EX_DAY).rows
    assert rows["period"].iloc[0] == pd.Timestamp(EX_DAY)
    assert rows["split"].iloc[0] == pytest.approx(1.5)


def test_where_days_begin_at_an_average_only_a_large_step_counts(fetch: Fetch) -> None:
    splits = fetch("UPC").rows.set_index("period")["split"].dropna()
    assert list(splits.index) == [pd.Timestamp(EX_DAY)]


def test_indices_are_points_and_their_money_billions(fetch: Fetch) -> None:
    rows = fetch("VNINDEX").rows
    assert rows["close"].tolist()[:2] == [1200.0, 1201.0]
    assert rows["value_bn"].iloc[0] == pytest.approx(16_000.0)
    assert rows["put_through_bn"].iloc[0] == pytest.approx(1_000.0)
    assert rows["open"].isna().all()


def test_foreign_trading_is_money_bought_and_sold(fetch: Fetch) -> None:
    rows = fetch("FPT", "flows").rows
    assert set(rows["investor"]) == {"foreign"}
    assert rows["buy_bn"].iloc[0] == pytest.approx(30.0)
    assert rows["sell_bn"].iloc[0] == pytest.approx(10.0)
    assert rows["own_pct"].isna().all()


def test_prices_and_flows_of_one_sync_are_one_answer(fetch: Fetch, ssi: SsiServer) -> None:
    fetch("FPT")
    asked = len(ssi.requests)
    fetch("FPT", "flows")
    assert len(ssi.requests) == asked
    assert ssi.account.issued == 1


def test_no_request_spans_more_than_thirty_days_and_all_pages_are_read(
    fetch: Fetch, ssi: SsiServer
) -> None:
    rows = fetch("FPT").rows
    assert rows["period"].is_monotonic_increasing
    assert rows["period"].is_unique
    assert {query["pageIndex"] for query in ssi.asked_for} == {"1", "2", "3"}


def test_a_year_without_rows_ends_the_way_back(fetch: Fetch, ssi: SsiServer) -> None:
    assert len(fetch("FPT", since=date(1776, 7, 4)).rows) == len(DAYS)
    oldest = min(query["fromDate"][-4:] for query in ssi.asked_for)
    assert oldest == "2023"


def test_a_stock_without_days_is_a_problem_of_its_own(fetch: Fetch) -> None:
    assert isinstance(fetch("NOPE").problem, EmptyAnswerError)


def test_a_worn_out_token_is_renewed_once(fetch: Fetch, ssi: SsiServer) -> None:
    ssi.account.uses = 4
    assert len(fetch("FPT").rows) == len(DAYS)
    assert ssi.account.issued > 1
    ssi.account.uses = 0
    with pytest.raises(UnauthorisedError):
        fetch("UPC")


def test_wrong_keys_name_the_settings_and_never_themselves(
    upstream_of: Callable[[str], SsiUpstream], vn: Universe
) -> None:
    with pytest.raises(UnauthorisedError, match="SECTORWISE_SSI_SECRET") as refused:
        list(
            upstream_of("wrong-secret").fetch(
                vn, "prices", symbols=("FPT",), since=UNTIL, until=UNTIL, tell=lambda what: None
            )
        )
    assert "wrong-secret" not in str(refused.value)
    assert "wrong-secret" not in repr(upstream_of("wrong-secret"))


@pytest.mark.parametrize(
    ("fault", "error"),
    [("429_long", RateLimitedError), ("html", UnavailableError), ("nan", ChangedShapeError)],
)
def test_faults_are_told_apart(
    fetch: Fetch, ssi: SsiServer, fault: Fault, error: type[Exception]
) -> None:
    ssi.faulty, ssi.faults = "DailyStockPrice", [fault]
    with pytest.raises(error):
        fetch("FPT")


def test_renamed_fields_and_unknown_statuses_are_a_changed_shape(
    fetch: Fetch, ssi: SsiServer
) -> None:
    ssi.close_name = "Closeprice"
    assert len(fetch("FPT").rows) == len(DAYS)
    ssi.close_name = "Close"
    with pytest.raises(ChangedShapeError):
        fetch("UPC")
    ssi.close_name, ssi.status = "ClosePrice", "Maintenance"
    with pytest.raises(ChangedShapeError):
        fetch("VNINDEX")


def test_only_vietnam_is_asked_about_and_only_its_stocks_for_flows(
    upstream_of: Callable[[str], SsiUpstream], vn: Universe, us: Universe
) -> None:
    upstream, hose = upstream_of(SECRET), load_universes()["vn_hose"]
    prices = upstream.subjects(vn, "prices", ("FPT",))
    assert prices == {"VNINDEX": False, "VN30": False, "FPT": False}
    assert upstream.subjects(vn, "flows", ("FPT",)) == {"FPT": False}
    assert upstream.subjects(hose, "flows", ("FPT",)) == {}
    assert upstream.subjects(us, "prices", ("AAPL",)) == {}
    sectors = upstream.subjects(hose, "prices", ())
    assert sectors["VNFIN"]
    assert sectors["VNINDEX"]
    assert not sectors["VN30"]


def test_a_later_run_asks_only_for_what_is_new(fetch: Fetch, ssi: SsiServer) -> None:
    rows = fetch("FPT", since=UNTIL - timedelta(days=10)).rows
    assert rows["period"].min() >= pd.Timestamp(UNTIL - timedelta(days=10))
    assert len({query["fromDate"] for query in ssi.asked_for}) == 2
