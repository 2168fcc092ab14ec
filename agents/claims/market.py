"""Claims of the heatmap and of macro releases: rotation, forecast, backdrop."""

from agents.claims.ends import only_low
from agents.claims.leaders import heatmap_rows, led, recommended, row_of, viewed_rows
from agents.claims.maker import Maker
from agents.claims.record import record
from core.records.evidence import Evidence, Fact
from core.records.payloads import MacroResult, MarketResult
from core.records.report import Claim, Section
from core.records.rotation_statistics import MarketWarningResult
from core.records.sectors import HeatmapResult

MACRO_CAP = 4
APART_PP = 1.0
"""Points of three-month return from which a fund and its members are told apart."""
FORECAST_CAP = 3
"""Sectors named at each end of the forecast."""


def rotation(maker: Maker) -> list[Claim]:
    """Return what places are relative to, who leads on weekly bars, and whose daily bars disagree.

    Disagreement is told of the leaders and the recommended sectors alone.
    """
    spoken = {row.sector for _, _, row in led(maker)}
    spoken |= {line.sector for _, line in recommended(maker)}
    claims = [*basis(maker, "rotation"), *led_by(maker, "rotation")]
    for item, place, row in viewed_rows(maker):
        if row.sector in spoken:
            claims += conflict(maker, "rotation", item, place)
            claims += members(maker, "rotation", row.sector)
    return claims


def led_by(maker: Maker, section: Section) -> list[Claim]:
    """Return the weekly leaders' places; without one, who is furthest ahead."""
    claims: list[Claim] = []
    for item, place, _ in led(maker):
        claims += placed(maker, section, item, place)
    return claims or _furthest(maker, section)


def basis(maker: Maker, section: Section) -> list[Claim]:
    """Return what quadrants are relative to, how often, to which date, and what the rest is.

    The score keeps the market's own benchmark, whichever one the question names.
    """
    for item, place, row in viewed_rows(maker):
        if row.weekly is not None:
            fact = maker.material.at(item, "rows", place, "weekly", "quadrant")
            key = "rotation.basis_running" if row.weekly.provisional else "rotation.basis"
            other = maker.claim(section, "rotation.basis_scored", scored_place(maker))
            return [*maker.claim(section, key, fact), *other]
    return []


def scored_place(maker: Maker) -> Fact | None:
    """Return a quadrant of the scored heatmap, where another benchmark's quadrants are told."""
    viewed = {item.id for item, _, _ in viewed_rows(maker)}
    facts = (
        maker.material.at(item, "rows", place, "weekly", "quadrant")
        for item, place, row in heatmap_rows(maker)
        if row.weekly is not None and item.id not in viewed
    )
    return next(facts, None)


def dividends(maker: Maker, section: Section) -> list[Claim]:
    """Return whether quadrants and returns count dividends."""
    viewed = {item.id for item, _, _ in viewed_rows(maker)}
    for item, result in maker.material.answers(maker.universe.id, HeatmapResult):
        if item.id in viewed:
            treatment = maker.material.at(item, "treatment")
            return maker.claim(section, f"rotation.{result.treatment}", treatment)
    return []


def placed(maker: Maker, section: Section, item: Evidence, place: int) -> list[Claim]:
    """Return where one sector stands on weekly bars, its absolute return beside."""
    weekly = ("quadrant", "rs_ratio_index", "rs_momentum_index", "dwell_count")
    facts = [maker.material.at(item, "rows", place, "weekly", name) for name in weekly]
    absolute = maker.material.at(item, "rows", place, "return_3m_pct")
    if absolute is None:
        return maker.claim(section, "rotation.placed_bare", *facts)
    return maker.claim(section, "rotation.placed", *facts, absolute)


def members(maker: Maker, section: Section, sector: str) -> list[Claim]:
    """Return how a sector's fund did beside its member stocks, where the two tell apart."""
    found = row_of(maker, sector)
    if found is None or found[2].member_built is None:
        return []
    item, place, row = found
    built = found[2].member_built
    if row.return_3m_pct is None or built.return_3m_pct is None:
        return []
    if abs(row.return_3m_pct - built.return_3m_pct) < APART_PP:
        return []
    facts = [
        maker.material.at(item, "rows", place, *path)
        for path in (
            ("return_3m_pct",),
            ("member_built", "return_3m_pct"),
            ("ticker",),
            ("member_built", "members_count"),
        )
    ]
    return maker.claim(section, "rotation.members", *facts)


def conflict(maker: Maker, section: Section, item: Evidence, place: int) -> list[Claim]:
    """Return that a sector's daily quadrant is another than its weekly one, where it is."""
    weekly = maker.material.at(item, "rows", place, "weekly", "quadrant")
    daily = maker.material.at(item, "rows", place, "daily", "quadrant")
    if weekly is None or daily is None or weekly.label == daily.label:
        return []
    return maker.claim(section, "rotation.conflict", weekly, daily)


def entered(maker: Maker, section: Section) -> list[Claim]:
    """Return the sectors whose last weekly bar is their first in its quadrant."""
    claims: list[Claim] = []
    for item, place, row in viewed_rows(maker):
        if row.weekly is not None and row.weekly.dwell_count == 1:
            names = ("quadrant", "rs_ratio_index", "rs_momentum_index")
            facts = [maker.material.at(item, "rows", place, "weekly", name) for name in names]
            claims += maker.claim(section, "rotation.entered", *facts)
    return claims


def forecast(maker: Maker) -> list[Claim]:
    """Return the forecast's ends and its own record; the lower end first where it is asked for."""
    horizon = maker.material.request.horizon
    rows = [
        (-expected.excess_pct, row.sector, item, place, number)
        for item, place, row in heatmap_rows(maker)
        for number, expected in enumerate(row.expected)
        if expected.horizon == horizon
    ]
    rows.sort(key=lambda row: row[:2], reverse=only_low(maker))
    ends = rows[:FORECAST_CAP] + rows[FORECAST_CAP:][-1:]
    claims: list[Claim] = []
    for _, _, item, place, number in ends:
        claims += _expected(maker, "forecast", item, place, number)
    return [*claims, *record(maker, "forecast")]


def expectation(maker: Maker, section: Section, sector: str) -> list[Claim]:
    """Return one sector's forecast over the asked horizon."""
    for item, place, row in heatmap_rows(maker):
        for number, expected in enumerate(row.expected):
            if row.sector == sector and expected.horizon == maker.material.request.horizon:
                return _expected(maker, section, item, place, number)
    return []


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
    return _listed(
        maker, section, MarketResult, "return_1m_pct", "return_3m_pct", "breadth_200d_pct"
    )


def strained(maker: Maker, section: Section) -> list[Claim]:
    """Return how strained the market looks against its own past, and since when."""
    names = ("market_warning", "warning_since", "signs_count")
    return _listed(maker, section, MarketWarningResult, *names)


def _listed(
    maker: Maker, section: Section, kind: type[MarketResult | MarketWarningResult], *names: str
) -> list[Claim]:
    """Return each row's fields of those names, a claim a row."""
    claims: list[Claim] = []
    for item, result in maker.material.answers(maker.universe.id, kind):
        for place in range(len(result.rows)):
            facts = [maker.material.at(item, "rows", place, name) for name in names]
            claims += maker.listing(section, "listing.facts", *facts)
    return claims


def sector_place(maker: Maker, sector: str) -> tuple[Evidence, int] | None:
    """Return where a sector's heatmap row is."""
    for item, place, row in viewed_rows(maker):
        if row.sector == sector:
            return item, place
    return None


def _expected(
    maker: Maker, section: Section, item: Evidence, place: int, number: int
) -> list[Claim]:
    names = ("excess_pct", "low_pct", "high_pct", "outperform_fraction")
    path = ("rows", place, "expected", number)
    facts = [maker.material.at(item, *path, name) for name in names]
    return maker.claim(section, "forecast.sector", *facts)


def _furthest(maker: Maker, section: Section) -> list[Claim]:
    ahead = [
        (-row.weekly.rs_ratio_index, row.sector, item, place)
        for item, place, row in viewed_rows(maker)
        if row.weekly is not None
    ]
    if len(ahead) < 2:
        return []
    _, _, item, place = min(ahead, key=lambda entry: entry[:2])
    names = ("rs_ratio_index", "quadrant")
    facts = [maker.material.at(item, "rows", place, "weekly", name) for name in names]
    return maker.claim(section, "rotation.none_leads", *facts, comparator="highest")
