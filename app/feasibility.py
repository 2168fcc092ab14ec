"""Decides whether a mandate's limits can all hold in a universe, from what is held there.

No view is taken: every sector scores the same, so only the limits speak.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agents.router import trading_steps
from app.data import tool_context
from app.files.holdings import load_holdings
from app.settings import Settings
from core.errors import CallerError, DateError, EmptyStoreError, MandateError
from core.gaps import gap_sentence
from core.portfolio.allocation import allocate
from core.portfolio.holdings import valued
from core.portfolio.merging import trading_conditions as merged
from core.records.decision import Allocation, Scorecard, SectorScore
from core.records.desk import Desk
from core.records.holdings import Portfolio
from core.records.mandate import Mandate, MandateBook
from core.records.scoring import ScoringResult
from core.records.trading import TradingResult
from core.records.universe import Universe
from core.signals.catalogue import FACTORS
from tools.context import ToolContext
from tools.decisions.scoring import scoring_inputs
from tools.market.trading import trading_conditions as conditions_of
from tools.sources.demo import ensure_demo

FACTOR_IDS = frozenset(spec.id for spec in FACTORS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one version's limits can all hold: an allocation, or the error that says why not.

    held: date of the holdings it starts from; None from the benchmark.
    """

    mandate: Mandate
    as_of: date
    held: date | None
    allocation: Allocation | None
    error: MandateError | None


def verdicts(
    book: MandateBook,
    universe: Universe,
    settings: Settings,
    universes: dict[str, Universe],
    *,
    as_of: date | None,
) -> tuple[Verdict, ...]:
    """Return the verdict on the version in force at as_of and on each that begins later.

    Args:
        book: of this universe, or of none.
        universe: what the limits are about.
        settings: name the home with prices and holdings.
        universes: all, by id.
        as_of: the last session without one.

    Raises:
        CallerError: the book is of another universe, or the holdings do not add up.
        DataError: no data, or the holdings cannot be read.
    """
    if book.universe not in {None, universe.id}:
        raise CallerError(f"mandate {book.id} is of {book.universe}: use -u {book.universe}")
    context = tool_context(settings, universes)
    if universe.synthetic:
        ensure_demo(context.store, universe)
    day = _inputs(context, universe, as_of, None).as_of
    found = []
    for version in book.versions:
        if version == book.at(day) or (version.valid_from or day) > day:
            inputs = _inputs(context, universe, day, version.benchmark)
            trading, portfolio = _held(context, universe, day, version, settings.home_dir)
            found.append(_verdict(universe, version, inputs, trading, portfolio))
    return tuple(found)


def _verdict(
    universe: Universe,
    mandate: Mandate,
    inputs: ScoringResult,
    trading: TradingResult | None,
    portfolio: Portfolio | None,
) -> Verdict:
    held = None if portfolio is None else portfolio.dated
    unknown = sorted({row.factor for row in mandate.factor_weights} - FACTOR_IDS)
    if unknown:
        told = f"mandate {mandate.id}: {', '.join(unknown)} is no factor; factors are "
        error = MandateError(told + ", ".join(sorted(FACTOR_IDS)))
        return Verdict(mandate, inputs.as_of, held, None, error)
    card = _neutral(universe, inputs.as_of)
    try:
        found = allocate(universe, card, inputs, mandate, portfolio=portfolio, trading=trading)
    except MandateError as error:
        return Verdict(mandate, inputs.as_of, held, None, error)
    return Verdict(mandate, inputs.as_of, held, found, None)


def _inputs(
    context: ToolContext, universe: Universe, as_of: date | None, benchmark: str | None
) -> ScoringResult:
    known = {mark.id for mark in universe.benchmarks}
    named = benchmark if benchmark in known else None
    inputs = scoring_inputs(context, region=universe.id, as_of=as_of, benchmark=named)
    if inputs.gap is not None:
        error = EmptyStoreError if inputs.gap.reason == "no_data" else DateError
        raise error(gap_sentence(inputs.gap, universe, "en"))
    return inputs


def _held(
    context: ToolContext, universe: Universe, day: date, mandate: Mandate, home: Path
) -> tuple[TradingResult | None, Portfolio | None]:
    """Return the trading conditions a run would ask for, None if none, and what is held."""
    desk = Desk(mandate=mandate, holdings=load_holdings(home, universe.id, day))
    asked = [step.arguments for step in trading_steps(universe.id, desk, as_of=day)]
    trading = merged(
        [
            conditions_of(context, region=row.region, symbols=row.symbols, as_of=row.as_of)
            for row in asked
        ]
    )
    if desk.holdings is None:
        return trading, None
    return trading, valued(desk.holdings, universe, trading, as_of=day)


def _neutral(universe: Universe, day: date) -> Scorecard:
    """Return a scorecard without a view: every sector scores the same."""
    scores = tuple(
        SectorScore(sector=name, score=0.0, rank=None, confidence=0.0, contributions=())
        for name in universe.sector_ids
    )
    return Scorecard(
        universe=universe.id,
        universe_hash=universe.content_hash(),
        as_of=day,
        horizon=universe.horizons[0],
        weights_source="packaged",
        trained_until=None,
        skill=None,
        sectors=scores,
    )
