"""What an answer changes is told sector by sector, and nothing else is."""

from datetime import date

from app.chat.difference import compared
from core.records.decision import Allocation, AllocationLine, Scorecard, SectorScore
from core.records.plan import Plan
from core.records.report import Provenance, Report
from core.records.request import Request

AS_OF = date(2024, 6, 28)
PROVENANCE = Provenance(sectorwise="0", universe_hashes=(), planner="rules", reporter="template")


def allocation(
    weights: dict[str, float], universe: str = "demo", as_of: date = AS_OF
) -> Allocation:
    lines = tuple(
        AllocationLine(
            sector=sector, instrument="X", benchmark_weight=0.5, target_weight=weight,
            stance="neutral",
        )
        for sector, weight in weights.items()
    )  # fmt: skip
    return Allocation(
        universe=universe, as_of=as_of, horizon="1M", mandate="m",
        benchmark_weights_source="equal_weight",
        lines=lines, turnover=0.0, cost_bps=0.0, tracking_error_pct=None,
    )  # fmt: skip


def card(scores: dict[str, float | None], universe: str = "demo") -> Scorecard:
    order = sorted((s for s in scores if scores[s] is not None), key=lambda s: -(scores[s] or 0.0))
    rows = tuple(
        SectorScore(
            sector=sector, score=score, confidence=1.0, contributions=(),
            rank=order.index(sector) + 1 if sector in order else None,
        )
        for sector, score in scores.items()
    )  # fmt: skip
    return Scorecard(
        universe=universe, universe_hash="h", as_of=AS_OF, horizon="1M", weights_source="packaged",
        trained_until=None, skill=None, sectors=rows,
    )  # fmt: skip


def report(
    allocations: tuple[Allocation, ...],
    cards: tuple[Scorecard, ...],
    before: tuple[Allocation, ...] = (),
) -> Report:
    names = tuple(row.universe for row in allocations) or ("demo",)
    request = Request(text="?", language="en", intent="what_if", universes=names)
    return Report(
        request=request, as_of=(AS_OF,), plan=Plan(author="rules", steps=()), evidence=(), gaps=(),
        scorecards=cards, allocations=allocations, before=before, facts=(), sentences=(),
        synthetic=True, provenance=PROVENANCE,
    )  # fmt: skip


def test_only_what_moved_is_told_the_largest_change_of_weight_first() -> None:
    old = report((allocation({"a": 0.5, "b": 0.3, "c": 0.2}),), (card({"a": 1.0, "b": 0.0}),))
    new = report((allocation({"a": 0.1, "b": 0.7, "c": 0.2}),), (card({"a": 1.0, "b": 0.0}),))
    assert [row.sector for row in compared(old, new).rows] == ["a", "b"]
    assert compared(new, new).rows == ()


def test_a_score_or_rank_alone_is_a_difference_and_noise_is_none() -> None:
    weights = (allocation({"a": 0.5, "b": 0.5}),)
    old = report(weights, (card({"a": 1.0, "b": 0.0}),))
    new = report(weights, (card({"a": 1.0 + 1e-12, "b": 2.0}),))
    found = {row.sector: row for row in compared(old, new).rows}
    assert (found["b"].before_rank, found["b"].after_rank) == (2, 1)
    assert (found["b"].before_score, found["b"].after_score) == (0.0, 2.0)
    assert (found["a"].before_rank, found["a"].after_rank) == (1, 2)
    assert compared(old, report(weights, (card({"a": 1.0 + 1e-12, "b": 0.0}),))).rows == ()


def test_what_only_one_answer_has_is_told_as_absent_not_as_zero() -> None:
    old = report((allocation({"a": 1.0}),), (card({"a": None}),))
    new = report((allocation({"a": 0.6, "b": 0.4}),), (card({"a": 1.0, "b": 0.0}),))
    found = {row.sector: row for row in compared(old, new).rows}
    assert (found["b"].before_weight, found["b"].before_score) == (None, None)
    assert (found["a"].before_score, found["a"].after_score) == (None, 1.0)


def test_universes_only_one_answer_is_about_are_left_out() -> None:
    old = report((allocation({"a": 1.0}, "us"),), (card({"a": 1.0}, "us"),))
    both = report(
        (allocation({"a": 0.5, "b": 0.5}, "us"), allocation({"a": 1.0}, "demo")),
        (card({"a": 1.0}, "us"), card({"a": 1.0}, "demo")),
    )
    assert {row.universe for row in compared(old, both).rows} == {"us"}


def test_without_a_predecessor_the_same_evidence_without_the_limits_stands_for_it() -> None:
    limited = report(
        (allocation({"a": 0.2, "b": 0.8}),), (card({"a": 1.0, "b": 0.0}),),
        before=(allocation({"a": 0.6, "b": 0.4}),),
    )  # fmt: skip
    found = compared(None, limited)
    assert found.base == "no_limits"
    (row, _) = found.rows
    assert (row.before_weight, row.after_weight, row.before_score) == (0.6, 0.2, 1.0)
    assert compared(None, report(limited.allocations, limited.scorecards)).rows == ()


def test_answers_of_two_days_are_not_set_against_each_other() -> None:
    old = report((allocation({"a": 1.0}, as_of=date(2020, 3, 31)),), (card({"a": 0.0}),))
    new = report((allocation({"a": 0.5, "b": 0.5}),), (card({"a": 1.0, "b": 0.0}),))
    assert compared(old, new).rows == ()
    limited = report(new.allocations, new.scorecards, before=(allocation({"a": 0.6, "b": 0.4}),))
    assert compared(old, limited).base == "no_limits"


def test_what_the_answer_before_lacks_is_not_set_against_something_else() -> None:
    old = report((allocation({"a": 1.0}, "us"),), (card({"a": 1.0}, "us"),))
    both = report(
        (allocation({"a": 0.5, "b": 0.5}, "us"), allocation({"a": 1.0}, "demo")),
        (card({"a": 1.0}, "us"), card({"a": 1.0}, "demo")),
        before=(allocation({"a": 0.0, "b": 1.0}, "demo"),),
    )
    found = compared(old, both)
    assert (found.base, {row.universe for row in found.rows}) == ("before", {"us"})
