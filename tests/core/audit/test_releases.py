from dataclasses import replace

import pandas as pd

from core.audit.releases import odd_releases
from core.panel import MarketPanels, Table
from core.records.result import Dataset
from tests.core.market import market

MACRO: frozenset[Dataset] = frozenset({"macro"})


def releases() -> pd.DataFrame:
    table = market().macro
    assert table is not None
    return table.rows


def having(rows: pd.DataFrame) -> MarketPanels:
    return replace(market(), macro=Table("macro", rows))


def test_releases_with_their_own_dates_after_their_periods_are_not_odd() -> None:
    assert odd_releases(market(), MACRO) == ()


def test_assumed_dates_are_told_with_their_share() -> None:
    assumed = having(releases().assign(assumed=True))
    odd = odd_releases(assumed, MACRO)
    assert [(row.kind, row.column, row.value) for row in odd] == [("assumed_dates", "macro", 1.0)]
    assert odd[0].count == len(releases())
    assert odd_releases(assumed, frozenset()) == (), "a factor that reads no releases"


def test_a_monthly_value_known_by_the_end_of_its_month_is_odd_and_a_daily_one_is_not() -> None:
    early = having(releases().assign(known_at=releases()["period"]))
    odd = odd_releases(early, MACRO)
    assert {row.kind for row in odd} == {"unlagged"}
    assert {row.column for row in odd} == set(releases()["series"].unique())
    days = pd.date_range("2020-01-01", periods=len(releases()), freq="D", unit="us")
    daily = having(releases().assign(known_at=days, period=days, series="rate"))
    assert odd_releases(daily, MACRO) == ()
