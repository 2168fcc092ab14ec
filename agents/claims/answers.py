"""Claims that answer a question first: by topic, by sector named, by limit stated."""

from collections.abc import Callable

from agents.claims import (
    changes,
    checks,
    companies,
    decision,
    investors,
    market,
    path,
    readings,
    record,
    track,
    trades,
)
from agents.claims.ends import ends, only_low, sides, standing
from agents.claims.leaders import LEADERS_CAP, focused
from agents.claims.maker import Maker
from agents.claims.warnings import concentration
from agents.claims.what_if import lifted, understood, what_if
from agents.drilldown import is_narrow
from agents.partial import unplaced
from core.language.questions.demands import DEMANDS
from core.records.report import Claim
from core.records.request import Topic

ANSWERS_CAP = 24
"""Sentences that answer, per universe; the sections hold the rest."""
_EARNED: tuple[Topic, ...] = ("market", "returns")
"""Topics that come before what is told of a named sector, where returns are asked."""


def answers(maker: Maker) -> list[Claim]:
    """Return the sentences that answer the request; none for a report.

    A comparison is answered beside the other markets (`agents.claims.compare`), but for weights.
    """
    request = maker.material.request
    if request.intent in {"report", "off_topic"}:
        return []
    if request.intent == "compare":
        returned = companies.returned(maker) if "returns" in request.topics else []
        return [*returned, *(_allotted(maker) if "allocation" in request.topics else [])]
    claims = checks.checked(maker)
    if request.intent == "what_if":
        claims += what_if(maker)
    claims += _asked(maker)
    open_ended = not is_narrow(request) and DEMANDS.isdisjoint(request.topics)
    if not claims and open_ended and not _placeless(maker):
        claims = _ranking(maker)
    shown = request.intent != "what_if" and not is_narrow(request)
    kept = understood(maker) if shown else []
    unique = {(claim.text, claim.facts): claim for claim in claims}
    return [*list(unique.values())[: ANSWERS_CAP - len(kept)], *kept]


def _asked(maker: Maker) -> list[Claim]:
    topics = maker.material.request.topics
    own = [topic for topic in topics if topic in DEMANDS and topic != "matched_flow"]
    if own:
        return [claim for topic in own for claim in _BY_TOPIC[topic](maker)]
    sectors = focused(maker)
    if maker.material.request.symbols and not sectors and "statements" not in topics:
        topics = ("statements", *topics)
    if sectors:
        earned = [topic for topic in _EARNED if {topic, "returns"} <= set(topics)]
        first = [claim for topic in earned for claim in _BY_TOPIC[topic](maker)]
        return [*first, *(claim for sector in sectors for claim in _about(maker, sector))]
    if {"rotation", "foreign_flow"} <= set(topics):
        rest = [topic for topic in topics if topic not in {"rotation", "foreign_flow"}]
        return [*_confirmed(maker), *(claim for topic in rest for claim in _BY_TOPIC[topic](maker))]
    return [claim for topic in topics for claim in _BY_TOPIC[topic](maker)]


def _market(maker: Maker) -> list[Claim]:
    """Return how the market did, after how strained it looks where not returns alone are asked."""
    returned = "returns" in maker.material.request.topics
    strained = [] if returned else market.strained(maker, "answer")
    return [*strained, *market.whole_market(maker, "answer")]


def _about(maker: Maker, sector: str) -> list[Claim]:
    topics, intent = maker.material.request.topics, maker.material.request.intent
    claims = [*lifted(maker, sector), *decision.rank_of(maker, sector)]
    found = market.sector_place(maker, sector)
    if found is not None:
        claims += market.placed(maker, "answer", *found)
        if not maker.material.request.stated:
            claims += market.conflict(maker, "answer", *found)
        claims += concentration(maker, "answer", sector)
        claims += market.members(maker, "answer", sector)
    claims += market.expectation(maker, "answer", sector)
    claims += investors.sector_flow(maker, "answer", sector)
    if "whales" in topics:
        claims = [*investors.whales_of(maker, "answer", sector), *claims]
    if intent in {"explain", "what_if"}:
        claims += _as_answers(decision.reasons(maker, sector))
    for topic in topics:
        if topic in {"fundamentals", "statements", "stocks", "momentum", "macro"}:
            claims += _BY_TOPIC[topic](maker)
    return claims


def _confirmed(maker: Maker) -> list[Claim]:
    """Return each weekly leader, then whether foreign investors confirm it.

    Of another end asked for, what foreign investors did there.
    """
    claims = market.basis(maker, "answer")
    for side in sides(maker):
        found = standing(maker, side)
        leads = side == "strongest"
        for item, place, row in found:
            claims += market.placed(maker, "answer", item, place)
            flow = investors.lead_flow if leads else investors.net_flow
            claims += flow(maker, "answer", row.sector)
            claims += market.conflict(maker, "answer", item, place)
        claims += [] if found else market.led_by(maker, "answer")
    return claims


def _rotating(maker: Maker) -> list[Claim]:
    based = [*market.basis(maker, "answer"), *market.dividends(maker, "answer")]
    claims = based
    for side in sides(maker):
        found = standing(maker, side)
        for item, place, _ in found:
            claims += market.placed(maker, "answer", item, place)
        claims += [] if found else market.led_by(maker, "answer")
        for item, place, _ in found:
            claims += market.conflict(maker, "answer", item, place)
    return claims or _ranking(maker)


def _ranking(maker: Maker) -> list[Claim]:
    """Return the ranks of the end asked for, from its outermost."""
    card = maker.material.scorecard(maker.universe.id)
    rows = [place for place, row in enumerate(card.sectors) if row.rank] if card else []
    claims: list[Claim] = []
    for place in ends(maker, rows, LEADERS_CAP):
        claims += decision.ranked(maker, place)
    return claims or _as_answers(market.forecast(maker))


def _weighted(maker: Maker) -> list[Claim]:
    return trades.trades(maker, "answer") or _recommended(maker) or _ranking(maker)


def _placeless(maker: Maker) -> bool:
    """Tell whether a sector asked about has no place, which is said instead of others' ranks."""
    own = (row for row, _ in unplaced(maker.material))
    return any(row.universe == maker.universe.id for row in own)


def _allotted(maker: Maker) -> list[Claim]:
    """Return the weights of the sectors compared, else of those that move most."""
    return _weights(maker) or _recommended(maker)


def _weights(maker: Maker) -> list[Claim]:
    """Return the stance and weights of each sector in the question."""
    rows = (decision.weights_of(maker, sector) for sector in focused(maker))
    return [claim for row in rows for claim in maker.claim("answer", "recommendation.line", *row)]


def _recommended(maker: Maker) -> list[Claim]:
    lines = decision.recommendations(maker)
    found = _as_answers([claim for claim in lines if claim.section == "recommendation"])
    if not only_low(maker):
        return found
    allocation = maker.material.allocation(maker.universe.id)
    low = {
        line.sector
        for line in (allocation.lines if allocation else ())
        if line.stance in {"underweight", "excluded"}
    }
    return [claim for claim in found if claim.entity in low] or found


def _held(maker: Maker) -> list[Claim]:
    """Return the holdings understood and their trades; without a plan the sectors' targets."""
    claims = [*trades.understood(maker), *trades.trades(maker, "answer")]
    if maker.material.trade_plan(maker.universe.id) is not None:
        return claims
    return [*claims, *_weights(maker)] or _recommended(maker)


def _changed(maker: Maker) -> list[Claim]:
    """Return what changed since the predecessor; without one what entered another quadrant."""
    found = changes.changed(maker, "answer", changes.ANSWER_CAP)
    return found or market.entered(maker, "answer")


def _judged(maker: Maker) -> list[Claim]:
    """Return how earlier calls turned out, then the record of the forecast behind them."""
    return [*track.track(maker, "answer"), *record.answered(maker)]


def _as_answers(claims: list[Claim]) -> list[Claim]:
    return [claim.model_copy(update={"section": "answer"}) for claim in claims]


def _nothing(_: Maker) -> list[Claim]:
    """Return no claim: the answer is a notice."""
    return []


_BY_TOPIC: dict[Topic, Callable[[Maker], list[Claim]]] = {
    "rotation": _rotating,
    "forecast": lambda maker: _as_answers(market.forecast(maker)),
    "foreign_flow": lambda maker: investors.flow_ranking(maker, "answer"),
    "whales": lambda maker: _as_answers(investors.whales(maker)),
    "fundamentals": lambda maker: companies.fundamentals(maker, "answer"),
    "statements": lambda maker: companies.statements(maker, "answer"),
    "macro": lambda maker: _as_answers(market.macro(maker)),
    "allocation": _weighted,
    "momentum": lambda maker: companies.momentum(maker, "answer"),
    "stocks": lambda maker: companies.stocks(maker, "answer"),
    "market": _market,
    "record": record.answered,
    "formula": _nothing,
    "rule_test": lambda maker: [*readings.readings(maker, "answer"), *record.answered(maker)],
    "changed": _changed,
    "past_calls": _judged,
    "holdings": _held,
    "hindsight": _recommended,
    "index_level": _nothing,
    "stock_pick": _nothing,
    "target": _nothing,
    "path": path.told,
    "returns": companies.returned,
    "matched_flow": lambda maker: investors.flow_ranking(maker, "answer"),
}
