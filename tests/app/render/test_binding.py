import pytest

from app.render.binding import Binder, why_missing
from app.render.words import Words
from core.records.sectors import HeatmapResult
from tests.app.render.sample_report import sample_report, universe

REPORT = sample_report("us")
WORLD = universe("us")
BINDER = Binder(REPORT, Words("en", WORLD))
HEAT = REPORT.evidence[0]
CARD = REPORT.scorecards[0]


def test_the_printed_number_is_the_value_its_pointer_leads_to() -> None:
    assert isinstance(HEAT.result, HeatmapResult)
    value = HEAT.result.rows[3].expected[1].excess_pct
    cell = BINDER.at(HEAT, "rows", 3, "expected", 1, "excess_pct", unit=True)
    assert float(cell.text.rstrip("%").replace("−", "-")) == pytest.approx(value, abs=0.05)
    fact = next(fact for fact in REPORT.facts if fact.id == cell.fact)
    assert (fact.evidence, fact.pointer) == (HEAT.id, "/rows/3/expected/1/excess_pct")


def test_a_score_is_bound_to_its_place_in_the_scorecard() -> None:
    cell = BINDER.at(CARD, "sectors", 0, "score")
    fact = next(fact for fact in REPORT.facts if fact.id == cell.fact)
    assert fact.formula == "scorecard"
    assert "scorecard /sectors/0/score" in cell.source


def test_an_absent_value_gives_the_reason_of_its_own_cell() -> None:
    last = len(WORLD.sectors) - 1
    cell = BINDER.at(HEAT, "rows", last, "excess_12m_pct")
    assert (cell.tone, cell.reason) == ("missing", "history too short")


def test_an_absent_contribution_gives_the_scorecards_reason() -> None:
    places = [
        (s, p)
        for s, score in enumerate(CARD.sectors)
        for p, part in enumerate(score.contributions)
        if part.contribution is None
    ]
    cell = BINDER.at(CARD, "sectors", places[0][0], "contributions", places[0][1], "contribution")
    assert cell.reason == "no data stored"


def test_an_unstated_reason_is_not_made_up() -> None:
    assert why_missing(HEAT.result, "nothing", "nothing") is None
    assert BINDER.missing(None).reason == "not in the answers"
