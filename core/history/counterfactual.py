"""Decides which inputs of a decision are exchanged, in which order, and recomputes it each time.

From before to after, one group at a time:

    calendar   as_of, and what changed in answers made of the same rows of the same sources
    data       all other factors, the covariance, benchmark weights, trading conditions, and the
               portfolio where the same holdings are worth something else
    model      learned weights, how long they were trained, and the forecast's record
    holdings   the portfolio where other holdings were stated
    mandate    every limit and preference, and benchmark weights where it names another benchmark

The stored decision comes before the first and after the last: where today's program does not
reproduce it, the difference is the program's. It refuses to compare universes or horizons.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import fsum

from core.errors import MandateError
from core.portfolio.allocation import allocate
from core.portfolio.scoring import scorecard
from core.records.decision import Allocation, Scorecard
from core.records.history import Answered, Cause, Snapshot
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.plan import ToolName
from core.records.result import FactorValue
from core.records.scoring import ScoringResult
from core.records.trading import TradingResult
from core.records.universe import Horizon, Universe
from core.signals.cross_section import DECIMALS

Group = tuple[str, ...]
RISK: Group = ("covariance",)
BENCHMARK: Group = (
    "benchmark_weights", "benchmark", "benchmark_weights_source", "benchmark_weights_as_of",
    "benchmark_weights_origin",
)  # fmt: skip
LEARNED: Group = ("weights", "trained_until", "skill")
"""Fields of the scoring inputs that are exchanged together."""

Key = tuple[str, bool]
"""A name held, and whether by shares."""


@dataclass(frozen=True, slots=True)
class Step:
    """A decision on the way, and what was exchanged last; no allocation: its limits conflict."""

    cause: Cause
    card: Scorecard
    allocation: Allocation | None


@dataclass(frozen=True, slots=True)
class _Inputs:
    """All a decision is computed from."""

    as_of: date
    horizon: Horizon
    factors: tuple[FactorValue, ...]
    scoring: ScoringResult | None
    trading: TradingResult | None
    portfolio: Portfolio | None
    mandate: Mandate


def steps(before: Snapshot, after: Snapshot, universe: Universe) -> tuple[Step, ...]:
    """Return the decisions from the stored one before to the stored one after.

    A mixture whose limits conflict has no allocation; a change is then booked where they next hold.
    """
    path = [Step("program", before.card, before.allocation)]
    last: _Inputs | None = None
    for cause, inputs in _exchanged(before, after):
        if inputs == last:
            path.append(Step(cause, path[-1].card, path[-1].allocation))
        else:
            path.append(_decided(cause, inputs, universe, path[-1].card))
        last = inputs
    return (*path, Step("program", after.card, after.allocation))


def same_rows(before: Snapshot, after: Snapshot, step: str | None) -> bool:
    """Tell whether a planned call was answered both times from the same rows of the same sources.

    False where an answer does not say what it knew.
    """
    first, second = _answer(before, step), _answer(after, step)
    if first is None or second is None or first.known_at is None:
        return False
    return (first.known_at, first.sources) == (second.known_at, second.sources)


def without_data(before: Snapshot, after: Snapshot) -> Cause:
    """Return why something changed although its rows did not: time, unless none has passed."""
    same = before.as_of == after.as_of or before.card.universe_hash != after.card.universe_hash
    return "program" if same else "calendar"


def step_of(found: Snapshot, tool: ToolName) -> str | None:
    """Return the first call of a tool that was answered."""
    steps_of = (row.step for row in found.answered if row.tool == tool and row.reason is None)
    return next(steps_of, None)


def _exchanged(before: Snapshot, after: Snapshot) -> Iterator[tuple[Cause, _Inputs]]:
    """Yield the inputs after each exchange."""
    inputs = _inputs(before)
    timeless = _timeless(before, after)
    chosen = before.mandate.benchmark != after.mandate.benchmark
    market: Group = RISK if chosen else (*RISK, *BENCHMARK)
    early = market if same_rows(before, after, step_of(after, "get_scoring_inputs")) else ()
    still = replace(
        inputs,
        factors=_factors(before.factors, after.factors, timeless),
        scoring=_scoring(before, after, early),
    )
    cause = without_data(before, after)
    yield "program", still if cause == "program" else inputs
    still = replace(still, as_of=after.as_of)
    yield "calendar", still
    data = replace(
        still,
        factors=after.factors,
        scoring=_scoring(before, after, market),
        trading=after.trading,
        portfolio=after.portfolio if _same_holdings(before, after) else before.portfolio,
    )
    yield "data", data
    model = replace(data, scoring=_scoring(before, after, (*market, *LEARNED)))
    yield "model", model
    holdings = replace(model, portfolio=after.portfolio)
    yield "holdings", holdings
    yield "mandate", replace(holdings, mandate=after.mandate, scoring=after.inputs)


def _inputs(found: Snapshot) -> _Inputs:
    return _Inputs(
        as_of=found.as_of,
        horizon=found.horizon,
        factors=found.factors,
        scoring=found.inputs,
        trading=found.trading,
        portfolio=found.portfolio,
        mandate=found.mandate,
    )


def _decided(cause: Cause, inputs: _Inputs, universe: Universe, last: Scorecard) -> Step:
    """Return the decision; where the mixture cannot be scored, the last card without weights."""
    card = last
    try:
        card = scorecard(
            universe,
            inputs.factors,
            inputs.scoring,
            as_of=inputs.as_of,
            horizon=inputs.horizon,
            fixed=inputs.mandate.factor_weights,
        )
        allocation = allocate(
            universe,
            card,
            inputs.scoring,
            inputs.mandate,
            portfolio=inputs.portfolio,
            trading=inputs.trading,
        )
    except MandateError:
        return Step(cause, card, None)
    return Step(cause, card, allocation)


def _answer(found: Snapshot, step: str | None) -> Answered | None:
    rows = (row for row in found.answered if row.step == step and row.reason is None)
    return next(rows, None)


def _timeless(before: Snapshot, after: Snapshot) -> frozenset[str]:
    """Return the factors taken both times from one call answered from the same rows."""
    found: set[str] = set()
    for row in after.answered:
        earlier = _answer(before, row.step)
        if earlier is not None and same_rows(before, after, row.step):
            found |= set(row.factors) & set(earlier.factors)
    return frozenset(found)


def _factors(
    before: tuple[FactorValue, ...], after: tuple[FactorValue, ...], moved: frozenset[str]
) -> tuple[FactorValue, ...]:
    kept = [row for row in before if row.factor not in moved]
    taken = [row for row in after if row.factor in moved]
    return tuple(sorted((*kept, *taken), key=lambda row: (row.factor, row.sector)))


def _scoring(before: Snapshot, after: Snapshot, moved: Group) -> ScoringResult | None:
    """Return the inputs with these fields as they were after, the others as they were before."""
    base = before.inputs or after.inputs
    if not moved or base is None:
        return before.inputs
    fields = {
        name: _field(after.inputs if name in moved else before.inputs, name)
        for name in (*RISK, *BENCHMARK, *LEARNED)
    }
    return base.model_copy(update=fields)


def _field(inputs: ScoringResult | None, name: str) -> object:
    if inputs is None:
        return ScoringResult.model_fields[name].default
    found: object = getattr(inputs, name)
    return found


def _same_holdings(before: Snapshot, after: Snapshot) -> bool:
    """Tell whether both portfolios value one statement of what is held; prices may differ."""
    first, second = before.portfolio, after.portfolio
    if first is None or second is None:
        return first is second
    if (first.dated, first.source) != (second.dated, second.source):
        return False
    if first.stated != second.stated:
        return False
    held, still = _stated(first), _stated(second)
    named = {*held, *_unpriced(first)}, {*still, *_unpriced(second)}
    return named[0] == named[1] and all(held[key] == still[key] for key in held if key in still)


def _stated(portfolio: Portfolio) -> dict[Key, float]:
    """Return what is stated of each name, all its rows together: shares, and weights."""
    rows: dict[Key, list[float]] = {}
    for row in portfolio.positions:
        by_shares = row.quantity is not None
        amount = row.held_weight if row.quantity is None else row.quantity
        rows.setdefault((row.symbol or row.sector or "", by_shares), []).append(amount)
    return {key: round(fsum(amounts), DECIMALS) for key, amounts in rows.items()}


def _unpriced(portfolio: Portfolio) -> set[Key]:
    return {(name, True) for name in portfolio.unpriced}
