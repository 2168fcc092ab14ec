from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MandateError
from core.portfolio.allocation import allocate
from core.portfolio.optimiser import feasible
from core.portfolio.problem import Problem, problem_of
from core.portfolio.relaxing import relaxed
from core.portfolio.targets import targets_of
from core.portfolio.yielding import given_way, settled
from core.records.decision import Allocation, Scorecard
from core.records.holdings import Portfolio
from core.records.mandate import GroupLimit, Mandate, SectorCap, SectorFloor
from tests.core.market import universe
from tests.core.portfolio.mandates import case
from tests.core.portfolio.test_allocation import card_of, held_of, inputs_of, trading_of

THREE = ("banks", "estate", "steel")
FIVE = ("a", "b", "c", "d", "e")
ELEVEN = tuple(f"s{place:02d}" for place in range(11))
GENERAL = ("sector_cap", "active_cap", "turnover")


def made(names: tuple[str, ...], mandate: Mandate) -> Allocation:
    of = universe(names)
    card = card_of({name: float(place) for place, name in enumerate(names)}, of=of)
    return allocate(of, card, None if len(names) > 5 else inputs_of(None, names), mandate)


def weights(allocation: Allocation) -> dict[str, float]:
    return {row.sector: row.target_weight for row in allocation.lines}


def holds(problem: Problem) -> bool:
    return feasible(problem.view, problem.start, problem.bounds)


def open_problem(seed: int) -> Problem:
    """Return a random problem whose general limits nobody stated."""
    problem = case(seed).problem()
    return replace(problem, mandate=problem.mandate.model_copy(update={"assumed": GENERAL}))


def answer(
    card: Scorecard, mandate: Mandate, portfolio: Portfolio
) -> tuple[Allocation | None, MandateError | None]:
    conditions = trading_of()
    try:
        return allocate(
            universe(FIVE), card, inputs_of(), mandate, portfolio=portfolio, trading=conditions
        ), None
    except MandateError as error:
        return None, error


def test_a_floor_above_every_assumed_limit_is_kept() -> None:
    floored = Mandate(floors=(SectorFloor(sector="banks", floor=0.55),))
    assert weights(made(THREE, floored))["banks"] >= 0.55


def test_a_floor_of_cash_is_kept_where_assumed_limits_would_leave_less() -> None:
    assert made(THREE, Mandate(cash_floor=0.4)).cash_target_weight == 0.4


def test_six_of_eleven_sectors_can_be_excluded() -> None:
    found = weights(made(ELEVEN, Mandate(excluded=ELEVEN[:6])))
    assert {found[name] for name in ELEVEN[:6]} == {0.0}
    assert sum(found.values()) == pytest.approx(1.0)


def test_all_but_one_sector_can_be_excluded() -> None:
    assert weights(made(ELEVEN, Mandate(excluded=ELEVEN[1:])))[ELEVEN[0]] == 1.0


def test_a_stated_general_limit_never_gives_way_to_others() -> None:
    for name, value in (("active_cap", 0.1), ("sector_cap", 0.15), ("turnover", 0.3)):
        limits = {"excluded": ELEVEN[:6], name: value}
        with pytest.raises(MandateError) as caught:
            made(ELEVEN, Mandate.model_validate(limits))
        assert caught.value.conflict is not None
        named = {text.split()[0] for text in caught.value.conflict.limits}
        assert named <= {name, "excluded"}
        assert name in named


def test_stated_limits_that_conflict_are_refused_by_their_own_names_only() -> None:
    floors = tuple(SectorFloor(sector=name, floor=0.4) for name in THREE)
    with pytest.raises(MandateError) as caught:
        made(THREE, Mandate(floors=floors))
    assert caught.value.conflict is not None
    assert caught.value.conflict.limits == tuple(f"floors.{name} 40 %" for name in THREE)
    assert caught.value.conflict.relaxations[0] == "lower floors.banks from 40 % to 20 %"
    with pytest.raises(MandateError) as caught:
        made(THREE, Mandate(excluded=THREE))
    assert caught.value.conflict is not None
    assert caught.value.conflict.limits == tuple(f"excluded ({name})" for name in THREE)


@pytest.mark.parametrize("seed", range(60))
def test_assumed_limits_give_way_exactly_as_far_as_the_stated_ones_need(seed: int) -> None:
    problem = open_problem(seed)
    found = given_way(problem)
    loose = problem
    by_name = {limit.name: limit for limit in problem.limits}
    for name in GENERAL:
        loose = relaxed(loose, by_name[name], 1.0)
    assert holds(found) == holds(loose)
    if not holds(found):
        return
    for name in GENERAL:
        before, after = getattr(problem.mandate, name), getattr(found.mandate, name)
        assert after >= before
        if after > before:
            less = max(before, after - 0.001)
            assert not holds(relaxed(found, by_name[name], less)), name
    if holds(problem):
        assert found.mandate == problem.mandate


def test_turnover_gives_way_before_the_active_cap_and_that_before_the_sector_cap() -> None:
    def moved(mandate: Mandate) -> set[str]:
        problem = problem_of(
            universe(FIVE), card_of(dict.fromkeys(FIVE, 0.0)), inputs_of(), mandate,
            portfolio=None, trading=None,
        )  # fmt: skip
        after = given_way(problem).mandate
        return {name for name in GENERAL if getattr(after, name) != getattr(mandate, name)}

    assert moved(Mandate(active_cap=0.2, excluded=("a", "b"))) == {"turnover"}
    assert moved(Mandate(excluded=("a", "b"), turnover=0.4)) == {"active_cap"}
    assert moved(Mandate(excluded=("a", "b", "c"))) == set(GENERAL)


@pytest.mark.parametrize("seed", [124, 181, 289])
def test_assumed_limits_give_way_further_where_the_grid_needs_it(seed: int) -> None:
    problem = open_problem(seed)
    given = given_way(problem)
    with pytest.raises(MandateError, match="whole tenths"):
        targets_of(given)
    found, targets = settled(problem)
    assert found.mandate.turnover == pytest.approx(given.mandate.turnover + 0.001)
    assert found.bounds.keep(targets.units, found.start, found.view)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    floor=st.floats(0.0, 0.7),
    cap=st.floats(0.0, 1.0),
    cash=st.floats(0.0, 0.9),
    held=st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6).filter(lambda row: sum(row) > 0.1),
    issuer=st.floats(0.02, 0.6),
    kin=st.floats(0.02, 0.6),
)
def test_under_assumed_limits_only_stated_ones_are_ever_refused(
    floor: float, cap: float, cash: float, held: list[float], issuer: float, kin: float
) -> None:
    parts = (np.array(held) / sum(held)).tolist()
    mandate = Mandate(
        floors=(SectorFloor(sector="a", floor=floor),),
        caps=(SectorCap(sector="b", cap=cap),),
        cash_floor=cash,
        issuer_cap=issuer,
        groups=(GroupLimit(name="kin", symbols=("A0", "B1", "C0"), cap=kin),),
    )
    portfolio = held_of(dict(zip(FIVE, parts[:5], strict=True)), cash=parts[5])
    card = card_of(dict(zip(FIVE, held, strict=False)))
    found, error = answer(card, mandate, portfolio)
    if found is None:
        assert error is not None
        assert error.conflict is not None, error
        named = {text.split()[0] for text in error.conflict.limits}
        assert not named & set(GENERAL), error
        return
    assert weights(found)["a"] >= floor - 1e-9
    assert found.cash_target_weight >= cash - 1e-9
