"""Decides how a sector's members are listed: weight, price, returns, breadth, and the screen."""

from typing import Final

from app.web.sector.records import MemberRow, Screened, SectorMembers
from app.web.sector.sheets import SectorAsked
from core.records.payloads import StockRow
from core.records.sector_readings import BreadthRow, PartRow, ScreenRow
from core.records.trading import TradingRow
from tools.companies.screening import MEASURES, Screen, screened_stocks
from tools.market.trading import trading_conditions
from tools.sectors.breadth import sector_breadth
from tools.sectors.overview import sector_overview
from tools.sectors.sub_sectors import sub_sectors

MEMBER_FIELDS: Final = (
    "symbol", "weight_pct", "close_level", "return_1m_pct", "excess_1m_pct", "return_3m_pct",
    "above_200d", "volume_ratio_x", "foreign_net_1m_bn", "traded_20d_bn", "flags",
)  # fmt: skip
BREADTH_FIELDS: Final = (
    "members_count", "above_50d_pct", "above_50d_change_pp", "above_200d_pct",
    "above_200d_change_pp", "at_52w_high_pct", "at_52w_high_change_pp", "advancing_pct",
    "advancing_change_pp",
)  # fmt: skip
PART_FIELDS: Final = (
    "name", "members_count", "return_1w_pct", "return_1m_pct", "return_3m_pct", "return_12m_pct",
    "excess_3m_pct", "flags",
)  # fmt: skip


def sector_members(asked: SectorAsked) -> SectorMembers:
    """Return the largest members, how many take part, and the industries where they are known."""
    tools, region, as_of = asked.house.tools, asked.universe.id, asked.asked.as_of
    overview = sector_overview(tools, region=region, sector=asked.sector, as_of=as_of)
    names = tuple(row.symbol for row in overview.rows)
    traded = trading_conditions(tools, region=region, symbols=names, as_of=as_of)
    prices = {row.symbol: row for row in traded.rows}
    breadth = sector_breadth(tools, region=region, sector=asked.sector, as_of=as_of)
    parts = sub_sectors(tools, region=region, sector=asked.sector, as_of=as_of)
    named = "name_vi" if asked.words.language == "vi" else "name_en"
    return SectorMembers(
        members=asked.sheet(
            overview, MemberRow,
            (_member(row, prices.get(row.symbol)) for row in overview.rows), MEMBER_FIELDS,
        ),
        breadth=asked.sheet(breadth, BreadthRow, breadth.rows, BREADTH_FIELDS),
        parts=asked.sheet(parts, PartRow, parts.rows, (named, *PART_FIELDS[1:])),
    )  # fmt: skip


def screened(asked: SectorAsked, screen: Screen) -> Screened:
    """Return the sector's stocks that keep every bound.

    Raises:
        CallerError: bounds that exclude every value.
    """
    result = screened_stocks(
        asked.house.tools, screen, sector=asked.sector, region=asked.universe.id,
        as_of=asked.asked.as_of,
    )  # fmt: skip
    fields = ("symbol", *MEASURES, "above_200d")
    everywhere = frozenset({asked.universe.id})
    return Screened(
        stocks=asked.sheet(result, ScreenRow, result.rows, fields, subjects=everywhere),
        screened_count=result.screened_count,
        passed_count=result.passed_count,
        unknown_count=result.unknown_count,
    )


def _member(row: StockRow, traded: TradingRow | None) -> MemberRow:
    return MemberRow(
        symbol=row.symbol,
        weight_pct=row.weight_pct,
        close_level=None if traded is None else traded.close_level,
        return_1m_pct=row.return_1m_pct,
        excess_1m_pct=row.excess_1m_pct,
        return_3m_pct=row.return_3m_pct,
        above_200d=row.above_200d,
        volume_ratio_x=row.volume_ratio_x,
        foreign_net_1m_bn=row.foreign_net_1m_bn,
        traded_20d_bn=None if traded is None else traded.traded_20d_bn,
        flags=() if traded is None else traded.flags,
    )
