"""Turns a portfolio stated in words into holdings by sector, or refuses; it values nothing."""

from math import fsum

from core.errors import RequestError
from core.language.limits.bounds import Limits
from core.language.limits.half_read import bare_list, half_read
from core.language.limits.heard import unread_holding, unread_list
from core.language.limits.held import WHOLE_PCT, Held
from core.language.limits.sectors import Question, known_sectors, limited, no_such_sector
from core.language.words.refusals import refusal
from core.records.holdings import Holdings, Position
from core.records.request import Inference
from core.records.universe import Universe

SOURCE = "question"
ROUNDING_PCT = 0.05
"""What percentages printed to a tenth may exceed the whole by."""


def holdings_of(question: Question) -> tuple[Holdings | None, tuple[Inference, ...]]:
    """Return the holdings stated now, else those of the thread while its market is asked about.

    Without stated cash the cash is what the list leaves.

    Raises:
        RequestError: more than the whole, a name that stands for several sectors, one that is
            neither a sector nor a symbol, or amounts that are no percentages.
    """
    own, symbols = question.reading.own, question.reading.symbols
    if question.held is not None:
        holdings = _stated(question, question.held)
        if (left := half_read(question.held.words, symbols)) is not None:
            raise _unread(left, question)
        value = ", ".join(_told(holdings))
        return holdings, (Inference(field="holdings", value=value, why="from_words"),)
    said = unread_holding(own, symbols) or unread_list(own, question.limits)
    if said is None and question.limits == Limits():
        said = bare_list(own, symbols)
    if said is not None:
        raise _unread(said, question)
    thread = question.thread.holdings if question.thread else None
    chosen = {universe.id for universe in question.universes}
    if thread is None or thread.universe not in chosen or "unheld" in question.reading.cues:
        return None, ()
    value = ", ".join(_told(thread))
    return thread, (Inference(field="holdings", value=value, why="from_thread"),)


def _stated(question: Question, held: Held) -> Holdings:
    if held.stray is not None:
        raise RequestError(
            refusal(
                "holding_unknown", question.language, said=held.stray, **known_sectors(question)
            )
        )
    if held.total_pct > WHOLE_PCT + ROUNDING_PCT:
        raise RequestError(refusal("holdings_over", question.language, said=f"{held.total_pct:g}"))
    universe = _market(question, held)
    weights: dict[str, float] = {}
    for phrase, percent in held.phrases:
        (sector,) = limited(
            int(phrase[1:-1]), question, over="holding_over_several", within=universe
        )
        weights[sector] = weights.get(sector, 0.0) + percent
    positions = [
        Position(sector=sector, weight=min(percent / WHOLE_PCT, 1.0))
        for sector, percent in weights.items()
    ]
    positions += [
        Position(symbol=symbol.upper(), weight=min(percent / WHOLE_PCT, 1.0))
        for symbol, percent in held.symbols
    ]
    return Holdings(
        universe=universe.id,
        dated=None,
        source=SOURCE,
        cash_weight=_cash(held, positions),
        positions=tuple(positions),
    )


def _unread(said: str, question: Question) -> RequestError:
    """Return the error for holdings that could not be read."""
    return RequestError(refusal("holding_unread", question.language, said=_as_read(said, question)))


def _as_read(said: str, question: Question) -> str:
    """Return folded words with the user's own for each sector."""
    for number, phrase in enumerate(question.reading.sectors):
        said = said.replace(f"<{number}>", phrase.said)
    return said.replace(" _", "")


def _market(question: Question, held: Held) -> Universe:
    """Return the first market asked about that has all sectors held."""
    numbers = [int(phrase[1:-1]) for phrase, _ in held.phrases]
    phrases = [question.reading.sectors[number] for number in numbers]
    for universe in question.universes:
        if all(universe.id in {name for name, _ in phrase.pairs} for phrase in phrases):
            return universe
    first = question.universes[0].id
    unknown = next(row for row in phrases if first not in {name for name, _ in row.pairs})
    raise no_such_sector(unknown, question)


def _cash(held: Held, positions: list[Position]) -> float | None:
    if held.rest_cash:
        return round(max(0.0, 1.0 - fsum(row.weight or 0.0 for row in positions)), 9)
    return None if held.cash_pct is None else min(held.cash_pct / WHOLE_PCT, 1.0)


def _told(holdings: Holdings) -> list[str]:
    """Return each position as it was understood, cash last."""
    weights = [(row.sector or row.symbol or "", row.weight or 0.0) for row in holdings.positions]
    left = round(1.0 - fsum(weight for _, weight in weights), 9)
    cash = left if holdings.cash_weight is None else holdings.cash_weight
    return [f"{name} {round(100 * weight, 2):g} %" for name, weight in [*weights, ("cash", cash)]]
