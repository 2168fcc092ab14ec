from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd
import pytest

from core.records.universe import Universe
from tests.servers.fred import FredServer, Vintages
from tools.upstream.errors import ChangedShapeError, UnauthorisedError, UnknownSymbolError
from tools.upstream.fred import FIRST_DAY, FredUpstream
from tools.upstream.http import Clock, Http
from tools.upstream.protocol import Fetched
from tools.upstream.wire import Manners

KEY = "k" * 32
MONTHS = [stamp.date() for stamp in pd.date_range("2010-01-01", "2023-12-01", freq="MS")]
ARCHIVE = date(2020, 6, 5)
"""The first release the archive has: everything before was known earlier, nobody tells when."""

Fetch = Callable[..., Fetched]


def _unemployment() -> Vintages:
    vintages: Vintages = {ARCHIVE: {month: 5.0 for month in MONTHS if month < date(2020, 6, 1)}}
    vintages[date(2020, 7, 2)] = {date(2020, 6, 1): 11.1, date(2020, 5, 1): 13.3}
    vintages[date(2020, 8, 7)] = {date(2020, 7, 1): None, date(2020, 6, 1): 11.0}
    return vintages


@pytest.fixture
def fred() -> Iterator[FredServer]:
    rates: Vintages = {ARCHIVE: {date(2020, 6, 4): 0.82}}
    series = {"UNRATE": _unemployment(), "DGS10": rates}
    server = FredServer(series, key=KEY, today=date(2024, 1, 31))
    with server.serving():
        yield server


@pytest.fixture
def fetch(fred: FredServer, us: Universe, quick: Manners) -> Fetch:
    http = Http(
        "FRED",
        fred.base_url,
        manners=quick,
        keys=("FRED_API_KEY",),
        clock=Clock(sleep=lambda seconds: None),
    )

    def one(series: str, key: str | None = KEY, since: date = FIRST_DAY) -> Fetched:
        upstream = FredUpstream(http, http, key=key)
        (answer,) = upstream.fetch(
            us,
            "macro",
            symbols=(series,),
            since=since,
            until=date(2024, 1, 31),
            tell=lambda what: None,
        )
        return answer

    return one


def test_a_value_is_known_from_its_release_on_and_so_is_its_revision(fetch: Fetch) -> None:
    rows = fetch("UNRATE").rows
    june = rows[rows["period"] == pd.Timestamp("2020-06-01")]
    assert june["value"].tolist() == [11.1, 11.0]
    assert june["known_at"].tolist() == [pd.Timestamp("2020-07-02"), pd.Timestamp("2020-08-07")]
    assert not june["assumed"].any()


def test_the_archives_first_release_is_left_to_the_declared_lag(fetch: Fetch) -> None:
    rows = fetch("UNRATE").rows
    old = rows[rows["period"] == pd.Timestamp("2015-03-01")]
    assert old["known_at"].isna().all()
    assert old["assumed"].all()


def test_a_point_is_no_value(fetch: Fetch) -> None:
    rows = fetch("UNRATE").rows
    assert pd.Timestamp("2020-07-01") not in set(rows["period"])


def test_all_pages_are_read(fetch: Fetch, fred: FredServer) -> None:
    rows = fetch("UNRATE").rows
    assert len(rows) == len([month for month in MONTHS if month < date(2020, 6, 1)]) + 3
    assert len(fred.requests) == 3


def test_later_only_what_was_released_since_is_told(fetch: Fetch) -> None:
    rows = fetch("UNRATE", since=date(2020, 8, 1)).rows
    assert pd.Timestamp("2020-08-07") in set(rows["known_at"])
    assert not rows["assumed"].any()


def test_market_rates_and_all_series_without_a_key_are_latest_values(
    fetch: Fetch, fred: FredServer
) -> None:
    assert fetch("DGS10").rows["known_at"].isna().all()
    rows = fetch("UNRATE", key=None).rows
    assert rows["assumed"].all()
    assert rows.loc[rows["period"] == pd.Timestamp("2020-06-01"), "value"].tolist() == [11.0]
    assert {asked.path for asked in fred.requests} == {"/graph/fredgraph.csv"}


def test_latest_values_end_with_the_asked_day(fetch: Fetch, fred: FredServer) -> None:
    fred.series["DGS10"] = {ARCHIVE: {date(2024, 1, 31): 3.9, date(2024, 2, 1): 4.0}}
    assert fetch("DGS10").rows["period"].tolist() == [pd.Timestamp("2024-01-31")]


def test_a_wrong_key_names_the_setting(fetch: Fetch) -> None:
    with pytest.raises(UnauthorisedError, match="FRED_API_KEY"):
        fetch("UNRATE", key="wrong")


def test_an_unknown_series_is_a_problem_of_its_own(fetch: Fetch) -> None:
    assert isinstance(fetch("NOPE", key=None).problem, UnknownSymbolError)
    assert isinstance(fetch("NOPE").problem, UnknownSymbolError)


def test_a_series_with_too_many_vintages_gives_its_latest_values(
    fetch: Fetch, fred: FredServer
) -> None:
    fred.most_vintages = 2
    rows = fetch("UNRATE").rows
    assert rows["assumed"].all()
    assert not rows["period"].duplicated().any()


def test_observations_under_other_names_are_a_changed_shape(fetch: Fetch, fred: FredServer) -> None:
    fred.value_name = "val"
    with pytest.raises(ChangedShapeError):
        fetch("UNRATE")
