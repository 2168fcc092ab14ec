"""Claims of the heatmap and of macro releases: rotation, forecast, backdrop."""

from collections.abc import Iterator

from agents.claims.maker import Maker
from core.records.evidence import Evidence
from core.records.payloads import HeatmapResult, HeatmapRow, MacroResult, MarketResult
from core.records.report import Claim, Section

ROTATION_CAP = 6
MACRO_CAP = 4
FORECAST_CAP = 3
"""Sectors named at each end of the forecast."""


def rotation(maker: Maker) -> list[Claim]:
    """Return the sectors leading on weekly bars, then those whose daily bars disagree."""
    leading: list[Claim] = []
    conflicts: list[Claim] = []
    for item, place, row in _rows(maker):
        if row.weekly is None:
            continue
        if row.weekly.quadrant == "LEADING":
            leading += placed(maker, "rotation", item, place)
        if row.daily is not None and row.daily.quadrant != row.weekly.quadrant:
            conflicts += maker.claim(
                "rotation",
                "rotation.conflict",
                maker.material.at(item, "rows", place, "weekly", "quadrant"),
                maker.material.at(item, "rows", place, "daily", "quadrant"),
            )
    return [*leading[:ROTATION_CAP], *conflicts[:ROTATION_CAP]]


def placed(maker: Maker, section: Section, item: Evidence, place: int) -> list[Claim]:
    """Return where one sector stands on weekly bars."""
    weekly = ("quadrant", "rs_ratio_index", "rs_momentum_index", "dwell_count")
    facts = [maker.material.at(item, "rows", place, "weekly", name) for name in weekly]
    return maker.claim(section, "rotation.placed", *facts)


def forecast(maker: Maker) -> list[Claim]:
    """Return the forecast's ends and its own record."""
    horizon = maker.material.request.horizon
    rows = [
        (-expected.excess_pct, row.sector, item, place, number)
        for item, place, row in _rows(maker)
        for number, expected in enumerate(row.expected)
        if expected.horizon == horizon
    ]
    rows.sort(key=lambda row: row[:2])
    ends = rows[:FORECAST_CAP] + rows[FORECAST_CAP:][-1:]
    claims: list[Claim] = []
    for _, _, item, place, number in ends:
        claims += expected_of(maker, "forecast", item, place, number)
    return [*claims, *_record(maker)]


def expected_of(
    maker: Maker, section: Section, item: Evidence, place: int, number: int
) -> list[Claim]:
    """Return one sector's forecast with its interval."""
    names = ("excess_pct", "low_pct", "high_pct", "outperform_fraction")
    path = ("rows", place, "expected", number)
    facts = [maker.material.at(item, *path, name) for name in names]
    return maker.claim(section, "forecast.sector", *facts)


def macro(maker: Maker) -> list[Claim]:
    """Return the regime, the market as a whole, and the most unusual releases."""
    claims: list[Claim] = []
    for item, result in maker.material.answers(maker.universe.id, MacroResult):
        if result.regime:
            names = ("regime", "growth_z", "inflation_z")
            facts = [maker.material.at(item, "regime", 0, name) for name in names]
            claims += maker.claim("macro", "macro.regime", *facts)
        order = sorted(
            range(len(result.rows)),
            key=lambda place: (-abs(result.rows[place].history_z or 0.0), place),
        )
        for place in order[:MACRO_CAP]:
            claims += maker.claim(
                "macro",
                "macro.series",
                maker.material.at(item, "rows", place, "value_level"),
                maker.material.at(item, "rows", place, "period"),
                maker.material.at(item, "rows", place, "released"),
            )
    return [*claims, *whole_market(maker, "macro")]


def whole_market(maker: Maker, section: Section) -> list[Claim]:
    """Return how the market itself did."""
    claims: list[Claim] = []
    for item, result in maker.material.answers(maker.universe.id, MarketResult):
        for place in range(len(result.rows)):
            names = ("return_1m_pct", "return_3m_pct", "breadth_200d_pct")
            facts = [maker.material.at(item, "rows", place, name) for name in names]
            claims += maker.listing(section, "listing.facts", *facts)
    return claims


def sector_place(maker: Maker, sector: str) -> tuple[Evidence, int] | None:
    """Return where a sector's heatmap row is."""
    for item, place, row in _rows(maker):
        if row.sector == sector:
            return item, place
    return None


def _rows(maker: Maker) -> Iterator[tuple[Evidence, int, HeatmapRow]]:
    for item, result in maker.material.answers(maker.universe.id, HeatmapResult):
        for place, row in enumerate(result.rows):
            yield item, place, row
        return


def _record(maker: Maker) -> list[Claim]:
    for item, result in maker.material.answers(maker.universe.id, HeatmapResult):
        for place, skill in enumerate(result.skill):
            if skill.horizon == maker.material.request.horizon:
                names = ("ic_mean_index", "dates_count", "momentum_ic_mean_index")
                facts = [maker.material.at(item, "skill", place, name) for name in names]
                return maker.claim("forecast", "forecast.record", *facts)
    return []
