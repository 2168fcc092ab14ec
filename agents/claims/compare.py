"""Claims that set markets side by side, each against its own benchmark; never one joint list."""

from collections.abc import Callable, Iterator, Sequence

from agents.claims.ends import ends
from agents.claims.investors import flow_rows
from agents.claims.leaders import Placed, focused, heatmap_rows
from agents.claims.maker import Maker
from agents.claims.record import skill_claim
from core.records.report import Claim

RANKED_CAP = 5
"""Sectors named a market where the question names none."""
SECTORS_CAP = 4
"""Named sectors compared a market."""

Measure = Callable[[Maker, Placed], list[Claim]]


def compared(makers: Sequence[Maker]) -> list[Claim]:
    """Return what each market is measured by, then measure by measure each market's sectors."""
    several = len(makers) > 1
    claims = [claim for maker in makers for claim in _basis(maker)] if several else []
    if not any(focused(maker) for maker in makers):
        return claims + [claim for maker in makers for claim in _likeliest(maker)]
    rows = [(maker, row) for maker in makers for row in _chosen(maker)]
    for measure in (_quadrant, _past, _expected, _flow):
        for maker, row in rows:
            claims += measure(maker, row)
    return claims


def _chosen(maker: Maker) -> Iterator[Placed]:
    named = focused(maker)[:SECTORS_CAP]
    for sector in named:
        yield from (row for row in heatmap_rows(maker) if row[2].sector == sector)


def _basis(maker: Maker) -> list[Claim]:
    for item, place, row in heatmap_rows(maker):
        if row.weekly is not None:
            fact = maker.material.at(item, "rows", place, "weekly", "quadrant")
            return maker.claim("answer", "compare.basis", fact)
    return []


def _likeliest(maker: Maker) -> list[Claim]:
    horizon = maker.material.request.horizon
    rows = [
        (-expected.outperform_fraction, row.sector, (item, place, row))
        for item, place, row in heatmap_rows(maker)
        for expected in row.expected
        if expected.horizon == horizon
    ]
    rows.sort(key=lambda entry: entry[:2])
    claims = [
        claim for _, _, row in ends(maker, rows, RANKED_CAP) for claim in _expected(maker, row)
    ]
    return [*claims, *(skill_claim(maker, "answer", "headline.record") if claims else [])]


def _quadrant(maker: Maker, row: Placed) -> list[Claim]:
    item, place, _ = row
    names = ("quadrant", "rs_ratio_index", "rs_momentum_index")
    facts = [maker.material.at(item, "rows", place, "weekly", name) for name in names]
    return maker.claim("answer", "compare.quadrant", *facts)


def _past(maker: Maker, row: Placed) -> list[Claim]:
    item, place, _ = row
    names = ("excess_1m_pct", "excess_3m_pct")
    facts = [maker.material.at(item, "rows", place, name) for name in names]
    return maker.listing("answer", "compare.facts", *facts)


def _expected(maker: Maker, row: Placed) -> list[Claim]:
    item, place, heat = row
    for number, expected in enumerate(heat.expected):
        if expected.horizon == maker.material.request.horizon:
            names = ("excess_pct", "low_pct", "high_pct", "outperform_fraction")
            path = ("rows", place, "expected", number)
            facts = [maker.material.at(item, *path, name) for name in names]
            return maker.claim("answer", "compare.expected", *facts)
    return []


def _flow(maker: Maker, row: Placed) -> list[Claim]:
    item, place, heat = row
    for source, number, flow in flow_rows(maker):
        if flow.sector == heat.sector:
            names = ("state", "net_bn", "intensity_pct", "sessions")
            facts = [maker.material.at(source, "rows", number, name) for name in names]
            return maker.claim("answer", "compare.flow", *facts)
    fact = maker.material.at(item, "rows", place, "weekly", "quadrant")
    absent = "compare.flow_absent" if maker.universe.foreign_flow else "compare.flow_unpublished"
    return maker.claim("answer", absent, fact)
