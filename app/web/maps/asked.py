"""Decides which data a map is drawn from: the sectors and the benchmark as known on a day."""

from dataclasses import dataclass

from app.render.words import Words
from app.web.asked import Asked, held_of, market_of, words_of
from app.web.house import House
from app.web.worded import Gapped, gap_said
from core.errors import UnknownIdError
from core.markets.benchmark import Measured, measured, named_benchmark
from core.panel import MarketPanels
from core.records.result import GapReason
from core.records.universe import Benchmark, Universe
from tools.scope import Scope, named_gap


@dataclass(frozen=True, slots=True)
class Known:
    """Panels as known on the scope's day, the sectors beside their benchmark."""

    panels: MarketPanels
    against: Measured


@dataclass(frozen=True, slots=True)
class Drawing:
    """One question for a map. `known` is None exactly when `gap` says why."""

    universe: Universe
    words: Words
    mark: Benchmark
    scope: Scope
    known: Known | None
    gap: Gapped | None


def drawing_of(house: House, asked: Asked) -> Drawing:
    """Return what a map of the question is drawn from.

    Raises:
        UnknownUniverseError: there is no such universe.
        CallerError: an unknown benchmark, or a date yet to come.
    """
    universe = market_of(house, asked)
    words = words_of(universe, asked)
    mark = named_benchmark(universe, asked.benchmark)
    scope = house.tools.scope(universe.id, asked.as_of)
    known = None if scope.panels is None else _known(scope.panels, mark)
    if isinstance(known, Known):
        return Drawing(universe, words, mark, scope, known, None)
    gap = scope.gap or named_gap(known or "no_data", "prices")
    said = gap_said(gap, words, held=held_of(house, universe))
    return Drawing(universe, words, mark, scope, None, said)


def _known(panels: MarketPanels, mark: Benchmark) -> Known | GapReason:
    against = measured(panels, mark)
    return Known(panels, against) if isinstance(against, Measured) else against


def sectors_of(drawing: Drawing, listed: str | None) -> frozenset[str] | None:
    """Return the sectors asked for, None for all.

    Raises:
        UnknownIdError: the universe has no such sector; the sentence lists those it has.
    """
    wanted = frozenset(listed.split(",")) if listed else None
    known = drawing.universe.sector_ids
    unknown = sorted((wanted or frozenset()) - set(known))
    if unknown:
        choices = ", ".join(known)
        raise UnknownIdError(
            f"{drawing.universe.id} has no sector {unknown[0]!r}: use one of {choices}"
        )
    return wanted
