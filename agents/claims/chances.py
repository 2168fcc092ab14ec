"""Claims of opportunities and risks: what is confirmed, turns, is contradicted, or is crowded."""

from collections.abc import Iterable

from agents.claims.investors import flow_rows
from agents.claims.leaders import heatmap_rows, led
from agents.claims.maker import Maker
from agents.claims.warnings import single_stocks
from core.records.evidence import Evidence, Fact
from core.records.payloads import FlowRow
from core.records.report import Claim

EACH_CAP = 3
"""Sentences of one kind."""
TURN_SESSIONS = 3
"""Sessions in a row against the month's sign from which a flow is told to turn."""
CROWDED_PP = 3.0
"""Gain in share of all trading, 20 sessions against the 20 before, from which a sector is told to
be crowded."""
_NET = ("net_bn", "intensity_pct", "streak_sessions")
_TURN = ("net_bn", "sessions", "streak_sessions")

Flow = tuple[Evidence, int, FlowRow]


def opportunities(maker: Maker) -> list[Claim]:
    """Return improving sectors that something confirms, then those whose sellers turn buyers."""
    flows = {row.sector: (item, place, row) for item, place, row in flow_rows(maker)}
    improving: list[Claim] = []
    for item, place, row in heatmap_rows(maker):
        if row.weekly is None or row.weekly.quadrant != "IMPROVING":
            continue
        weekly = maker.material.at(item, "rows", place, "weekly", "quadrant")
        flow = flows.get(row.sector)
        if flow is not None and flow[2].state == "buying":
            improving += maker.claim(
                "opportunity", "opportunity.bought", weekly, *_flow(maker, flow, _NET)
            )
        elif row.daily is not None and row.daily.quadrant == "LEADING":
            daily = maker.material.at(item, "rows", place, "daily", "quadrant")
            improving += maker.claim("opportunity", "opportunity.daily", weekly, daily)
    turning = [
        claim
        for flow in _turning(flows.values(), buying=True)
        for claim in maker.claim("opportunity", "opportunity.turning", *_flow(maker, flow, _TURN))
    ]
    return [*improving[:EACH_CAP], *turning[:EACH_CAP]]


def dangers(maker: Maker) -> list[Claim]:
    """Return contradicted leaders, buyers turning sellers, crowded and one-stock sectors."""
    flows = {row.sector: (item, place, row) for item, place, row in flow_rows(maker)}
    contradicted = [
        claim
        for item, place, row in led(maker)
        if row.sector in flows and flows[row.sector][2].state == "selling"
        for claim in maker.claim(
            "against",
            "risks.contradicted",
            maker.material.at(item, "rows", place, "weekly", "quadrant"),
            *_flow(maker, flows[row.sector], _NET),
        )
    ]
    turning = [
        claim
        for flow in _turning(flows.values(), buying=False)
        for claim in maker.claim("against", "risks.turning", *_flow(maker, flow, _TURN))
    ]
    return [
        *contradicted[:EACH_CAP],
        *turning[:EACH_CAP],
        *_crowded(maker)[:EACH_CAP],
        *single_stocks(maker, "against"),
    ]


def _crowded(maker: Maker) -> list[Claim]:
    rows = [
        (-(row.turnover_share_change_pp or 0.0), row.sector, item, place)
        for item, place, row in heatmap_rows(maker)
        if (row.turnover_share_change_pp or 0.0) >= CROWDED_PP
    ]
    rows.sort(key=lambda entry: entry[:2])
    claims: list[Claim] = []
    for _, _, item, place in rows:
        names = ("turnover_share_pct", "turnover_share_change_pp")
        facts = [maker.material.at(item, "rows", place, name) for name in names]
        claims += maker.claim("against", "risks.crowded", *facts)
    return claims


def _turning(flows: Iterable[Flow], *, buying: bool) -> list[Flow]:
    """Return the flows whose last sessions have the other sign, the largest first."""
    sign = 1 if buying else -1
    found = [
        flow
        for flow in flows
        if sign * (flow[2].streak_sessions or 0) >= TURN_SESSIONS
        and sign * flow[2].net_bn < 0
        and flow[2].state != "not_measurable"
    ]
    return sorted(found, key=lambda flow: (-abs(flow[2].net_bn), flow[2].sector))


def _flow(maker: Maker, flow: Flow, names: tuple[str, ...]) -> list[Fact | None]:
    item, place, _ = flow
    return [maker.material.at(item, "rows", place, name) for name in names]
