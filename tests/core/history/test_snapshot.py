from core.history.snapshot import snapshot
from core.records.mandate import MandatePatch, SectorCap
from tests.core.decisions import FRIDAY, NAMES, WIDE, report_of, taken


def test_a_report_gives_back_what_its_decision_was_made_of() -> None:
    made = taken()
    report = report_of(made)
    found = snapshot(report, "toy")
    assert found is not None
    assert (found.card, found.allocation) == (made.card, made.allocation)
    assert (found.inputs, found.mandate, found.portfolio) == (made.inputs, WIDE, None)
    assert found.report_sha256 == report.content_hash()


def test_of_two_answers_with_a_factor_the_first_planned_stands() -> None:
    found = snapshot(report_of(taken()), "toy")
    assert found is not None
    assert found.factors == taken().factors
    by_step = {row.step: row.factors for row in found.answered}
    assert by_step["toy-sector-heatmap"] == ("momentum_12m",)
    assert by_step["toy-macro-indicators"] == ("growth",)


def test_places_come_from_the_heatmap_and_a_missing_rotation_is_nowhere() -> None:
    found = snapshot(report_of(taken()), "toy")
    assert found is not None
    assert [place.sector for place in found.places] == list(NAMES)
    first = found.places[0]
    assert (first.weekly, first.weekly_period, first.provisional) == ("LEADING", FRIDAY, True)
    assert first.daily is None


def test_every_planned_call_says_what_it_brought() -> None:
    found = snapshot(report_of(taken()), "toy")
    assert found is not None
    reasons = {row.step: row.reason for row in found.answered}
    assert reasons["toy-whale-activity"] == "no_data"
    assert [step for step, reason in reasons.items() if reason is None] == [
        "toy-sector-heatmap",
        "toy-scoring-inputs",
        "toy-macro-indicators",
    ]
    assert found.answered[0].sources


def test_limits_the_question_stated_are_in_the_mandate() -> None:
    patch = MandatePatch(
        caps=(SectorCap(sector="a", cap=0.1), SectorCap(sector="nowhere", cap=0.1)), excluded=("b",)
    )
    found = snapshot(report_of(taken(), patch=patch), "toy")
    assert found is not None
    assert found.mandate.caps == (SectorCap(sector="a", cap=0.1),)
    assert found.mandate.excluded == ("b",)


def test_no_decision_or_an_unknown_mandate_gives_no_snapshot() -> None:
    report = report_of(taken())
    assert snapshot(report, "us") is None
    assert snapshot(report.model_copy(update={"allocations": ()}), "toy") is None
    assert snapshot(report_of(taken(), mandates=()), "toy") is None
