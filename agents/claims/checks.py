"""Claims that check what the user says a sector did, then set absolute and relative apart."""

from agents.claims.leaders import heatmap_rows
from agents.claims.maker import Maker
from core.records.evidence import Fact
from core.records.payloads import MomentumResult
from core.records.report import Claim
from core.records.request import Stated

AGREES_WITHIN_PP = 0.5
"""Half a point: what rounding to a whole percent can move."""


def checked(maker: Maker) -> list[Claim]:
    """Return for each stated return whether the data agree, and the relative picture."""
    claims: list[Claim] = []
    for place, said in enumerate(maker.material.request.stated):
        if said.universe == maker.universe.id:
            fact = maker.material.asked(maker.universe.id, "stated", place, "return_pct")
            claims += _compared(maker, said, fact)
            claims += _relative(maker, said)
    return claims


def _compared(maker: Maker, said: Stated, stated: Fact | None) -> list[Claim]:
    measured = _measured(maker, said)
    if measured is None or measured.value is None:
        return maker.claim("answer", "check.unknown", stated)
    agree = abs(measured.value - said.return_pct) <= AGREES_WITHIN_PP
    return maker.claim("answer", "check.agrees" if agree else "check.differs", measured, stated)


def _measured(maker: Maker, said: Stated) -> Fact | None:
    """Return the data's own return, by what scores rest on before a closer look."""
    name = f"return_{said.horizon.lower()}_pct"
    places = [
        (item, place) for item, place, row in heatmap_rows(maker) if row.sector == said.sector
    ] + [
        (item, place)
        for item, result in maker.material.answers(maker.universe.id, MomentumResult)
        for place, row in enumerate(result.rows)
        if row.sector == said.sector
    ]
    facts = (maker.material.at(item, "rows", place, name) for item, place in places)
    return next((fact for fact in facts if fact is not None), None)


def _relative(maker: Maker, said: Stated) -> list[Claim]:
    for item, place, row in heatmap_rows(maker):
        if row.sector == said.sector:
            excess = f"excess_{said.horizon.lower()}_pct"
            return [
                *maker.claim(
                    "answer", "check.relative", maker.material.at(item, "rows", place, excess)
                ),
                *maker.claim(
                    "answer",
                    "check.quadrants",
                    maker.material.at(item, "rows", place, "weekly", "quadrant"),
                    maker.material.at(item, "rows", place, "daily", "quadrant"),
                ),
            ]
    return []
