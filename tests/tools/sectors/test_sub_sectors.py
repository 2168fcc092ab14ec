from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from app.files.universes import load_universes
from core.errors import CallerError
from core.panel import MarketPanels, Table
from tools.context import ToolContext
from tools.sectors.sub_sectors import sub_sectors
from tools.storage.models import ModelStore
from tools.storage.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]


def with_industries(panels: MarketPanels, industries: list[str | None]) -> MarketPanels:
    assert panels.members is not None
    rows = panels.members.rows.assign(industry=pd.Series(industries, dtype="str"))
    return replace(panels, members=Table("members", rows))


def test_the_parts_of_a_market_are_its_sectors_by_return(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = sub_sectors(context_of(tiny_panels))
    assert result.whole == "all"
    assert [(row.part, row.kind, row.members_count) for row in result.rows] == [
        ("banks", "sector", 3),
        ("technology", "sector", 2),
    ]
    assert result.rows[0].return_1w_pct == pytest.approx(100 * (1.01**5 - 1))
    assert result.rows[1].flags == ("few_members",)


def test_a_group_of_one_sector_and_a_sector_tell_its_industries(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    parts = ["Bán lẻ", "Bán buôn & SME", "Bán lẻ", "Software", None]
    context = context_of(with_industries(tiny_panels, parts))
    result = sub_sectors(context, sector="financials")
    assert (result.whole, len(result.rows)) == ("banks", 2)
    found = {row.part: (row.kind, row.name_vi, row.members_count) for row in result.rows}
    assert found == {
        "ban-le": ("industry", "Bán lẻ", 2),
        "ban-buon-sme": ("industry", "Bán buôn & SME", 1),
    }
    assert {row.part: row.flags for row in result.rows} == {
        "ban-le": ("few_members",),
        "ban-buon-sme": ("single_stock",),
    }
    assert all(row.return_3m_pct == pytest.approx(100 * (1.01**63 - 1)) for row in result.rows)
    excess = 100 * (1.01**63 - 1.006**63)
    assert result.rows[0].excess_3m_pct == pytest.approx(excess)


def test_a_member_without_an_industry_is_in_none(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_industries(tiny_panels, [None, None, None, "Software", None]))
    rows = sub_sectors(context, sector="tech").rows
    assert [(row.part, row.members_count) for row in rows] == [("software", 1)]


def test_a_sector_without_industries_is_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    for panels in (tiny_panels, with_industries(tiny_panels, [None] * 5)):
        gap = sub_sectors(context_of(panels), sector="banks").gap
        assert gap is not None
        assert (gap.reason, gap.dataset) == ("not_covered", "members")


def test_an_unknown_sector_is_a_sentence_with_those_there_are(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    with pytest.raises(CallerError, match="use 'all' or one of banks, technology"):
        sub_sectors(context_of(tiny_panels), sector="shipping")


def test_the_industries_of_one_sector_bracket_its_return(demo_home: Path) -> None:
    context = ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")
    whole = {row.part: row for row in sub_sectors(context).rows}["technology"]
    parts = sub_sectors(context, sector="technology").rows
    assert sum(row.members_count or 0 for row in parts) == whole.members_count
    returns = [row.return_1m_pct or 0.0 for row in parts]
    assert min(returns) < (whole.return_1m_pct or 0.0) < max(returns)


@pytest.mark.real_data
def test_american_technology_has_its_gics_sub_industries(market_home: Path) -> None:
    context = ToolContext(Store(market_home), load_universes(), ModelStore(market_home), "us")
    rows = {row.part: row for row in sub_sectors(context, sector="technology").rows}
    assert rows["semiconductors"].members_count == 14
    result = sub_sectors(context, sector="technology", as_of=date(2018, 12, 28))
    assert {"semiconductors", "application-software"} <= {row.part for row in result.rows}
    gap = sub_sectors(context, region="vn", sector="banks").gap
    assert gap is not None
    assert gap.reason == "not_covered"
