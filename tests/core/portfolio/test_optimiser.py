from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from core.errors import MandateError
from core.portfolio.allocation import allocate
from core.portfolio.bounds import combined
from core.portfolio.conflicts import Infeasible, infeasible
from core.portfolio.grid import WHOLE
from core.portfolio.optimiser import best_weights, feasible, nearest_weights, unlimited_weights
from core.portfolio.relaxing import LOWERED, Relaxation, relaxed
from core.portfolio.targets import targets_of
from tests.core.portfolio import oracle
from tests.core.portfolio.mandates import Case, case

SAMPLE, ALL = 30, 500


def check_optimum(seed: int, one: Case) -> None:
    problem = one.problem()
    base = problem.start.benchmark / WHOLE
    found, wanted = targets_of(problem), oracle.best(one)
    ours, theirs = (problem.view.utility((w - base)[:-1]) for w in (found.exact, wanted))
    assert ours == pytest.approx(theirs, abs=1e-6), seed
    assert found.exact == pytest.approx(wanted, abs=1e-4), seed
    assert problem.bounds.keep(found.units, problem.start, problem.view), seed


def check_conflict(seed: int, one: Case, found: Infeasible) -> None:
    names = [limit.name for limit in found.limits]
    assert oracle.missed(one, one.mandate, names) > oracle.EASE, (seed, names)
    for name in names:
        others = [other for other in names if other != name]
        assert oracle.missed(one, one.mandate, others) <= oracle.EASE, (seed, name)
    for change in found.relaxations:
        if change.after is not None:
            check_relaxation(seed, one, found, change)
    if all(change.after is None for change in found.relaxations):
        check_together(seed, one, found)


def check_relaxation(seed: int, one: Case, found: Infeasible, change: Relaxation) -> None:
    assert change.after is not None
    limit = next(row for row in found.limits if row.value_name == change.name)
    less = change.after * 0.99
    if change.field in LOWERED:
        less = change.after + 0.01 * max(change.after, 0.1)
    for value, enough in ((change.after, True), (less, False)):
        mandate = relaxed(one.problem(), limit, value).mandate
        miss = oracle.missed(replace(one, mandate=mandate), mandate)
        assert (miss <= oracle.EASE) == enough, (seed, change.text, value, miss)


def check_together(seed: int, one: Case, found: Infeasible) -> None:
    assert len(found.together) > 1, seed
    problem = one.problem()
    for change in sorted(found.together, key=lambda change: change.field != "excluded"):
        limit = next(row for row in problem.limits if row.value_name == change.name)
        assert change.after is not None
        problem = relaxed(problem, limit, change.after)
    mandate = problem.mandate
    assert oracle.missed(replace(one, mandate=mandate), mandate) <= oracle.EASE, seed


def verdict(seed: int) -> str:
    one = case(seed)
    conflict = infeasible(one.problem())
    possible = oracle.missed(one, one.mandate) <= oracle.EASE
    assert possible == (conflict is None), seed
    if conflict is None:
        check_optimum(seed, one)
        return "feasible"
    with pytest.raises(MandateError) as caught:
        allocate(
            one.universe, one.card, one.inputs, one.mandate,
            portfolio=one.portfolio, trading=one.trading,
        )  # fmt: skip
    assert caught.value.conflict is not None
    assert len(caught.value.conflict.limits) == len(conflict.limits)
    check_conflict(seed, one, conflict)
    return "infeasible"


def test_a_sample_of_mandates_has_the_oracles_optimum_or_its_verdict() -> None:
    tally = Counter(verdict(seed) for seed in range(SAMPLE))
    assert min(tally["feasible"], tally["infeasible"]) > SAMPLE // 5


@pytest.mark.parametrize("seed", [155, 200, 469])
def test_a_cap_that_gives_way_goes_on_overriding_the_active_cap(seed: int) -> None:
    one = case(seed)
    found = infeasible(one.problem())
    assert found is not None
    check_together(seed, one, found)


@pytest.mark.prove
@pytest.mark.timeout(1200)
def test_500_mandates_have_the_oracles_optimum_or_its_verdict() -> None:
    tally = Counter(verdict(seed) for seed in range(ALL))
    print(
        f"{ALL} mandates: {dict(sorted(tally.items()))}; solves {dict(sorted(oracle.USED.items()))}"
    )
    assert min(tally["feasible"], tally["infeasible"]) > ALL // 5


def test_without_binding_limits_the_best_weights_are_the_closed_form() -> None:
    seen = 0
    for seed in range(8):
        problem = case(seed).problem()
        start = replace(problem.start, most_cash=WHOLE)
        size = len(start.reference)
        wide = combined((), size)
        cash = int(start.reference[-1])
        fixed = np.zeros(size, dtype=np.bool_)
        fixed[-1] = True
        bounds = wide.fixed(fixed, start.reference)
        exact = best_weights(problem.view, start, bounds)
        free = unlimited_weights(
            problem.view, start, start.reference[:-1] / WHOLE, np.ones(size - 1, dtype=np.bool_),
            cash / WHOLE,
        )  # fmt: skip
        assert exact is not None
        if (np.abs(free) < 1.9).all():
            assert exact == pytest.approx(free, abs=1e-6)
            seen += 1
    assert seen > 3


def test_free_cash_takes_what_the_sectors_leave() -> None:
    problem = case(1).problem()
    n = len(problem.start.sectors)
    free = unlimited_weights(
        problem.view, problem.start, np.zeros(n), np.ones(n, dtype=np.bool_), None
    )
    active = np.linalg.solve(
        problem.view.risk_aversion * problem.view.covariance, problem.view.alpha
    )
    assert free[:-1] == pytest.approx(problem.start.benchmark[:-1] / WHOLE + active, abs=1e-12)
    assert free.sum() == pytest.approx(problem.start.total / WHOLE)


def test_the_nearest_weights_leave_places_where_the_limits_allow_it() -> None:
    problem = next(one for one in (case(seed).problem() for seed in range(50)) if one.start.held)
    size = len(problem.start.reference)
    places = np.array([True] * (size - 1) + [False])
    near = nearest_weights(problem.view, problem.start, combined((), size), places)
    assert near == pytest.approx(problem.start.reference / WHOLE, abs=1e-6)


def test_bounds_that_cross_are_infeasible_before_any_solver_is_asked() -> None:
    problem = case(3).problem()
    bounds = combined((), len(problem.start.reference))
    crossed = replace(bounds, low=bounds.high, high=bounds.low)
    assert not feasible(problem.view, problem.start, crossed)
    assert best_weights(problem.view, problem.start, crossed) is None
