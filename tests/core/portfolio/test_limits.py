from dataclasses import replace

import numpy as np
import pytest

from core.portfolio.bounds import combined
from core.portfolio.grid import WHOLE
from core.portfolio.limits import Limit, limits_of, stated
from core.portfolio.look_through import look_through
from core.portfolio.problem import Problem, problem_of
from core.records.holdings import HeldPosition, Portfolio
from core.records.mandate import GroupLimit, Mandate, SectorCap, SectorFloor
from tests.core.portfolio.mandates import case
from tests.core.portfolio.test_allocation import (
    SCORES,
    TOY,
    card_of,
    held_of,
    inputs_of,
    trading_of,
)


def posed(mandate: Mandate, portfolio: Portfolio | None = None) -> Problem:
    return problem_of(
        TOY, card_of(SCORES), inputs_of(), mandate, portfolio=portfolio, trading=trading_of()
    )


def named(problem: Problem) -> dict[str, Limit]:
    return {limit.name: limit for limit in problem.limits}


FULL = Mandate(
    version=1,
    sector_cap=0.4,
    active_cap=0.1,
    turnover=0.25,
    tracking_error_pct=3.0,
    cash_floor=0.02,
    cash_cap=0.1,
    issuer_cap=0.2,
    groups=(
        GroupLimit(name="pair", sectors=("a", "b"), cap=0.5),
        GroupLimit(name="kin", symbols=("A0", "B0"), cap=0.3),
    ),
    caps=(SectorCap(sector="c", cap=0.15),),
    floors=(SectorFloor(sector="d", floor=0.05),),
    excluded=("e",),
)


def test_every_limit_has_the_name_it_has_in_the_file() -> None:
    names = [limit.name for limit in posed(FULL).limits]
    assert names == [
        "long_only", "sector_cap", "active_cap", "turnover", "cash_floor", "cash_cap",
        "tracking_error_pct", "caps.c", "floors.d", "excluded (e)", "groups.kin", "groups.pair",
        "issuer_cap (A0)", "issuer_cap (B0)", "issuer_cap (C0)", "issuer_cap (D0)",
        "issuer_cap (E0)",
    ]  # fmt: skip


def test_a_limits_value_is_what_the_mandate_states() -> None:
    limits = named(posed(FULL))
    values = {name: stated(FULL, limit) for name, limit in limits.items() if name != "long_only"}
    assert values["turnover"] == 0.25
    assert values["tracking_error_pct"] == pytest.approx(0.03)
    assert (values["caps.c"], values["floors.d"], values["excluded (e)"]) == (0.15, 0.05, None)
    assert (values["groups.kin"], values["issuer_cap (A0)"]) == (0.3, 0.2)


def test_a_cap_or_an_exclusion_overrides_the_active_cap_from_below() -> None:
    bounds = posed(FULL).bounds
    low, high = bounds.low.tolist(), bounds.high.tolist()
    assert (low[0], high[0]) == (100, 300)
    assert (low[2], high[2]) == (100, 150)
    assert (low[4], high[4]) == (0, 0)
    tight = posed(FULL.model_copy(update={"caps": (SectorCap(sector="c", cap=0.04),)})).bounds
    assert (tight.low[2], tight.high[2]) == (40, 40)


def test_the_packaged_mandate_gives_way_to_the_benchmark_and_to_what_is_held() -> None:
    held = held_of({"a": 0.7, "b": 0.02}, cash=0.28)
    packaged = posed(Mandate(), held)
    assert packaged.bounds.high[0] == 700
    assert packaged.bounds.low[1] == 20
    assert packaged.bounds.keep(packaged.start.reference, packaged.start, packaged.view)
    stated = Mandate(version=1, sector_cap=0.3, active_cap=0.1, turnover=0.3)
    own = posed(stated, held)
    assert (own.bounds.high[0], own.bounds.low[1]) == (300, 100)
    floored = posed(Mandate(floors=(SectorFloor(sector="b", floor=0.45),)), held)
    assert floored.bounds.high[1] >= floored.bounds.low[1] == 450


def test_a_stated_cap_holds_in_the_packaged_mandate_too() -> None:
    held = held_of({"a": 0.7}, cash=0.3)
    capped = Mandate(caps=(SectorCap(sector="a", cap=0.5),), excluded=("b",))
    assert posed(capped, held).bounds.high[:2].tolist() == [500, 0]


def test_of_two_values_for_one_sector_the_tighter_counts() -> None:
    twice = Mandate(
        version=1,
        caps=(SectorCap(sector="a", cap=0.3), SectorCap(sector="a", cap=0.25)),
        floors=(SectorFloor(sector="b", floor=0.1), SectorFloor(sector="b", floor=0.12)),
    )
    bounds = posed(twice).bounds
    assert (bounds.high[0], bounds.low[1]) == (250, 120)


def test_what_is_held_of_an_issuer_outside_the_universe_counts_against_its_cap() -> None:
    beside = HeldPosition(
        symbol="A0", sector=None, quantity=None, close_level=None, value_bn=None, held_weight=0.05
    )
    held = held_of({"a": 0.5, "b": 0.4}, outside=0.1).model_copy(update={"positions": (beside,)})
    limits = named(posed(FULL, held))
    assert limits["issuer_cap (A0)"].most == pytest.approx(150.0)
    assert limits["issuer_cap (A1)"].most == pytest.approx(200.0)
    assert limits["groups.kin"].most == pytest.approx(250.0)


def test_only_the_largest_issuer_of_a_basket_is_asked_and_kin_of_several_sectors() -> None:
    trading = trading_of()
    rows = [
        row.model_copy(update={"symbol": "A0"}) if row.symbol == "B1" else row
        for row in trading.rows
    ]
    look = look_through(TOY, trading.model_copy(update={"rows": tuple(rows)}), None)
    assert look.telling == ("A0", "A1", "B0", "C0", "D0", "E0")
    assert look.row(("A0",)).tolist() == [0.5, 0.5, 0.0, 0.0, 0.0, 0.0]


def test_leaving_issuers_out_that_cannot_pass_the_cap_changes_no_answer() -> None:
    for seed in range(60):
        one = case(seed)
        problem = one.problem()
        if one.mandate.issuer_cap is None:
            continue
        size = len(problem.start.reference)
        rows = np.vstack([problem.look.row((symbol,)) for symbol in sorted(problem.look.shares)])
        kept = [limit.row for limit in problem.limits if limit.kind == "issuer_cap"]
        draws = np.random.default_rng(seed).dirichlet(np.ones(size), 200)
        every = (draws @ rows.T).max(axis=1)
        asked = (draws @ np.vstack([row for row in kept if row is not None]).T).max(axis=1)
        assert asked == pytest.approx(every)


def test_cash_without_a_portfolio_is_the_floor() -> None:
    bounds = posed(FULL).bounds
    assert (bounds.low[-1], bounds.high[-1]) == (20, 20)
    held = posed(FULL, held_of({"a": 0.9}, cash=0.1)).bounds
    assert (held.low[-1], held.high[-1]) == (20, 100)


def test_units_that_pass_one_limit_by_one_unit_do_not_keep_them() -> None:
    problem = posed(Mandate(version=1, sector_cap=0.25, turnover=0.05))
    start, view, bounds = problem.start, problem.view, problem.bounds
    units = start.benchmark.copy()
    assert bounds.keep(units, start, view)
    units[[0, 1]] += [50, -50]
    assert bounds.keep(units, start, view)
    for move in ([1, -1, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]):
        assert not bounds.keep(units + np.array(move, dtype=np.int64), start, view)


def test_no_limits_at_all_leave_everything_open() -> None:
    bounds = combined((), 3)
    assert (bounds.low < -WHOLE).all()
    assert (bounds.high > WHOLE).all()
    assert bounds.turnover is None


def test_a_floor_of_cash_moves_with_a_start_that_allows_it() -> None:
    problem = posed(FULL)
    free = replace(problem, start=replace(problem.start, most_cash=0))
    again = limits_of(free.mandate, free.start, free.look)
    assert combined(again, 6).high[-1] == 0
