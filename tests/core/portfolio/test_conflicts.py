from dataclasses import replace

import pytest

from core.errors import MandateError
from core.portfolio.allocation import allocate
from core.portfolio.conflicts import conflicting, infeasible
from core.records.decision import Conflict
from core.records.holdings import Portfolio
from core.records.mandate import GroupLimit, Mandate, SectorCap, SectorFloor
from tests.core.portfolio.mandates import Case, case
from tests.core.portfolio.test_allocation import (
    SCORES,
    TOY,
    card_of,
    held_of,
    inputs_of,
    trading_of,
)

OPEN = Mandate(id="own", version=1, sector_cap=1.0, active_cap=1.0, turnover=1.0, no_trade_band=0.0)


def refusal(portfolio: Portfolio | None = None, **limits: object) -> MandateError:
    mandate = OPEN.model_copy(update=limits)
    with pytest.raises(MandateError) as caught:
        allocate(
            TOY, card_of(SCORES), inputs_of(), mandate, portfolio=portfolio, trading=trading_of()
        )
    return caught.value


def conflict(portfolio: Portfolio | None = None, **limits: object) -> Conflict:
    found = refusal(portfolio, **limits).conflict
    assert found is not None
    return found


def test_one_limit_that_cannot_hold_is_named_with_the_value_that_does() -> None:
    error = refusal(sector_cap=0.15)
    assert str(error) == (
        "mandate own: sector_cap 15 % cannot hold; raise sector_cap from 15 % to 20 %"
    )
    assert error.conflict == Conflict(
        limits=("sector_cap 15 %",), relaxations=("raise sector_cap from 15 % to 20 %",)
    )


def test_turnover_and_a_cap_on_cash_conflict_and_each_can_resolve_it() -> None:
    rich = held_of({"a": 0.3, "b": 0.3}, cash=0.4)
    found = conflict(rich, turnover=0.3, cash_cap=0.05)
    assert found.limits == ("turnover 30 %", "cash_cap 5 %")
    assert found.relaxations == (
        "raise turnover from 30 % to 35 %",
        "raise cash_cap from 5 % to 10 %",
    )


def test_a_floor_is_lowered_and_an_exclusion_replaced_by_a_cap() -> None:
    found = conflict(excluded=("a",), floors=(SectorFloor(sector="a", floor=0.1),))
    assert found.limits == ("floors.a 10 %", "excluded (a)")
    assert set(found.relaxations) == {
        "lower floors.a from 10 % to 0 %",
        "replace excluded (a) by a cap of 10 %",
    }


def test_groups_issuers_and_tracking_error_are_named_as_in_the_file() -> None:
    kin = GroupLimit(name="kin", symbols=("A0", "B0"), cap=0.05)
    found = conflict(groups=(kin,), floors=(SectorFloor(sector="a", floor=0.2),))
    assert found.limits == ("floors.a 20 %", "groups.kin 5 %")
    assert found.relaxations[0] == "raise groups.kin from 5 % to 10 %"
    found = conflict(issuer_cap=0.12, floors=(SectorFloor(sector="a", floor=0.3),))
    assert found.limits == ("floors.a 30 %", "issuer_cap (A0) 12 %")
    assert found.relaxations[0] == "raise issuer_cap from 12 % to 15 %"
    held = held_of({"a": 1.0})
    found = conflict(held, turnover=0.1, tracking_error_pct=1.0)
    assert found.limits == ("turnover 10 %", "tracking_error_pct 1 %")
    assert [text.split(" from ")[0] for text in found.relaxations] == [
        "raise tracking_error_pct", "raise turnover",
    ]  # fmt: skip


def test_where_no_single_change_is_enough_the_least_joint_change_is_said() -> None:
    error = refusal(excluded=("a", "b", "c"), active_cap=0.1, sector_cap=0.35, turnover=1.0)
    assert error.conflict is not None
    first = error.conflict.relaxations[0]
    assert " and " in first
    assert str(error).endswith(first)
    assert "no change of active_cap alone is enough" in error.conflict.relaxations


def test_a_turnover_nobody_stated_gives_way_as_far_as_needed_and_a_stated_one_refuses() -> None:
    excluded = Mandate(excluded=("a", "b"), active_cap=0.2)
    made = allocate(TOY, card_of(SCORES), inputs_of(), excluded)
    assert made.turnover == pytest.approx(0.4)
    words = r"turnover 30 %.* cannot all hold; raise turnover from 30 % to 40 %"
    stated = Mandate(excluded=("a", "b"), active_cap=0.2, turnover=0.3)
    with pytest.raises(MandateError, match=words):
        allocate(TOY, card_of(SCORES), inputs_of(), stated)


def test_limits_that_can_hold_have_no_conflict() -> None:
    fine = next(one for one in map(case, range(40)) if infeasible(one.problem()) is None)
    assert conflicting(fine.problem()) == ()


def test_each_relaxation_lets_the_whole_mandate_hold() -> None:
    rich = held_of({"a": 0.5, "b": 0.2}, cash=0.3)
    limits = {"turnover": 0.2, "cash_cap": 0.02, "caps": (SectorCap(sector="a", cap=0.3),)}
    found = conflict(rich, **limits)
    assert found.relaxations[0].startswith("raise turnover from 20 % to ")
    enough = float(found.relaxations[0].split(" to ")[1].split(" %")[0]) / 100.0
    one = Case(
        TOY, card_of(SCORES), inputs_of(), OPEN.model_copy(update=limits), rich, trading_of()
    )
    for turnover, holds in ((enough, True), (enough - 0.001, False)):
        mandate = one.mandate.model_copy(update={"turnover": turnover})
        assert (infeasible(replace(one, mandate=mandate).problem()) is None) == holds


def test_a_limit_on_what_the_universe_does_not_have_is_refused_by_name() -> None:
    for limits in (
        {"excluded": ("zinc",)},
        {"caps": (SectorCap(sector="zinc", cap=0.1),)},
        {"floors": (SectorFloor(sector="zinc", floor=0.1),)},
        {"groups": (GroupLimit(name="g", sectors=("zinc",), cap=0.1),)},
    ):
        assert "zinc not in universe toy" in str(refusal(**limits))
    assert "benchmark gold not in universe toy" in str(refusal(benchmark="gold"))


def test_a_limit_nobody_can_measure_is_refused_not_passed_over() -> None:
    card = card_of(SCORES)
    for limits, words in (
        ({"issuer_cap": 0.1}, "issuer_cap cannot be kept without the shares"),
        (
            {"groups": (GroupLimit(name="g", symbols=("A0",), cap=0.1),)},
            "groups.g cannot be kept without the shares",
        ),
    ):
        with pytest.raises(MandateError, match=words):
            allocate(TOY, card, inputs_of(), OPEN.model_copy(update=limits))
    with pytest.raises(MandateError, match="tracking_error_pct cannot be kept without a covar"):
        allocate(TOY, card, None, OPEN.model_copy(update={"tracking_error_pct": 2.0}))
