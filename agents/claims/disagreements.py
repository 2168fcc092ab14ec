"""Claims that two tools tell the same measure far apart; which of them is right is not decided.

Only what must be equal is compared: one measure of one sector, over one window, to one date.
"""

from collections.abc import Iterator
from typing import Final

from agents.claims.leaders import focused, heatmap_rows
from agents.claims.maker import Maker
from core.records.evidence import Fact
from core.records.payloads import FlowResult, MomentumResult
from core.records.report import Claim
from core.records.universe import Universe
from core.wording import DECIMALS

APART: Final = 0.5
"""Share of the larger value from which two are apart; opposite signs always are.

Less than one of the last printed digit never is."""
SENTENCES_CAP: Final = 2
"""Of each kind: the sectors asked about first, then the furthest apart."""
Pair = tuple[Fact, Fact]


def disagreements(maker: Maker) -> list[Claim]:
    """Return where a closer look contradicts what scores rest on, that first in each claim."""
    claims: list[Claim] = []
    for key, pairs in (
        ("warning.apart_return", _returns(maker)),
        ("warning.apart_flow", _flows(maker)),
    ):
        for scored, closer in _worst(maker, pairs):
            claims += maker.claim("warning", key, scored, closer)
    return claims


def _returns(maker: Maker) -> Iterator[Pair]:
    """Yield the three-month return of each sector by the heatmap and by the momentum tool."""
    scored = {
        (row.sector, item.result.as_of): maker.material.at(item, "rows", place, "return_3m_pct")
        for item, place, row in heatmap_rows(maker)
    }
    for item, result in maker.material.answers(maker.universe.id, MomentumResult):
        for place, row in enumerate(result.rows):
            closer = maker.material.at(item, "rows", place, "return_3m_pct")
            yield from _paired(scored.get((row.sector, result.as_of)), closer, maker.universe)


def _flows(maker: Maker) -> Iterator[Pair]:
    """Yield each sector's net foreign value by the tool of all sectors and by that of one."""
    answers = maker.material.answers(maker.universe.id, FlowResult)
    told = [
        (item.tool, (row.sector, row.sessions, result.as_of), (item, "rows", place, "net_bn"))
        for item, result in answers
        for place, row in enumerate(result.rows)
        if row.symbol is None
    ]
    scored = {where: at for tool, where, at in told if tool == "get_foreign_flow_by_sector"}
    for tool, where, at in told:
        if tool == "get_foreign_flow" and where in scored:
            first, closer = (maker.material.at(*row) for row in (scored[where], at))
            yield from _paired(first, closer, maker.universe)


def _paired(scored: Fact | None, closer: Fact | None, universe: Universe) -> Iterator[Pair]:
    """Yield the two where they are of one subject and far apart."""
    if scored is not None and closer is not None and scored.subject == closer.subject:
        most = max(abs(scored.value or 0.0), abs(closer.value or 0.0))
        if _distance(scored, closer) > max(APART * most, _step(scored, universe)):
            yield scored, closer


def _step(fact: Fact, universe: Universe) -> float:
    """Return one of the last digit printed, by which a server that rounds may be off."""
    thousands = fact.unit == "bn" and universe.money_unit == "mn"
    return float(10.0 ** -(DECIMALS[fact.unit] + (3 if thousands else 0)))


def _worst(maker: Maker, pairs: Iterator[Pair]) -> list[Pair]:
    asked = focused(maker)
    unique = {pair[0].subject: pair for pair in pairs}
    order = sorted(
        unique.values(),
        key=lambda pair: (pair[0].subject not in asked, -_distance(*pair), pair[0].subject),
    )
    return order[:SENTENCES_CAP]


def _distance(one: Fact, other: Fact) -> float:
    return abs((one.value or 0.0) - (other.value or 0.0))
