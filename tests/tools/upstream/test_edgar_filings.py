import re
from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd
import pytest

from core.records.universe import Universe
from tests.servers.edgar import EdgarServer, Filer, Submission, holding, table
from tools.upstream.edgar import EdgarUpstream
from tools.upstream.errors import ChangedShapeError, UnknownSymbolError
from tools.upstream.http import Clock, Http
from tools.upstream.protocol import Fetched
from tools.upstream.wire import Manners

CIK, EVER = 1067983, date(1776, 7, 4)
HELD = re.compile(rb"<cusip>(\w+)</cusip><value>(\d+)</value>.*?<sshPrnamt>(\d+)<", re.DOTALL)
Fetch = Callable[..., Fetched]


def _read(xml: bytes, period: date) -> pd.DataFrame:
    """Read what the stand-in writes, values in dollars, a CUSIP of noughts being unknown."""
    rows = [(key.decode(), float(count), float(value)) for key, value, count in HELD.findall(xml)]
    told = pd.DataFrame(rows, columns=["symbol", "shares", "value_bn"])
    known = told["symbol"].where(told["symbol"] != "000000000")
    return told.assign(symbol=known.astype("str"), value_bn=told["value_bn"] * 1e-9)


def _submissions() -> list[Submission]:
    first = table(holding("AAPL", 100, 20_000), holding("KO", 50, 3_000), holding("KO", 5, 300))
    classes = table(holding("BRKB", 3, 1_200), holding("GEFB", 1, 70))
    second = table(holding("AAPL", 80, 17_000), holding("000000000", 1, 10))
    more = table(holding("OXY", 7, 400), holding("AAPL", 20, 4_250))
    anew = table(holding("AAPL", 100, 21_250))
    return [
        Submission("0000000001-12-000001", "2012-12-31", "2013-02-14", first),
        Submission("0000000001-24-000001", "2024-03-31", "2024-05-15", first),
        Submission("0000000001-24-000009", "2023-12-31", "2024-02-14", classes),
        Submission("0000000001-24-000002", "2024-06-30", "2024-08-14", second),
        Submission(
            "0000000001-24-000003", "2024-06-30", "2024-09-02", more, "13F-HR/A", "NEW HOLDINGS"
        ),
        Submission(
            "0000000001-24-000004", "2024-06-30", "2024-10-01", anew, "13F-HR/A", "RESTATEMENT"
        ),
    ]


@pytest.fixture
def edgar() -> Iterator[EdgarServer]:
    filer = Filer(_submissions(), recent_from="2024-06-01")
    server = EdgarServer({"BRK-B": CIK, "GEF-B": 2, "GEFB": 3}, {}, {CIK: filer})
    with server.serving():
        yield server


@pytest.fixture
def fetch(edgar: EdgarServer, us: Universe, quick: Manners) -> Fetch:
    http = Http("SEC EDGAR", edgar.base_url, manners=quick, clock=Clock(sleep=lambda seconds: None))
    managers = {"Berkshire Hathaway": CIK, "Nobody": 9}
    upstream = EdgarUpstream(http, http, managers=managers, table=_read)

    def one(
        manager: str = "Berkshire Hathaway", since: date = EVER, until: date = date(2024, 12, 31)
    ) -> Fetched:
        (answer,) = upstream.fetch(
            us, "positions", symbols=(manager,), since=since, until=until, tell=lambda what: None
        )
        return answer

    return one


def _held(rows: pd.DataFrame, filed: str) -> dict[str, float]:
    chosen = rows[rows["known_at"] == pd.Timestamp(filed)]
    return dict(zip(chosen["symbol"], chosen["shares"], strict=True))


def test_holdings_are_known_from_their_filing_on_and_lines_of_a_symbol_add_up(fetch: Fetch) -> None:
    rows = fetch().rows
    first = rows[rows["known_at"] == pd.Timestamp("2024-05-15")]
    assert _held(rows, "2024-05-15") == {"AAPL": 100.0, "KO": 55.0}
    assert set(first["period"]) == {pd.Timestamp("2024-03-31")}
    assert first.set_index("symbol")["value_bn"]["KO"] == pytest.approx(3.3e-6)
    assert not rows["assumed"].any()


def test_an_amendment_adds_to_the_holdings_it_amends(fetch: Fetch) -> None:
    assert _held(fetch().rows, "2024-09-02") == {"AAPL": 100.0, "OXY": 7.0}


def test_an_amendment_that_tells_all_anew_ends_what_it_leaves_out(fetch: Fetch) -> None:
    rows = fetch().rows
    late = rows[(rows["known_at"] == pd.Timestamp("2024-10-01")) & rows["symbol"].notna()]
    assert dict(zip(late["symbol"], late["shares"], strict=True)) == {"OXY": 0.0}


def test_classes_of_shares_are_written_as_they_are_listed(fetch: Fetch) -> None:
    assert _held(fetch().rows, "2024-02-14") == {"BRK-B": 3.0, "GEFB": 1.0}


def test_a_holding_without_a_symbol_stays_a_row_without_one(fetch: Fetch) -> None:
    rows = fetch().rows
    august = rows[rows["known_at"] == pd.Timestamp("2024-08-14")]
    assert august["symbol"].isna().sum() == 1


def test_filings_before_the_tables_were_in_xml_are_not_asked_for(
    fetch: Fetch, edgar: EdgarServer
) -> None:
    fetch()
    filings = [asked.path for asked in edgar.requests if asked.path.startswith("/Archives")]
    assert len(filings) == 5
    assert not any("0000000001-12-000001" in path for path in filings)


def test_later_only_the_quarters_filed_about_since_are_asked_for(
    fetch: Fetch, edgar: EdgarServer
) -> None:
    rows = fetch(since=date(2024, 9, 20)).rows
    assert set(rows["known_at"]) == {pd.Timestamp("2024-10-01")}
    filings = [asked.path[-24:-4] for asked in edgar.requests if "Archives" in asked.path]
    assert filings == [item.number for item in _submissions()[3:]]


def test_what_was_filed_after_the_last_day_asked_for_is_not_told(fetch: Fetch) -> None:
    assert fetch(until=date(2024, 8, 31)).rows["known_at"].max() == pd.Timestamp("2024-08-14")


def test_an_unknown_manager_is_a_problem_of_its_own(fetch: Fetch) -> None:
    assert isinstance(fetch("Nobody").problem, UnknownSymbolError)


def test_a_filing_number_that_leads_elsewhere_is_refused(fetch: Fetch, edgar: EdgarServer) -> None:
    edgar.managers[CIK].submissions[-1].number = "../../../latest"
    with pytest.raises(ChangedShapeError):
        fetch()
