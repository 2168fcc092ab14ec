from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd
import pytest

from core.records.universe import Universe
from tests.servers.edgar import EdgarServer, Fact, fact
from tools.upstream.edgar import EdgarUpstream
from tools.upstream.errors import (
    ChangedShapeError,
    EmptyAnswerError,
    UnauthorisedError,
    UnavailableError,
    UnknownSymbolError,
)
from tools.upstream.http import Clock, Http
from tools.upstream.protocol import Fetched
from tools.upstream.wire import Manners

UNTIL = date(2025, 12, 31)
Fetch = Callable[..., Fetched]


def _quarters() -> list[Fact]:
    """Sales of 10, 11 and 12, then a year of 50; the year before is told anew a year later."""
    return [
        fact("2024-01-01", "2024-03-31", 10e9, "2024-05-02"),
        fact("2024-04-01", "2024-06-30", 11e9, "2024-08-01"),
        fact("2024-01-01", "2024-06-30", 21e9, "2024-08-01"),
        fact("2024-07-01", "2024-09-30", 12e9, "2024-10-31"),
        fact("2024-01-01", "2024-09-30", 33e9, "2024-10-31"),
        fact("2024-01-01", "2024-12-31", 50e9, "2025-02-06", "10-K"),
        fact("2024-01-01", "2024-03-31", 9.5e9, "2025-05-01"),
        fact("2024-04-01", "2024-06-30", 11e9, "2025-07-31"),
        fact("2024-01-01", "2024-12-31", 99e9, "2025-02-05", "8-K"),
    ]


def _cash() -> list[Fact]:
    return [
        fact("2024-01-01", "2024-03-31", 3e9, "2024-05-02"),
        fact("2024-01-01", "2024-06-30", 7e9, "2024-08-01"),
        fact("2024-01-01", "2024-06-30", 8e9, "2024-09-15", "10-Q/A"),
        fact("2024-01-01", "2024-09-30", 12e9, "2024-10-31"),
        fact("2024-01-01", "2024-06-30", 9e9, "2025-07-31"),
    ]


@pytest.fixture
def edgar() -> Iterator[EdgarServer]:
    facts = {
        320193: {
            "Revenues": {
                "USD": _quarters(),
                "EUR": [fact("2024-01-01", "2024-03-31", 1, "2024-05-02")],
            },
            "NetCashProvidedByUsedInOperatingActivities": {"USD": _cash()},
            "Assets": {
                "USD": [
                    fact(None, "2024-03-31", 300e9, "2024-05-02"),
                    fact(None, "2024-02-11", 299e9, "2024-05-02"),
                    fact(None, "2024-12-31", 340e9, "2025-02-06", "10-K"),
                ]
            },
            "EarningsPerShareDiluted": {
                "USD/shares": [
                    fact("2024-01-01", "2024-03-31", 1.5, "2024-05-02"),
                    fact("2024-01-01", "2024-12-31", 6.5, "2025-02-06", "10-K"),
                    fact("2024-01-01", "2024-09-30", 4.0, "2024-10-31"),
                ]
            },
        },
        40545: {
            "Revenues": {"USD": [fact("2024-01-01", "2024-03-31", 90e9, "2024-05-02")]},
            "SalesRevenueNet": {"USD": [fact("2024-01-01", "2024-03-31", 60e9, "2024-05-02")]},
        },
        1067983: {},
    }
    companies = {"AAPL": 320193, "GE": 40545, "BRK-B": 1067983, "SPY": 884394}
    server = EdgarServer(companies, facts, {})
    with server.serving():
        yield server


@pytest.fixture
def fetch(edgar: EdgarServer, us: Universe, quick: Manners) -> Fetch:
    http = Http(
        "SEC EDGAR",
        edgar.base_url,
        manners=quick,
        keys=("SECTORWISE_SEC_IDENTITY",),
        clock=Clock(sleep=lambda seconds: None),
    )
    upstream = EdgarUpstream(http, http, managers={}, table=lambda xml, period: pd.DataFrame())

    def one(symbol: str, since: date = date(1776, 7, 4), until: date = UNTIL) -> Fetched:
        (answer,) = upstream.fetch(
            us, "fundamentals", symbols=(symbol,), since=since, until=until, tell=lambda what: None
        )
        return answer

    return one


def _told(rows: pd.DataFrame, line: str, period: str, kind: str = "Q") -> list[tuple[str, float]]:
    chosen = rows[
        (rows["line"] == line) & (rows["period"] == pd.Timestamp(period)) & (rows["kind"] == kind)
    ]
    return [
        (str(known.date()), value)
        for known, value in zip(chosen["known_at"], chosen["value"], strict=True)
    ]


def test_a_quarter_is_known_from_its_filing_on_and_so_is_what_is_told_anew(fetch: Fetch) -> None:
    rows = fetch("AAPL").rows
    assert _told(rows, "revenue", "2024-03-31") == [("2024-05-02", 10.0), ("2025-05-01", 9.5)]
    assert not rows["assumed"].any()


def test_a_quarter_told_again_alike_is_no_news(fetch: Fetch) -> None:
    assert _told(fetch("AAPL").rows, "revenue", "2024-06-30") == [("2024-08-01", 11.0)]


def test_the_fourth_quarter_is_the_year_less_nine_months(fetch: Fetch) -> None:
    rows = fetch("AAPL").rows
    assert _told(rows, "revenue", "2024-12-31") == [("2025-02-06", 17.0)]
    assert _told(rows, "revenue", "2024-12-31", "A") == [("2025-02-06", 50.0)]


def test_cash_flows_of_a_year_so_far_become_quarters_as_known_on_the_day(fetch: Fetch) -> None:
    rows = fetch("AAPL").rows
    assert _told(rows, "cfo", "2024-03-31") == [("2024-05-02", 3.0)]
    assert _told(rows, "cfo", "2024-06-30") == [
        ("2024-08-01", 4.0),
        ("2024-09-15", 5.0),
        ("2025-07-31", 6.0),
    ]
    assert _told(rows, "cfo", "2024-09-30") == [("2024-10-31", 4.0)]


def test_earnings_a_share_are_never_subtracted(fetch: Fetch) -> None:
    rows = fetch("AAPL").rows
    assert _told(rows, "eps", "2024-12-31") == []
    assert _told(rows, "eps", "2024-12-31", "A") == [("2025-02-06", 6.5)]


def test_balances_are_those_of_the_ends_of_quarters_and_years(fetch: Fetch) -> None:
    rows = fetch("AAPL").rows
    assert _told(rows, "total_assets", "2024-03-31") == [("2024-05-02", 300.0)]
    assert _told(rows, "total_assets", "2024-03-31", "A") == []
    assert _told(rows, "total_assets", "2024-12-31", "A") == [("2025-02-06", 340.0)]
    assert _told(rows, "total_assets", "2024-02-11") == []


def test_a_total_comes_before_a_part_of_it(fetch: Fetch) -> None:
    assert _told(fetch("GE").rows, "revenue", "2024-03-31") == [("2024-05-02", 90.0)]


def test_only_what_was_filed_in_the_span_is_told(fetch: Fetch) -> None:
    rows = fetch("AAPL", since=date(2025, 2, 1), until=date(2025, 3, 1)).rows
    assert set(rows["known_at"]) == {pd.Timestamp("2025-02-06")}
    assert _told(rows, "revenue", "2024-12-31") == [("2025-02-06", 17.0)]


def test_a_company_without_facts_and_an_unknown_one_are_problems_of_their_own(fetch: Fetch) -> None:
    assert fetch("BRK-B").rows.empty
    assert isinstance(fetch("SPY").problem, EmptyAnswerError)
    assert isinstance(fetch("NOPE").problem, UnknownSymbolError)


def test_facts_under_another_name_are_a_changed_shape(fetch: Fetch, edgar: EdgarServer) -> None:
    edgar.facts_name = "data"
    with pytest.raises(ChangedShapeError):
        fetch("AAPL")


def test_a_refusal_names_the_setting_that_says_who_asks(fetch: Fetch, edgar: EdgarServer) -> None:
    edgar.faults = ["403"]
    with pytest.raises(UnauthorisedError, match="SECTORWISE_SEC_IDENTITY"):
        fetch("AAPL")


def test_a_web_page_in_place_of_facts_is_a_source_that_is_down(
    fetch: Fetch, edgar: EdgarServer
) -> None:
    edgar.faulty, edgar.faults = "companyfacts", ["html"]
    with pytest.raises(UnavailableError):
        fetch("AAPL")


def test_only_american_members_are_asked_about(us: Universe) -> None:
    http = Http("SEC EDGAR", "http://127.0.0.1:9")
    upstream = EdgarUpstream(
        http, http, managers={"Berkshire": 1}, table=lambda xml, period: pd.DataFrame()
    )
    vietnam = us.model_copy(update={"currency": "VND"})
    assert upstream.subjects(us, "fundamentals", ("AAPL",)) == {"AAPL": False}
    assert upstream.subjects(us, "positions", ("AAPL",)) == {"Berkshire": False}
    assert upstream.subjects(us, "positions", ()) == {}
    assert upstream.subjects(vietnam, "fundamentals", ("AAPL",)) == {}
