from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.errors import MandateError
from core.portfolio.allocation import allocate
from core.portfolio.grid import WHOLE, whole_weights
from core.portfolio.problem import problem_of
from core.portfolio.targets import targets_of
from core.portfolio.view import IC_FLOOR
from core.records.decision import Allocation, Scorecard, SectorScore
from core.records.holdings import Portfolio
from core.records.mandate import GroupLimit, Mandate, SectorCap, SectorFloor
from core.records.result import GapReason
from core.records.scoring import CovarianceRow, PortfolioWeight, ScoringResult
from core.records.sectors import Skill
from core.records.trading import TradingResult, TradingRow
from core.records.universe import SectorWeight, Universe
from tests.core.market import universe

AS_OF = date(2024, 6, 28)
NAMES = ("a", "b", "c", "d", "e")
TOY = universe(NAMES)
LISTED = TOY.model_copy(update={"built_from_members": False})
WIDE = Mandate(
    sector_cap=1.0,
    active_cap=1.0,
    turnover=1.0,
    no_trade_band=0.0,
    cost_bps=10.0,
    risk_aversion=10.0,
)


def card_of(
    scores: dict[str, float | None],
    ic: float | None = 0.05,
    of: Universe = TOY,
    t: float | None = 2.0,
    unscored: GapReason = "not_listed",
) -> Scorecard:
    skill = (
        None
        if ic is None
        else Skill(
            horizon="1M",
            ic_mean_index=ic,
            ic_t_index=t,
            hit_fraction=0.5,
            dates_count=99,
            momentum_ic_mean_index=0.0,
        )
    )
    return Scorecard(
        universe="toy",
        universe_hash=of.content_hash(),
        as_of=AS_OF,
        horizon="1M",
        weights_source="learned",
        trained_until=None,
        skill=skill,
        sectors=tuple(
            SectorScore(
                sector=name,
                score=score,
                rank=None if score is None else 1,
                confidence=0.5,
                contributions=(),
                reason=unscored if score is None else None,
            )
            for name, score in scores.items()
        ),
    )


def inputs_of(
    weights: dict[str, float] | None = None, movable: tuple[str, ...] = NAMES, sd: float = 0.2
) -> ScoringResult:
    spread = np.array([1.0, 0.8, 1.2, 0.9, 1.1])[: len(movable)] * sd
    covariance = np.outer(spread, spread) * (0.6 + 0.4 * np.eye(len(movable)))
    return ScoringResult(
        tool="get_scoring_inputs",
        universe="toy",
        universe_hash=TOY.content_hash(),
        as_of=AS_OF,
        known_at=AS_OF,
        currency="VND",
        synthetic=True,
        horizon="1M",
        covariance=tuple(
            CovarianceRow(sector=name, values=tuple(float(value) for value in row))
            for name, row in zip(movable, covariance, strict=True)
        ),
        benchmark_weights=tuple(
            PortfolioWeight(sector=name, weight=weight) for name, weight in (weights or {}).items()
        ),
        benchmark_weights_source="universe" if weights else "equal_weight",
    )


def held_of(weights: dict[str, float], *, cash: float = 0.0, outside: float = 0.0) -> Portfolio:
    return Portfolio(
        universe="toy",
        as_of=AS_OF,
        dated=AS_OF,
        source="toy",
        nav_bn=None,
        cash_weight=cash,
        outside_weight=outside,
        sectors=tuple(SectorWeight(sector=name, weight=weights.get(name, 0.0)) for name in NAMES),
        positions=(),
    )


def trading_of() -> TradingResult:
    """Return two members a sector, half each; e has one."""
    return TradingResult(
        tool="get_trading_conditions",
        universe="toy",
        universe_hash=TOY.content_hash(),
        as_of=AS_OF,
        known_at=AS_OF,
        currency="VND",
        synthetic=True,
        rows=tuple(
            TradingRow(
                symbol=f"{name.upper()}{place}",
                sector=name,
                period=AS_OF,
                close_level=10.0,
                basket_weight_pct=100.0 if name == "e" else 50.0,
                traded_20d_bn=1.0,
                lot_count=100,
            )
            for name in NAMES
            for place in range(1 if name == "e" else 2)
        ),
    )


def units_of(allocation: Allocation) -> tuple[dict[str, int], dict[str, int]]:
    target = {row.sector: round(row.target_weight * WHOLE) for row in allocation.lines}
    benchmark = {row.sector: round(row.benchmark_weight * WHOLE) for row in allocation.lines}
    for row in allocation.lines:
        assert row.target_weight == target[row.sector] / WHOLE
    return target, benchmark


SCORES: dict[str, float | None] = {"a": 2.0, "b": 1.0, "c": 0.0, "d": -1.0, "e": -2.0}

score_lists = st.lists(st.floats(-5, 5), min_size=5, max_size=5)
weight_lists = st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).filter(lambda w: sum(w) > 0.1)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    scores=score_lists,
    weights=weight_lists,
    sector_cap=st.floats(0.1, 1.0),
    active_cap=st.floats(0.0, 0.4),
    turnover=st.floats(0.0, 0.6),
    band=st.floats(0.0, 0.03),
    aversion=st.floats(0.5, 50.0),
    own_cap=st.floats(0.0, 0.5),
    excluded=st.sets(st.sampled_from(NAMES), max_size=2),
    ic=st.floats(-0.1, 0.3),
)
def test_every_limit_holds_exactly_or_the_mandate_is_refused(
    scores: list[float],
    weights: list[float],
    sector_cap: float,
    active_cap: float,
    turnover: float,
    band: float,
    aversion: float,
    own_cap: float,
    excluded: set[str],
    ic: float,
) -> None:
    mandate = Mandate(
        id="own",
        version=1,
        sector_cap=sector_cap,
        active_cap=active_cap,
        turnover=turnover,
        no_trade_band=band,
        risk_aversion=aversion,
        caps=(SectorCap(sector="b", cap=own_cap),),
        excluded=tuple(sorted(excluded)),
    )
    total = sum(weights)
    inputs = inputs_of({name: w / total for name, w in zip(NAMES, weights, strict=True)})
    card = card_of(dict(zip(NAMES, scores, strict=True)), ic)
    caps = {name: int(WHOLE * sector_cap + 1e-6) for name in NAMES}
    caps["b"] = min(caps["b"], int(WHOLE * own_cap + 1e-6))
    caps |= dict.fromkeys(excluded, 0)
    active = int(WHOLE * active_cap + 1e-6)
    bench = whole_weights(dict(zip(NAMES, weights, strict=True)))
    room = sum(min(caps[name], bench[name] + active) for name in NAMES)
    forced = sum(max(bench[name] - caps[name], 0) for name in NAMES)
    if room < WHOLE or forced > int(WHOLE * turnover + 1e-6):
        with pytest.raises(MandateError):
            allocate(TOY, card, inputs, mandate)
        return
    target, benchmark = units_of(allocate(TOY, card, inputs, mandate))
    assert benchmark == bench
    assert sum(target.values()) == WHOLE
    for name in NAMES:
        assert 0 <= target[name] <= caps[name]
        assert target[name] - bench[name] <= active
        assert bench[name] - target[name] <= max(active, bench[name] - caps[name])
    traded = sum(abs(target[name] - bench[name]) for name in NAMES)
    assert traded <= 2 * int(WHOLE * turnover + 1e-6)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(scores=score_lists, order=st.permutations(NAMES))
def test_the_order_of_sectors_changes_no_weight(scores: list[float], order: list[str]) -> None:
    by_name: dict[str, float | None] = dict(zip(NAMES, scores, strict=True))
    weights = {"a": 0.3, "b": 0.1, "c": 0.15, "d": 0.25, "e": 0.2}
    one = allocate(TOY, card_of(by_name), inputs_of(weights), Mandate())
    inputs = inputs_of({name: weights[name] for name in order})
    of = universe(tuple(order))
    other = allocate(of, card_of({name: by_name[name] for name in order}), inputs, Mandate())
    assert {row.sector: row for row in other.lines} == {row.sector: row for row in one.lines}
    assert other.model_copy(update={"lines": ()}) == one.model_copy(update={"lines": ()})


def test_without_a_view_nothing_moves() -> None:
    flat: dict[str, float | None] = dict.fromkeys(NAMES, 0.7)
    allocation = allocate(TOY, card_of(flat), inputs_of(), Mandate())
    target, benchmark = units_of(allocation)
    assert target == benchmark == dict.fromkeys(NAMES, 200)
    assert allocation.turnover == 0.0
    assert allocation.tracking_error_pct == 0.0
    assert {row.stance for row in allocation.lines} == {"neutral"}


def test_far_from_every_limit_the_weights_are_the_closed_form() -> None:
    allocation = allocate(TOY, card_of(SCORES, ic=0.02), inputs_of(), WIDE)
    covariance = np.array([row.values for row in inputs_of().covariance])
    z = np.array([2.0, 1.0, 0.0, -1.0, -2.0]) / np.sqrt(2.0)
    tilt = np.eye(5) - 0.2
    residual = np.sqrt(np.diagonal(tilt @ covariance @ tilt.T))
    alpha = 0.02 * np.sqrt(12.0) * residual * z
    kkt = np.block([[10.0 * covariance, np.ones((5, 1))], [np.ones((1, 5)), np.zeros((1, 1))]])
    wanted = np.linalg.solve(kkt, np.append(alpha, 0.0))[:5]
    active = np.array([row.target_weight - row.benchmark_weight for row in allocation.lines])
    assert np.abs(wanted).max() > 0.02
    assert active == pytest.approx(wanted, abs=1e-3)
    assert allocation.tracking_error_pct == pytest.approx(
        100 * np.sqrt(active @ covariance @ active), abs=1e-6
    )
    bought = np.maximum(active, 0.0).sum()
    assert allocation.turnover == pytest.approx(bought)
    assert allocation.cost_bps == pytest.approx(2 * bought * 10.0)


def test_an_unskilled_record_gives_a_token_view() -> None:
    token, none, bad = (
        allocate(TOY, card_of(SCORES, ic=ic), inputs_of(), WIDE).lines
        for ic in (IC_FLOOR, None, -0.2)
    )
    assert token == none == bad
    skilled = allocate(TOY, card_of(SCORES, ic=0.05), inputs_of(), WIDE).lines
    assert skilled[0].target_weight > token[0].target_weight > 0.2


def test_a_view_shrinks_with_the_trust_in_its_record() -> None:
    def bought(ic: float, t: float | None) -> float:
        return allocate(TOY, card_of(SCORES, ic=ic, t=t), inputs_of(), WIDE).turnover

    assert bought(0.08, 1.0) == bought(0.04, 2.0) == bought(0.04, 9.0) < bought(0.08, 2.0)
    token = bought(IC_FLOOR, 2.0)
    assert bought(0.08, None) == bought(0.08, 0.0) == bought(0.08, -3.0) == token
    assert bought(-0.08, -3.0) == bought(-0.08, 3.0) == token


def test_a_binding_limit_is_on_record_with_what_was_wanted() -> None:
    tight = WIDE.model_copy(update={"active_cap": 0.02})
    events = allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), tight).limits
    caps = {event.sector: event for event in events if event.kind == "active_cap"}
    assert caps["a"].got == pytest.approx(0.22)
    assert caps["a"].wanted is not None
    assert caps["a"].wanted > 0.22
    capped = WIDE.model_copy(update={"sector_cap": 0.21})
    kinds = {
        (e.kind, e.sector)
        for e in allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), capped).limits
    }
    assert ("sector_cap", "a") in kinds
    slow = WIDE.model_copy(update={"turnover": 0.01})
    allocation = allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), slow)
    assert [event.kind for event in allocation.limits] == ["turnover"]
    assert allocation.turnover <= 0.01
    bold = WIDE.model_copy(update={"risk_aversion": 0.5})
    kinds = {
        (e.kind, e.sector) for e in allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), bold).limits
    }
    assert ("long_only", "e") in kinds


@pytest.mark.parametrize("aversion", [0.01, 1e6])
def test_weights_are_found_at_both_ends_of_risk_aversion(aversion: float) -> None:
    extreme = WIDE.model_copy(update={"risk_aversion": aversion})
    allocation = allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), extreme)

    assert sum(row.target_weight for row in allocation.lines) == pytest.approx(1.0)
    with pytest.raises(ValidationError, match="risk_aversion"):
        Mandate(risk_aversion=aversion * 0.99 if aversion < 1.0 else aversion * 1.01)


def test_far_from_the_limits_none_is_recorded() -> None:
    assert allocate(TOY, card_of(SCORES, ic=0.01), inputs_of(), WIDE).limits == ()


def test_a_trade_within_the_band_is_not_made() -> None:
    banded = WIDE.model_copy(update={"no_trade_band": 0.02})
    scores = SCORES | {"b": 0.4}
    free = allocate(TOY, card_of(scores, ic=0.02), inputs_of(), WIDE)
    held = allocate(TOY, card_of(scores, ic=0.02), inputs_of(), banded)
    assert any(0 < abs(row.target_weight - row.benchmark_weight) < 0.02 for row in free.lines)
    for row in held.lines:
        active = abs(row.target_weight - row.benchmark_weight)
        assert active == 0.0 or active >= 0.02 - 1e-12
        assert (row.stance == "neutral") == (active == 0.0)
    assert "no_trade_band" in {event.kind for event in held.limits}


def test_a_forced_sale_is_made_though_every_purchase_is_within_the_band() -> None:
    forced = Mandate(caps=(SectorCap(sector="a", cap=0.194),), no_trade_band=0.005)
    flat: dict[str, float | None] = dict.fromkeys(NAMES, 0.0)
    target, _ = units_of(allocate(TOY, card_of(flat), inputs_of(), forced))
    assert target["a"] == 194
    assert sum(target.values()) == WHOLE


def test_an_excluded_sector_is_sold_and_scored() -> None:
    out = Mandate(excluded=("a",))
    allocation = allocate(TOY, card_of(SCORES), inputs_of(), out)
    first = allocation.lines[0]
    assert (first.target_weight, first.stance, first.benchmark_weight) == (0.0, "excluded", 0.2)
    assert ("excluded", "a") in {(event.kind, event.sector) for event in allocation.limits}


def test_a_sector_outside_the_covariance_keeps_its_benchmark_weight() -> None:
    weights = {"a": 0.3, "b": 0.1, "c": 0.15, "d": 0.25, "e": 0.2}
    allocation = allocate(TOY, card_of(SCORES), inputs_of(weights, ("a", "b", "c", "d")), Mandate())
    last = allocation.lines[-1]
    assert (last.target_weight, last.benchmark_weight, last.stance) == (0.2, 0.2, "not_weighted")
    assert ("too_few_members", "e") in {(event.kind, event.sector) for event in allocation.limits}


def test_an_unlisted_sector_gets_nothing() -> None:
    scores = SCORES | {"e": None}
    allocation = allocate(TOY, card_of(scores), inputs_of(None, ("a", "b", "c", "d")), Mandate())
    last = allocation.lines[-1]
    assert (last.target_weight, last.benchmark_weight, last.stance) == (0.0, 0.0, "not_weighted")
    assert ("not_listed", "e") in {(event.kind, event.sector) for event in allocation.limits}


@pytest.mark.parametrize("reason", ["not_listed", "too_short", "too_few_members"])
def test_a_sector_left_out_is_left_out_for_the_reason_on_its_card(reason: GapReason) -> None:
    card = card_of(SCORES | {"e": None}, unscored=reason, of=LISTED)
    limits = allocate(LISTED, card, inputs_of(None, ("a", "b", "c", "d")), Mandate()).limits
    assert [(event.kind, event.sector) for event in limits if event.sector == "e"] == [
        (reason, "e")
    ]


def test_a_scored_listed_sector_outside_the_covariance_is_too_short_not_unlisted() -> None:
    card = card_of(SCORES, of=LISTED)
    limits = allocate(LISTED, card, inputs_of(None, ("a", "b", "c", "d")), Mandate()).limits
    assert ("too_short", "e") in {(event.kind, event.sector) for event in limits}


def test_an_unscored_but_listed_sector_keeps_its_benchmark_weight() -> None:
    allocation = allocate(TOY, card_of(SCORES | {"c": None}), inputs_of(), Mandate())
    assert allocation.lines[2].target_weight == 0.2
    assert allocation.lines[2].stance == "neutral"


@pytest.mark.parametrize("inputs", [None, inputs_of(None, ())])
def test_without_risk_the_allocation_says_so(inputs: ScoringResult | None) -> None:
    allocation = allocate(TOY, card_of(SCORES), inputs, Mandate())
    target, benchmark = units_of(allocation)
    assert allocation.tracking_error_pct is None
    assert allocation.benchmark_weights_source == "equal_weight"
    assert benchmark == dict.fromkeys(NAMES, 200)
    assert target["a"] > 200 > target["e"]


def test_nothing_scored_and_nothing_known_is_equal_weight() -> None:
    target, _ = units_of(allocate(TOY, card_of(dict.fromkeys(NAMES)), None, Mandate()))
    assert target == dict.fromkeys(NAMES, 200)


def test_limits_that_leave_one_point_are_met_exactly() -> None:
    target, _ = units_of(
        allocate(TOY, card_of(SCORES), inputs_of(), Mandate(sector_cap=0.2, no_trade_band=0.0))
    )
    assert target == dict.fromkeys(NAMES, 200)
    forced = Mandate(caps=(SectorCap(sector="a", cap=0.1),), turnover=0.1)
    target, _ = units_of(allocate(TOY, card_of(SCORES), inputs_of(), forced))
    assert target["a"] == 100
    assert sum(target.values()) == WHOLE


def test_the_packaged_cap_gives_way_where_sectors_are_few_and_a_stated_one_does_not() -> None:
    packaged = Mandate(sector_cap=0.15, assumed=("sector_cap", "active_cap", "turnover"))
    target, _ = units_of(allocate(TOY, card_of(SCORES), inputs_of(), packaged))
    assert sum(target.values()) == WHOLE
    assert max(target.values()) <= 200
    with pytest.raises(MandateError):
        allocate(TOY, card_of(SCORES), inputs_of(), Mandate(sector_cap=0.15))


def test_trades_are_counted_from_what_is_held_and_all_sums_to_one() -> None:
    held = held_of({"a": 0.1, "b": 0.3, "e": 0.2}, cash=0.3, outside=0.1)
    made = allocate(TOY, card_of(SCORES), inputs_of(), WIDE, portfolio=held)
    target, _ = units_of(made)
    reference = {row.sector: round(WHOLE * (row.held_weight or 0.0)) for row in made.lines}
    assert reference == {"a": 100, "b": 300, "c": 0, "d": 0, "e": 200}
    assert (made.cash_held_weight, made.outside_weight) == (0.3, 0.1)
    cash = round(WHOLE * made.cash_target_weight)
    assert sum(target.values()) + cash + 100 == WHOLE
    traded = sum(abs(target[name] - reference[name]) for name in NAMES)
    assert made.turnover == pytest.approx((traded + abs(cash - 300)) / 2 / WHOLE)
    assert made.cost_bps == pytest.approx(10.0 * traded / WHOLE)


def test_held_weights_lie_on_the_grid_by_largest_remainder() -> None:
    third = 1.0 / 3.0
    made = allocate(
        TOY,
        card_of(SCORES),
        inputs_of(),
        WIDE,
        portfolio=held_of({"a": third, "b": third, "c": third}),
    )
    assert [row.held_weight for row in made.lines] == [0.334, 0.333, 0.333, 0.0, 0.0]


def test_without_a_portfolio_cash_is_the_floor_and_nothing_is_held() -> None:
    saved = WIDE.model_copy(update={"cash_floor": 0.05})
    made = allocate(TOY, card_of(SCORES), inputs_of(), saved)
    target, _ = units_of(made)
    assert (made.cash_target_weight, made.cash_held_weight, made.outside_weight) == (
        0.05,
        None,
        0.0,
    )
    assert sum(target.values()) == 950
    assert {row.held_weight for row in made.lines} == {None}


def test_cash_is_decided_between_its_floor_and_its_cap() -> None:
    held = held_of(dict.fromkeys(NAMES, 0.1), cash=0.5)
    limits = WIDE.model_copy(update={"version": 1, "cash_cap": 0.2})
    assert allocate(
        TOY, card_of(SCORES), inputs_of(), limits, portfolio=held
    ).cash_target_weight <= 0.2  # fmt: skip
    limits = limits.model_copy(update={"cash_floor": 0.1})
    made = allocate(TOY, card_of(SCORES), inputs_of(), limits, portfolio=held)
    assert made.cash_target_weight == 0.1
    assert ("cash_floor", 0.1) in {(event.kind, event.limit) for event in made.limits}


def test_a_sector_without_a_view_keeps_what_is_held_or_the_nearest_the_limits_allow() -> None:
    scores = SCORES | {"e": None}
    held = held_of({"a": 0.2, "b": 0.2, "c": 0.2, "e": 0.4})
    stated = WIDE.model_copy(update={"version": 1})

    def weight(**limits: object) -> float:
        mandate = stated.model_copy(update=limits)
        made = allocate(
            TOY, card_of(scores), inputs_of(), mandate, portfolio=held, trading=trading_of()
        )
        return made.lines[-1].target_weight

    assert weight() == 0.4
    assert weight(caps=(SectorCap(sector="e", cap=0.25),)) == 0.25
    assert weight(floors=(SectorFloor(sector="e", floor=0.45),)) == 0.45
    assert weight(issuer_cap=0.151) == 0.151
    assert weight(groups=(GroupLimit(name="g", sectors=("d", "e"), cap=0.3),)) == 0.3


def test_groups_and_issuers_are_looked_through() -> None:
    limits = WIDE.model_copy(
        update={
            "version": 1,
            "issuer_cap": 0.12,
            "groups": (GroupLimit(name="kin", symbols=("B0", "B1"), cap=0.2),),
        }
    )
    made = allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), limits, trading=trading_of())
    target, _ = units_of(made)
    assert target["a"] <= 240
    assert target["b"] <= 200
    named = {(event.kind, event.name): event for event in made.limits if event.name}
    issuer = named["issuer_cap", "A0"]
    assert issuer.limit == 0.12
    assert issuer.got == pytest.approx(0.12)
    assert issuer.wanted is not None
    assert issuer.wanted > 0.12


def test_the_tracking_error_stays_within_its_budget_on_the_grid() -> None:
    for budget in (0.4, 0.9, 1.7):
        limits = WIDE.model_copy(update={"version": 1, "tracking_error_pct": budget})
        made = allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), limits)
        assert made.tracking_error_pct is not None
        assert 0.9 * budget < made.tracking_error_pct <= budget
        event = next(row for row in made.limits if row.kind == "tracking_error")
        assert event.limit == pytest.approx(budget / 100.0)
        assert event.cost_bps is not None
        assert event.cost_bps > 0.0


@pytest.mark.parametrize("unseen", [{}, {"c": 0.5, "d": -1.5, "e": None}])
def test_a_limits_cost_is_what_lifting_it_alone_gains(unseen: dict[str, float | None]) -> None:
    slow = WIDE.model_copy(update={"version": 1, "turnover": 0.01})
    card = card_of(SCORES | unseen, ic=0.05)
    events = allocate(TOY, card, inputs_of(), slow).limits
    cost = next(event.cost_bps for event in events if event.kind == "turnover")
    problems = [
        problem_of(TOY, card, inputs_of(), limits, portfolio=None, trading=None)
        for limits in (WIDE, slow)
    ]
    free, tight = (
        problem.view.utility(targets_of(problem).exact[:-1] - 0.2) for problem in problems
    )
    assert free > tight
    assert cost == pytest.approx(1e4 * (free - tight), abs=1e-3)


def test_a_higher_limit_never_costs_more() -> None:
    costs = []
    for turnover in (0.02, 0.06, 0.12):
        tight = WIDE.model_copy(update={"version": 1, "turnover": turnover})
        events = allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), tight).limits
        costs.append(sum(e.cost_bps or 0.0 for e in events if e.kind == "turnover"))
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[2] > 0.0


@settings(max_examples=60)
@given(
    held=st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7).filter(lambda row: sum(row) > 0.1),
    weights=weight_lists,
    scores=score_lists,
)
def test_the_packaged_mandate_holds_with_any_portfolio(
    held: list[float], weights: list[float], scores: list[float]
) -> None:
    total = sum(held)
    parts = [value / total for value in held]
    portfolio = held_of(dict(zip(NAMES, parts[:5], strict=True)), cash=parts[5], outside=parts[6])
    inputs = inputs_of({n: w / sum(weights) for n, w in zip(NAMES, weights, strict=True)})
    made = allocate(
        TOY, card_of(dict(zip(NAMES, scores, strict=True))), inputs, Mandate(), portfolio=portfolio
    )
    target, _ = units_of(made)
    rest = round(WHOLE * made.cash_target_weight) + round(WHOLE * made.outside_weight)
    assert sum(target.values()) + rest == WHOLE
    assert made.turnover <= 0.3


def test_the_allocation_names_its_mandates_version_and_its_benchmarks_date() -> None:
    dated = inputs_of(dict.fromkeys(NAMES, 0.2)).model_copy(
        update={"benchmark": "all", "benchmark_weights_as_of": date(2024, 6, 3)}
    )
    made = allocate(
        TOY, card_of(SCORES), dated, WIDE.model_copy(update={"id": "own", "version": 4})
    )
    assert (made.mandate, made.mandate_version) == ("own", 4)
    assert (made.benchmark, made.benchmark_weights_as_of) == ("all", date(2024, 6, 3))


def test_the_band_keeps_the_smallest_trades_where_not_all_can_stay() -> None:
    forced = WIDE.model_copy(
        update={"version": 1, "no_trade_band": 0.02, "caps": (SectorCap(sector="a", cap=0.18),)}
    )
    scores: dict[str, float | None] = dict.fromkeys(NAMES, 0.0)
    card = card_of(scores, ic=0.01)
    free, held = (
        {row.sector: row.target_weight - 0.2 for row in allocate(TOY, card, inputs_of(), m).lines}
        for m in (forced.model_copy(update={"no_trade_band": 0.0}), forced)
    )
    largest = max(("b", "c", "d", "e"), key=lambda name: free[name])
    assert 0.0 < free[largest] < 0.02
    assert held == pytest.approx(dict.fromkeys(NAMES, 0.0) | {"a": -0.02, largest: 0.02})


def test_the_band_is_about_sectors_and_leaves_no_cash_behind() -> None:
    held = held_of({"a": 0.19, "b": 0.2, "c": 0.2, "d": 0.2, "e": 0.2}, cash=0.01)
    banded = WIDE.model_copy(update={"version": 1, "no_trade_band": 0.02})
    made = allocate(TOY, card_of(SCORES, ic=0.1), inputs_of(), banded, portfolio=held)
    assert (made.cash_held_weight, made.cash_target_weight) == (0.01, 0.0)


def test_weights_that_come_to_nothing_are_not_told_as_the_benchmarks() -> None:
    dated = {"benchmark_weights_as_of": date(2024, 6, 3)}
    for weights in (dict.fromkeys(NAMES, 0.0), {"zinc": 1.0}):
        made = allocate(
            TOY, card_of(SCORES), inputs_of(weights).model_copy(update=dated), Mandate()
        )
        assert {row.benchmark_weight for row in made.lines} == {0.2}
        assert made.benchmark_weights_source == "equal_weight"
        assert made.benchmark_weights_as_of is None
    told = allocate(TOY, card_of(SCORES), inputs_of(dict.fromkeys(NAMES, 0.2)), Mandate())
    assert told.benchmark_weights_source == "universe"
