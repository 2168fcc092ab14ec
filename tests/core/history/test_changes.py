from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.history.changes import changes
from core.records.history import Answered, Cause, Change, Snapshot
from core.records.holdings import Portfolio, StatedMoney
from core.records.mandate import Mandate, SectorCap
from core.records.result import GapReason
from tests.core.decisions import (
    FRIDAY,
    GROWTH,
    MOMENTUM,
    NAMES,
    NEXT_FRIDAY,
    TOY,
    WIDE,
    factors_of,
    inputs_of,
    portfolio_of,
    taken,
)

REVERSED = factors_of(momentum_12m=MOMENTUM[::-1], growth=GROWTH)
CAPPED = WIDE.model_copy(update={"version": 2, "caps": (SectorCap(sector="f", cap=0.05),)})

values = st.tuples(*(st.floats(-9.0, 9.0).map(lambda x: round(x, 3)) for _ in NAMES))
mandates = st.builds(
    lambda active, band, cap: WIDE.model_copy(
        update={
            "active_cap": active,
            "no_trade_band": band,
            "caps": (SectorCap(sector="a", cap=cap),),
        }
    ),
    st.sampled_from([0.05, 0.1, 0.3]),
    st.sampled_from([0.0, 0.01]),
    st.sampled_from([0.15, 0.2, 1.0]),
)
snapshots = st.builds(
    lambda momentum, growth, weight, sd, mandate, day: taken(
        day,
        factors=factors_of(momentum_12m=momentum, growth=growth),
        inputs=inputs_of(momentum=weight, sd=sd, day=day),
        mandate=mandate,
    ),
    values,
    values,
    st.sampled_from([0.4, -0.2, 0.05]),
    st.sampled_from([0.1, 0.2]),
    mandates,
    st.sampled_from([FRIDAY, NEXT_FRIDAY]),
)


def causes_of(rows: tuple[Change, ...]) -> set[Cause]:
    return {share.cause for row in rows for share in row.causes}


def row_of(rows: tuple[Change, ...], kind: str, subject: str) -> Change:
    return next(row for row in rows if (row.kind, row.subject) == (kind, subject))


def amount(row: Change) -> float:
    if row.kind == "rank":
        return float((row.after_rank or 0) - (row.before_rank or 0))
    return (row.after_weight or 0.0) - (row.before_weight or 0.0)


def answering(found: Snapshot, reason: GapReason | None) -> Snapshot:
    row = Answered(step="toy-macro", tool="get_macro_indicators", reason=reason, known_at=FRIDAY)
    return found.model_copy(update={"answered": (*found.answered, row)})


@settings(max_examples=40)
@given(before=snapshots, after=snapshots)
def test_shares_sum_to_the_change(before: Snapshot, after: Snapshot) -> None:
    for row in changes(before, after, TOY).rows:
        if row.kind in {"rank", "weight", "cash"}:
            assert sum(share.amount for share in row.causes) == pytest.approx(
                amount(row), abs=1e-12
            )
            largest = max(row.causes, key=lambda share: abs(share.amount))
            assert row.cause == largest.cause


@settings(max_examples=20)
@given(before=snapshots, after=snapshots)
def test_every_changed_rank_weight_and_stance_is_named_and_nothing_else(
    before: Snapshot, after: Snapshot
) -> None:
    found = changes(before, after, TOY)
    ranks = [{row.sector: row.rank for row in side.card.sectors} for side in (before, after)]
    lines = [{row.sector: row for row in side.allocation.lines} for side in (before, after)]
    expected = {("rank", name) for name in NAMES if ranks[0][name] != ranks[1][name]}
    for kind, field in (("weight", "target_weight"), ("stance", "stance")):
        expected |= {
            (kind, name)
            for name in NAMES
            if getattr(lines[0][name], field) != getattr(lines[1][name], field)
        }
    assert {(row.kind, row.subject) for row in found.rows} == expected
    stayed = {(kind, name) for kind in ("rank", "weight") for name in NAMES} - expected
    assert found.same_count == len(stayed) + 2 * len(NAMES)


@given(found=snapshots)
@settings(max_examples=10)
def test_a_decision_has_not_changed_from_itself(found: Snapshot) -> None:
    compared = changes(found, found, TOY)
    assert compared.rows == ()
    assert compared.same_count == 4 * len(NAMES)


def test_only_other_limits_have_only_the_mandate_as_cause() -> None:
    found = changes(taken(), taken(mandate=CAPPED), TOY)
    assert causes_of(found.rows) == {"mandate"}
    capped = row_of(found.rows, "weight", "f")
    assert capped.after_weight == 0.05


def test_only_other_learned_weights_have_only_the_model_as_cause() -> None:
    retrained = inputs_of(momentum=0.1, growth=0.4, day=FRIDAY)
    found = changes(taken(), taken(inputs=retrained), TOY)
    assert {row.kind for row in found.rows} >= {"rank", "weight"}
    assert causes_of(found.rows) == {"model"}


def test_only_another_record_has_only_the_model_as_cause() -> None:
    found = changes(taken(), taken(inputs=inputs_of(ic=0.02, day=FRIDAY)), TOY)
    assert {row.kind for row in found.rows} >= {"weight"}
    assert causes_of(found.rows) == {"model"}


def test_only_other_factor_values_have_only_the_data_as_cause() -> None:
    found = changes(taken(), taken(NEXT_FRIDAY, factors=REVERSED), TOY)
    assert row_of(found.rows, "rank", "f").after_rank != 1
    assert causes_of(found.rows) == {"data"}


def test_only_another_covariance_has_only_the_data_as_cause() -> None:
    calmer = inputs_of(sd=0.1, day=NEXT_FRIDAY)
    found = changes(taken(), taken(NEXT_FRIDAY, inputs=calmer), TOY)
    assert {row.kind for row in found.rows} >= {"weight"}
    assert causes_of(found.rows) == {"data"}


SHARES = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
LEVEL = (10.0, 10.0, 10.0, 10.0, 10.0, 10.0)
DRIFTED = (30.0, 10.0, 10.0, 10.0, 10.0, 2.0)
TIGHT = WIDE.model_copy(update={"turnover": 0.05, "cash_cap": 0.5})


def test_the_same_shares_at_other_prices_are_the_datas() -> None:
    before = taken(mandate=TIGHT, portfolio=portfolio_of(FRIDAY, prices=LEVEL, shares=SHARES))
    drifted = portfolio_of(NEXT_FRIDAY, prices=DRIFTED, shares=SHARES)
    found = changes(before, taken(NEXT_FRIDAY, mandate=TIGHT, portfolio=drifted), TOY)
    assert {row.kind for row in found.rows} >= {"weight", "cash"}
    assert causes_of(found.rows) == {"data"}
    cash = row_of(found.rows, "cash", "toy")
    assert cash.after_weight == pytest.approx(
        (cash.before_weight or 0.0) + cash.causes[0].amount, abs=1e-12
    )


@pytest.mark.parametrize("dated", [FRIDAY, NEXT_FRIDAY])
def test_other_shares_are_the_holdings(dated: date) -> None:
    shares = SHARES if dated == NEXT_FRIDAY else (3.0, 1.0, 1.0, 1.0, 1.0, 0.2)
    prices = DRIFTED if dated == NEXT_FRIDAY else LEVEL
    before = taken(mandate=TIGHT, portfolio=portfolio_of(FRIDAY, prices=LEVEL, shares=SHARES))
    restated = portfolio_of(NEXT_FRIDAY, prices=prices, shares=shares, dated=dated)
    found = changes(before, taken(NEXT_FRIDAY, mandate=TIGHT, portfolio=restated), TOY)
    assert {row.kind for row in found.rows} >= {"weight"}
    assert causes_of(found.rows) == {"holdings"}


def split(found: Portfolio, parts: tuple[float, float]) -> Portfolio:
    """Hold the first symbol in two rows of these shares."""
    first, *others = found.positions
    rows = tuple(
        first.model_copy(update={"quantity": part, "held_weight": first.held_weight * part})
        for part in parts
    )
    return found.model_copy(update={"positions": (*rows, *others)})


@pytest.mark.parametrize(
    ("parts", "cause"), [((0.25, 0.75), "data"), ((0.5, 0.5), "data"), ((2.0, 0.75), "holdings")]
)
def test_rows_of_one_symbol_count_together(parts: tuple[float, float], cause: Cause) -> None:
    held = portfolio_of(FRIDAY, prices=LEVEL, shares=SHARES)
    before = taken(mandate=TIGHT, portfolio=split(held, (0.25, 0.75)))
    drifted = portfolio_of(NEXT_FRIDAY, prices=DRIFTED, shares=SHARES)
    after = taken(NEXT_FRIDAY, mandate=TIGHT, portfolio=split(drifted, parts))
    assert causes_of(changes(before, after, TOY).rows) == {cause}


@pytest.mark.parametrize(
    "stated", [{"cash_bn": 90.0}, {"cash_weight": 0.5}, {"nav_bn": 150.0}], ids=str
)
def test_other_cash_or_net_asset_value_stated_is_the_holdings(stated: dict[str, float]) -> None:
    held = portfolio_of(FRIDAY, prices=LEVEL, shares=SHARES)
    before = taken(
        mandate=TIGHT, portfolio=held.model_copy(update={"stated": StatedMoney(cash_bn=40.0)})
    )
    drifted = portfolio_of(NEXT_FRIDAY, prices=DRIFTED, shares=SHARES)
    again = drifted.model_copy(update={"stated": StatedMoney(**stated)})
    found = changes(before, taken(NEXT_FRIDAY, mandate=TIGHT, portfolio=again), TOY)
    assert causes_of(found.rows) == {"holdings"}


def test_other_benchmark_weights_of_the_same_benchmark_are_the_datas() -> None:
    given = inputs_of(day=NEXT_FRIDAY)
    heavy = (0.3, 0.2, 0.2, 0.1, 0.1, 0.1)
    rows = tuple(
        row.model_copy(update={"weight": weight})
        for row, weight in zip(given.benchmark_weights, heavy, strict=True)
    )
    inputs = given.model_copy(update={"benchmark_weights": rows})
    found = changes(taken(), taken(NEXT_FRIDAY, inputs=inputs, mandate=CAPPED), TOY)
    row = row_of(found.rows, "weight", "a")
    assert {share.cause for share in row.causes} >= {"data"}
    alone = changes(taken(), taken(NEXT_FRIDAY, inputs=inputs), TOY)
    assert causes_of(alone.rows) == {"data"}


def test_data_then_model_then_mandate_are_booked_in_that_order() -> None:
    after = taken(
        NEXT_FRIDAY,
        factors=REVERSED,
        inputs=inputs_of(momentum=0.1, growth=0.4, day=NEXT_FRIDAY),
        mandate=CAPPED,
    )
    row = row_of(changes(taken(), after, TOY).rows, "weight", "f")
    by_cause = {share.cause: share.amount for share in row.causes}
    only_data = taken(NEXT_FRIDAY, factors=REVERSED)
    no_limits = after.model_copy(update={"mandate": WIDE})
    data = row_of(changes(taken(), only_data, TOY).rows, "weight", "f")
    assert by_cause["data"] == pytest.approx(amount(data), abs=1e-12)
    unlimited = taken(NEXT_FRIDAY, factors=REVERSED, inputs=no_limits.inputs)
    both = row_of(changes(taken(), unlimited, TOY).rows, "weight", "f")
    assert by_cause["data"] + by_cause["model"] == pytest.approx(amount(both), abs=1e-12)
    assert [share.cause for share in row.causes] == ["data", "model", "mandate"]


def test_what_changes_over_a_weekend_without_a_session_is_the_calendars() -> None:
    sunday = taken(
        FRIDAY + timedelta(days=2), factors=REVERSED, known_at=FRIDAY, weekly="WEAKENING"
    )
    found = changes(taken(), sunday, TOY)
    assert {row.kind for row in found.rows} >= {"rank", "weekly_quadrant", "daily_quadrant"}
    assert causes_of(found.rows) == {"calendar"}


def test_another_benchmark_the_mandate_names_is_the_mandates() -> None:
    given = inputs_of(day=NEXT_FRIDAY)
    heavy = (0.3, 0.2, 0.2, 0.1, 0.1, 0.1)
    rows = tuple(
        row.model_copy(update={"weight": weight})
        for row, weight in zip(given.benchmark_weights, heavy, strict=True)
    )
    other = given.model_copy(update={"benchmark_weights": rows, "benchmark": "even"})
    limits = WIDE.model_copy(update={"version": 2, "benchmark": "even"})
    after = taken(NEXT_FRIDAY, inputs=other, mandate=limits, weekly="LAGGING")
    found = changes(taken(), after.model_copy(update={"benchmark": "even"}), TOY)
    assert {row.kind for row in found.rows} >= {"weight", "weekly_quadrant"}
    assert causes_of(found.rows) == {"mandate"}


def test_a_quadrant_that_turned_on_new_closes_is_the_datas() -> None:
    found = changes(taken(), taken(NEXT_FRIDAY, weekly="LAGGING"), TOY)
    rows = [row for row in found.rows if row.kind == "weekly_quadrant"]
    assert [row.subject for row in rows] == list(NAMES)
    assert {(row.before_quadrant, row.after_quadrant) for row in rows} == {("LEADING", "LAGGING")}
    assert causes_of(found.rows) == {"data"}


def test_other_values_from_the_same_rows_on_the_same_date_are_the_programs() -> None:
    found = changes(taken(), taken(factors=REVERSED, weekly="WEAKENING"), TOY)
    assert causes_of(found.rows) == {"program"}


def test_what_todays_program_does_not_reproduce_is_the_programs() -> None:
    before, moved = taken(), 0.01
    lines = {line.sector: line for line in before.allocation.lines}
    for name, step in (("f", -moved), ("e", moved)):
        weight = lines[name].target_weight + step
        lines[name] = lines[name].model_copy(update={"target_weight": weight})
    stored = before.allocation.model_copy(update={"lines": tuple(lines.values())})
    older = before.model_copy(update={"allocation": stored})
    found = changes(older, taken(NEXT_FRIDAY), TOY)
    assert causes_of(found.rows) == {"program"}
    assert row_of(found.rows, "weight", "f").causes[0].amount == pytest.approx(moved)


def test_limits_that_conflict_on_the_way_are_booked_where_they_next_hold() -> None:
    """The old caps leave no room for the new benchmark: data has no share, the mandate has all."""
    tight = Mandate(id="tight", version=1, sector_cap=0.2, active_cap=0.05, turnover=0.05)
    given = inputs_of(day=NEXT_FRIDAY)
    heavy = (0.9, 0.02, 0.02, 0.02, 0.02, 0.02)
    rows = tuple(
        row.model_copy(update={"weight": weight})
        for row, weight in zip(given.benchmark_weights, heavy, strict=True)
    )
    inputs = given.model_copy(update={"benchmark_weights": rows})
    found = changes(taken(mandate=tight), taken(NEXT_FRIDAY, inputs=inputs), TOY)
    weights = tuple(row for row in found.rows if row.kind == "weight")
    assert weights
    assert causes_of(weights) == {"mandate"}


def test_an_unscored_sector_loses_its_rank_without_a_number_of_places() -> None:
    holed = factors_of(momentum_12m=(*MOMENTUM[:5], None), growth=(*GROWTH[:5], None))
    row = row_of(changes(taken(), taken(NEXT_FRIDAY, factors=holed), TOY).rows, "rank", "f")
    assert (row.before_rank, row.after_rank) == (1, None)
    assert [(share.cause, share.amount) for share in row.causes] == [("data", 0.0)]


@pytest.mark.parametrize(
    ("reason", "cause"),
    [("no_data", "data"), ("stale", "calendar"), ("model_not_fitted", "model")],
)
def test_an_answer_that_went_names_why(reason: GapReason, cause: Cause) -> None:
    found = changes(answering(taken(), None), answering(taken(NEXT_FRIDAY), reason), TOY)
    assert [(row.kind, row.subject, row.cause) for row in found.rows] == [
        ("evidence", "toy-macro", cause)
    ]
    assert found.rows[0].after_reason == reason


def test_an_answer_that_came_back_is_the_datas() -> None:
    found = changes(answering(taken(), "stale"), answering(taken(NEXT_FRIDAY), None), TOY)
    assert [(row.before_reason, row.cause) for row in found.rows] == [("stale", "data")]


def test_a_call_only_one_report_planned_is_no_change() -> None:
    assert changes(taken(), answering(taken(NEXT_FRIDAY), None), TOY).rows == ()


def test_weights_come_first_and_the_largest_first_of_a_kind() -> None:
    found = changes(taken(), taken(NEXT_FRIDAY, factors=REVERSED, weekly="LAGGING"), TOY)
    kinds = [row.kind for row in found.rows]
    assert kinds == sorted(kinds, key=("weight stance rank weekly_quadrant daily_quadrant").find)
    sizes = [abs(amount(row)) for row in found.rows if row.kind == "weight"]
    assert sizes == sorted(sizes, reverse=True)


def test_two_horizons_are_not_compared() -> None:
    with pytest.raises(ValueError, match="cannot compare"):
        changes(taken().model_copy(update={"horizon": "3M"}), taken(NEXT_FRIDAY), TOY)


def test_the_changes_name_both_dates_and_the_predecessor() -> None:
    found = changes(taken(), taken(NEXT_FRIDAY), TOY)
    assert (found.since, found.as_of) == (FRIDAY, date(2024, 6, 28))
    assert found.predecessor_sha256 == "a" * 64
