"""Claims that answer a question first: by topic, by sector named, by market compared."""

from collections.abc import Callable

from agents.claims import companies, decision, investors, market
from agents.claims.leaders import LEADERS_CAP, leaders
from agents.claims.maker import Maker
from core.records.evidence import Fact
from core.records.report import Claim
from core.records.request import Topic

ANSWERS_CAP = 8
"""Sentences that answer, per universe; the sections hold the rest."""


def answers(maker: Maker) -> list[Claim]:
    """Return the sentences that answer the request; none for a report."""
    request = maker.material.request
    if request.intent in {"report", "off_topic"}:
        return []
    claims: list[Claim] = []
    for focus in request.focus:
        if focus.universe == maker.universe.id:
            claims += _about(maker, focus.sector)
    if not request.focus:
        for topic in request.topics:
            claims += _BY_TOPIC[topic](maker)
    if not claims:
        claims += _ranking(maker)
    unique = {(claim.text, claim.facts): claim for claim in claims}
    return list(unique.values())[:ANSWERS_CAP]


def _about(maker: Maker, sector: str) -> list[Claim]:
    topics = maker.material.request.topics
    claims = [*_score(maker, sector)]
    found = market.sector_place(maker, sector)
    if found is not None:
        claims += market.placed(maker, "answer", *found)
    if "foreign_flow" in topics or not topics:
        claims += investors.sector_flow(maker, "answer", sector)
    if maker.material.request.intent in {"explain", "what_if", "compare"}:
        claims += _as_answers(decision.reasons(maker, sector))
    for topic in topics:
        if topic in {"fundamentals", "statements", "stocks", "momentum", "macro"}:
            claims += _BY_TOPIC[topic](maker)
    return claims


def _score(maker: Maker, sector: str) -> list[Claim]:
    card = maker.material.scorecard(maker.universe.id)
    for place, row in enumerate(card.sectors if card else ()):
        if row.sector == sector:
            return _ranked(maker, place)
    return []


def _ranked(maker: Maker, place: int) -> list[Claim]:
    names = ("rank", "score", "confidence")
    facts: list[Fact | None] = [
        maker.material.scored(maker.universe.id, "sectors", place, name) for name in names
    ]
    return maker.claim("answer", "answer.rank", *facts)


def _ranking(maker: Maker) -> list[Claim]:
    claims: list[Claim] = []
    for place in range(LEADERS_CAP):
        claims += _ranked(maker, place)
    return claims or _as_answers(market.forecast(maker))


def _rotating(maker: Maker) -> list[Claim]:
    claims = _as_answers(market.rotation(maker))
    return claims or _ranking(maker)


def _weighted(maker: Maker) -> list[Claim]:
    return [*_as_answers(decision.recommendations(maker)), *_ranking(maker)]


def _flowing(maker: Maker) -> list[Claim]:
    confirmed = [
        claim
        for sector in leaders(maker)
        for claim in investors.sector_flow(maker, "answer", sector)
    ]
    return [*investors.flow_ranking(maker, "answer", count=LEADERS_CAP), *confirmed]


def _as_answers(claims: list[Claim]) -> list[Claim]:
    return [claim.model_copy(update={"section": "answer"}) for claim in claims]


_BY_TOPIC: dict[Topic, Callable[[Maker], list[Claim]]] = {
    "rotation": _rotating,
    "forecast": lambda maker: _as_answers(market.forecast(maker)),
    "foreign_flow": _flowing,
    "whales": lambda maker: _as_answers(investors.whales(maker)),
    "fundamentals": lambda maker: companies.fundamentals(maker, "answer"),
    "statements": lambda maker: companies.statements(maker, "answer"),
    "macro": lambda maker: _as_answers(market.macro(maker)),
    "allocation": _weighted,
    "momentum": lambda maker: companies.momentum(maker, "answer"),
    "stocks": lambda maker: companies.stocks(maker, "answer"),
    "market": lambda maker: market.whole_market(maker, "answer"),
}
