"""Claims of the headline: what to change, why, what argues against, what would reverse it."""

from math import fsum

from agents.claims import trades
from agents.claims.decision import (
    NAMED_FROM,
    arguments_of,
    contributions_of,
    score_of,
    weights_of,
)
from agents.claims.leaders import row_of, scores
from agents.claims.maker import Maker
from agents.claims.market import scored_place
from agents.claims.record import skill_claim
from agents.drilldown import is_narrow
from agents.slots import filled
from core.portfolio.precedence import backs, departures, first_backed, in_order, top_call
from core.records.evidence import Fact
from core.records.payloads import StatusResult
from core.records.report import Claim
from core.records.request import Language

NEUTRAL = 100.0
"""RS-Momentum without a direction."""
STALE_CAP = 3
"""Old data sets named in one sentence."""
WORDS_CAP: dict[Language, int] = {"en": 60, "vi": 96}
"""Words of a headline; Vietnamese writes its syllables apart, about eight for five words."""


def headline(maker: Maker) -> list[Claim]:
    """Return what to change, its reason and dissent, what reverses it, old data, the record.

    Sentences that would exceed the words of a headline are left out, the last named first.
    """
    if is_narrow(maker.material.request) or maker.material.allocation(maker.universe.id) is None:
        return []
    change, main = _change(maker)
    why, reverse = _argued(maker, main) if main else ([], [])
    stale, record = _stale(maker), skill_claim(maker, "headline", "headline.record")
    return _fitting(maker, [*change, *why, *reverse, *stale, *record])


def _fitting(maker: Maker, claims: list[Claim]) -> list[Claim]:
    """Return the claims that fit into a headline, each after those before it."""
    left, kept = WORDS_CAP[maker.material.request.language], list[Claim]()
    for claim in claims:
        words = _words(maker, claim)
        if words <= left:
            kept.append(claim)
            left -= words
    return kept


def _words(maker: Maker, claim: Claim) -> int:
    facts = tuple(maker.material.facts[name] for name in claim.facts)
    language = maker.material.request.language
    spans = filled(claim, facts, language=language, universe=maker.universe)
    return len("".join(span.text for span in spans).split())


def _change(maker: Maker) -> tuple[list[Claim], tuple[str, bool] | None]:
    """Return the first trades or positions, and of which of them the reason is told.

    That is its sector, and whether it is to be more. What the score backs comes first.
    """
    allocation = maker.material.allocation(maker.universe.id)
    if allocation is None or maker.material.trade_plan(maker.universe.id) is not None:
        return _traded(maker)
    told, moves = scores(maker), departures(allocation.lines)
    tops = (top_call(allocation.lines, told, "overweight"),
            top_call(allocation.lines, told, "underweight"))  # fmt: skip
    chosen = [sector for sector in tops if sector is not None]
    main = first_backed(moves, told, chosen)
    if main is None:
        turnover = maker.material.allocated(maker.universe.id, "turnover")
        return maker.claim("headline", "headline.none", turnover), None
    facts = [fact for sector in chosen for fact in weights_of(maker, sector)]
    key = "headline.both" if len(chosen) > 1 else "headline.one"
    return maker.claim("headline", key, *facts), (main, moves[main] > 0.0)


def _traded(maker: Maker) -> tuple[list[Claim], tuple[str, bool] | None]:
    moved = trades.moved(maker)
    if not moved:
        switched = maker.claim("headline", "headline.switch", trades.switched(maker))
        if switched:
            return switched, None
        cash = maker.material.told("trades", maker.universe.id, "cash_after_weight")
        return maker.claim("headline", "headline.no_trade", cash), None
    places = {row.sector: place for place, row in moved}
    moves = {row.sector: trades.change(row) for _, row in moved}
    named = _named(moves, scores(maker))
    facts = [fact for sector in named for fact in trades.weights(maker, places[sector])]
    main = first_backed(moves, scores(maker), named) or named[0]
    return maker.listing("headline", "headline.trade", *facts), (main, moves[main] > 0.0)


def _named(moves: dict[str, float], told: dict[str, float]) -> list[str]:
    """Return the first sale and the first purchase, in order; two of one way where it is all."""
    order = in_order(moves, told)
    bought = {sector for sector in order if moves[sector] > 0.0}
    found = [first_backed(moves, told, way) for way in (bought, set(order) - bought)]
    tops = {sector for sector in found if sector is not None}
    if len(tops) == 1:
        second = first_backed(moves, told, set(order) - tops)
        tops |= set() if second is None else {second}
    return [sector for sector in order if sector in tops]


def _argued(maker: Maker, main: tuple[str, bool]) -> tuple[list[Claim], list[Claim]]:
    """Return the main reason with the main dissent, and what would reverse the change.

    Features stand for the fitted views that rest on them, without a number: theirs is in percent
    of expected return, a factor's in points of score.
    """
    sector, more = main
    sign = 1.0 if more else -1.0
    signed = [(sign * (fact.value or 0.0), fact) for fact in arguments_of(maker, sector)]
    reasons = sorted((row for row in signed if row[0] >= NAMED_FROM), key=lambda row: -row[0])
    dissent = sorted((row for row in signed if row[0] <= -NAMED_FROM), key=lambda row: row[0])
    way = "more" if more else "less"
    against = [fact for _, fact in dissent[:1]]
    cited = [*(fact for _, fact in reasons[:1]), *against]
    named = "_named" if any(not _is_factor(fact) for fact in cited) else ""
    if not reasons:
        return maker.claim("headline", f"headline.against_{way}{named}", *against), []
    score = score_of(maker, sector)
    if score is not None and not backs(score.value, sign):
        return maker.claim("headline", "headline.unbacked", score), []
    key = "argued" if against else "reason"
    why = maker.claim("headline", f"headline.{key}_{way}{named}", *cited)
    return why, _reversed(maker, main, cited[0])


def _is_factor(fact: Fact) -> bool:
    return fact.measure.startswith("contribution")


def _reversed(maker: Maker, main: tuple[str, bool], reason: Fact) -> list[Claim]:
    """Return the factor whose turn changes the score's sign, else the momentum that must cross.

    Momentum is told where it still stands on the change's side.
    """
    sector, more = main
    sign = 1.0 if more else -1.0
    parts = [(sign * (fact.value or 0.0), fact) for fact in contributions_of(maker, sector)]
    score = fsum(value for value, _ in parts)
    largest, carrier = max(parts, key=lambda part: part[0], default=(0.0, reason))
    if 0.0 < score <= largest:
        return maker.claim("headline", "headline.reversed_factor", carrier)
    found = row_of(maker, sector)
    weekly = found[2].weekly if found else None
    if found is None or weekly is None or (weekly.rs_momentum_index > NEUTRAL) != more:
        return maker.claim("headline", "headline.reversed_reason", reason)
    momentum = maker.material.at(found[0], "rows", found[1], "weekly", "rs_momentum_index")
    against = "_against" if scored_place(maker) is not None else ""
    return maker.claim("headline", f"headline.reversed_momentum{against}", momentum)


def _stale(maker: Maker) -> list[Claim]:
    """Return what is too old to score; old prices are scored as of their end, and said apart."""
    for item, status in maker.material.answers(maker.universe.id, StatusResult):
        stale = {
            row.dataset: maker.material.at(item, "rows", place, "last")
            for place, row in enumerate(status.rows)
            if row.stale
        }
        prices = stale.pop("prices", None)
        return [
            *maker.claim("headline", "headline.stale_prices", prices),
            *maker.listing("headline", "headline.stale", *list(stale.values())[:STALE_CAP]),
        ]
    return []
