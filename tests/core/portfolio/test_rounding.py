from collections.abc import Iterator
from decimal import Decimal
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MandateError
from core.measures import FRACTION
from core.portfolio import rounding
from core.portfolio.allocation import allocate
from core.portfolio.bounds import combined
from core.portfolio.grid import WHOLE, at_least, at_most, whole_weights
from core.portfolio.lattice import nearest_units
from core.portfolio.limits import Limit
from core.portfolio.repair import repaired
from core.portfolio.rounding import whole_targets
from core.records.decision import Allocation
from core.records.request import Language
from core.records.universe import Universe
from core.wording import number_text
from tests.core.portfolio.mandates import case

SAMPLE, ALL = 40, 1000


DECIMAL_POINT = {"en": str.maketrans("", "", ",%"), "vi": str.maketrans(",", ".", ".%")}


def printed_total(weights: list[float], language: Language, universe: Universe) -> Decimal:
    """Return the sum of the weights as a reader of the language adds them up."""
    printed = [number_text(weight, FRACTION, language, universe) for weight in weights]
    return sum((Decimal(text.translate(DECIMAL_POINT[language])) for text in printed), Decimal(0))


def columns(allocation: Allocation) -> Iterator[list[float]]:
    """Yield every column of weights a page prints, cash and what lies outside included."""
    lines, outside = allocation.lines, allocation.outside_weight
    yield [row.benchmark_weight for row in lines]
    yield [*(row.target_weight for row in lines), allocation.cash_target_weight, outside]
    if allocation.cash_held_weight is not None:
        held = [row.held_weight or 0.0 for row in lines]
        yield [*held, allocation.cash_held_weight, outside]


def allocated(seeds: range, wanted: int) -> int:
    """Check so many allocations of seeds whose limits can hold; return how many there were."""
    made = 0
    for seed in seeds:
        one = case(seed)
        try:
            allocation = allocate(
                one.universe, one.card, one.inputs, one.mandate,
                portfolio=one.portfolio, trading=one.trading,
            )  # fmt: skip
        except MandateError:
            continue
        made += 1
        for column in columns(allocation):
            for language in get_args(Language):
                total = printed_total(column, language, one.universe)
                assert str(total) == "100.0", (seed, language)
        if made == wanted:
            break
    return made


def test_weights_as_printed_total_100_in_a_sample_of_random_allocations() -> None:
    assert allocated(range(10_000, 11_000), SAMPLE) == SAMPLE


@pytest.mark.prove
def test_weights_as_printed_total_100_in_1000_random_allocations() -> None:
    assert allocated(range(10_000, 20_000), ALL) == ALL


@settings(max_examples=25)
@given(
    weights=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=19).filter(lambda w: sum(w) > 1e-3)
)
def test_whole_weights_sum_to_one_and_miss_by_less_than_a_unit(weights: list[float]) -> None:
    given_weights = {f"s{place:02d}": weight for place, weight in enumerate(weights)}
    whole = whole_weights(given_weights)
    assert sum(whole.values()) == WHOLE
    for name, weight in given_weights.items():
        assert abs(whole[name] - WHOLE * weight / sum(weights)) < 1.0 + 1e-9


def test_a_cap_counts_whole_units_within_it_and_a_floor_those_that_reach_it() -> None:
    assert (at_most(0.1509), at_least(0.1501), at_most(0.3), at_least(0.3)) == (150, 151, 300, 300)
    assert (at_most(0.1 + 0.2), at_least(0.1 + 0.2)) == (300, 300)


SEEDS = st.integers(0, 400)
QUICK = (0, 5, 11, 14, 25, 42)
"""Seeds of each kind, held and not, with units and with none, whose search is not long."""
SHARES = st.lists(st.floats(0.01, 1.0), min_size=14, max_size=14)


@settings(max_examples=8)
@given(seed=st.sampled_from(QUICK), shares=SHARES)
def test_any_exact_weights_become_units_within_every_limit_or_none(
    seed: int, shares: list[float]
) -> None:
    keep_every_limit_or_none(seed, shares)


@pytest.mark.prove
@settings(max_examples=40)
@given(seed=SEEDS, shares=SHARES)
def test_forty_exact_weights_become_units_within_every_limit_or_none(
    seed: int, shares: list[float]
) -> None:
    keep_every_limit_or_none(seed, shares)


def keep_every_limit_or_none(seed: int, shares: list[float]) -> None:
    problem = case(seed).problem()
    start, view, bounds = problem.start, problem.view, problem.bounds
    exact = np.array(shares[: len(start.reference)])
    exact = np.clip(exact / exact.sum(), bounds.low / WHOLE, np.maximum(bounds.high, 0) / WHOLE)
    if not bounds.boxes_meet(start):
        return
    units = whole_targets(exact, start, bounds, view)
    assert units is None or bounds.keep(units, start, view)


def test_single_units_are_moved_until_the_tracking_error_holds() -> None:
    problem = next(
        one
        for one in (case(seed).problem() for seed in range(100))
        if one.view.measured and not one.start.held
    )
    start, view = problem.start, problem.view
    size = len(start.reference)
    units = start.benchmark.copy()
    units[0] += 6
    units[1] -= 6
    error = view.variance((units - start.benchmark)[:-1] / WHOLE) ** 0.5
    plain = Limit("long_only", "long_only", low=np.zeros(size, np.int64), high=np.full(size, WHOLE))
    tight = Limit("tracking_error", "tracking_error_pct", tracking=0.9 * error)
    bounds = combined((plain, tight), size)
    assert bounds.excess(units[None], start, view)[0] > 0.0
    found = repaired(units, start, bounds, view)
    assert found is not None
    assert bounds.keep(found, start, view)
    assert np.abs(found - units).sum() == 2
    searched = nearest_units(units / WHOLE, start, bounds, view)
    assert searched is not None
    assert bounds.keep(searched, start, view)
    assert np.abs(searched - units).sum() == 2


def test_where_moves_end_the_nearest_units_of_all_are_searched() -> None:
    problem = case(0).problem()
    start, view = problem.start, problem.view
    size = len(start.reference)
    row = np.zeros(size)
    row[0] = 0.5
    half = Limit("issuer_cap", "issuer_cap", "X", row=row, most=10.2, counted=False)
    least = Limit("sector_floor", "floors", "s00", low=np.array([20] + [0] * (size - 1)))
    bounds = combined((half, least), size)
    units = nearest_units(start.benchmark / WHOLE, start, bounds, view)
    assert units is not None
    assert units[0] == 20
    closed = combined((half, Limit("sector_floor", "floors", "s00", low=least.low), Limit(
        "sector_floor", "floors", "s00", low=np.array([21] + [0] * (size - 1)))), size)  # fmt: skip
    assert nearest_units(start.benchmark / WHOLE, start, closed, view) is None


def test_no_limit_is_passed_where_the_grid_leaves_nothing() -> None:
    assert rounding.SNAP < 0.5
    problem = case(0).problem()
    size = len(problem.start.reference)
    row = np.ones(size)
    row[-1] = 0.0
    low = np.full(size, 0, dtype=np.int64)
    high = np.full(size, WHOLE, dtype=np.int64)
    high[-1] = 0
    short = Limit("group_cap", "groups", "all", row=row, most=WHOLE - 0.5, counted=False)
    bounds = combined((Limit("long_only", "long_only", low=low, high=high), short), size)
    exact = problem.start.benchmark / WHOLE
    assert whole_targets(exact, problem.start, bounds, problem.view) is None
