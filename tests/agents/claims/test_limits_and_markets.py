"""What stated limits change, and markets side by side."""

from agents.material import Material
from agents.truth import Truth
from core.records.mandate import MandatePatch, SectorCap, SectorFloor
from core.records.request import Focus
from tests.agents.bench import Bench, a_request
from tests.agents.claims.told import REPORT
from tests.servers.market import made_universe

PATCH = MandatePatch(
    caps=(SectorCap(sector="discretionary", cap=0.05),), excluded=("health",), turnover=0.2
)


def test_a_what_if_says_limits_weights_before_and_after_and_what_binds() -> None:
    bench = Bench()
    report = bench.run(a_request(intent="what_if", patch=PATCH), earlier=REPORT.evidence)
    said = [s.text for s in report.sentences if s.section == "answer"]
    (before,) = report.before
    held = {line.sector: line.target_weight for line in before.lines}

    assert before == REPORT.allocations[0]
    assert [tool for tool, _ in bench.served.calls] == ["get_data_status"]
    assert "Limit as understood: Consumer Discretionary at most 5.0%." in said
    assert "Limit as understood: Health Care is excluded." in said
    assert "Limit as understood: one-way turnover at most 20.0%." in said
    assert any(
        text.startswith("Health Care: excluded, target weight 0.0%")
        and f"without the stated limits {held['health']:.1%}" in text
        for text in said
    )
    assert any(text.startswith("Health Care: score rank") for text in said)
    assert any("the stated limits change it by" in text for text in said)
    assert any("one-way turnover" in text and "without" in text for text in said)
    bound = [s.text for s in report.sentences if "binds at" in s.text]
    assert bound
    assert len(bound) == len(set(bound))


def test_a_floor_is_said_as_understood_and_its_sector_before_and_after() -> None:
    patch = MandatePatch(floors=(SectorFloor(sector="energy", floor=0.08),))
    report = Bench().run(a_request(intent="what_if", patch=patch), earlier=REPORT.evidence)
    said = [s.text for s in report.sentences if s.section == "answer"]
    held = {line.sector: line.target_weight for line in report.allocations[0].lines}

    assert "Limit as understood: Energy at least 8.0%." in said
    assert held["energy"] >= 0.08
    assert any(text.startswith("Energy: ") and "without the stated limits" in text for text in said)


def test_a_request_without_limits_has_no_before() -> None:
    assert REPORT.before == ()


def test_facts_of_the_question_and_of_the_allocation_before_stand() -> None:
    report = Bench().run(a_request(intent="what_if", patch=PATCH))
    own = [fact for fact in report.facts if fact.formula in {"request", "before"}]
    changes = [fact for fact in report.facts if fact.measure == "change_weight"]

    assert {fact.formula for fact in own} == {"request", "before"}
    assert len(changes) == 11
    assert abs(sum(fact.value or 0.0 for fact in changes)) < 1e-6


def test_a_later_question_about_an_excluded_sector_shows_its_score_and_weight() -> None:
    focus = (Focus(universe="toy", sector="health", said="health"),)
    report = Bench().run(a_request(intent="question", patch=PATCH, focus=focus))
    said = [s.text for s in report.sentences if s.section == "answer"]

    assert "Health Care is excluded by the limits stated before, target weight 0.0%" in said[0]
    assert any(text.startswith("Health Care: score rank") for text in said)
    assert "Limit as understood: Health Care is excluded." in said


def test_markets_are_compared_measure_by_measure_against_their_own_benchmarks() -> None:
    markets = (made_universe("toy"), made_universe("mirror", foreign_flow=False))
    focus = tuple(Focus(universe=m.id, sector="energy", said="energy") for m in markets)
    silent = frozenset({"get_foreign_flow_by_sector"})
    report = Bench(universes=markets, broken=silent).run(
        a_request(intent="compare", universes=("toy", "mirror"), focus=focus)
    )
    said = [s for s in report.sentences if s.section == "answer"]

    assert "own benchmark" in said[0].text
    assert [s.universe for s in said[1:]] == ["toy", "mirror"] * 5
    assert "1-month excess return" in said[5].text
    assert "likely between" in said[7].text
    assert "the foreign-flow data do not cover it" in said[9].text
    assert "no foreign-flow statistic is published" in said[10].text


def test_sectors_of_one_market_are_compared_without_the_warning() -> None:
    focus = tuple(Focus(universe="toy", sector=s, said=s) for s in ("energy", "health"))
    report = Bench().run(a_request(intent="compare", focus=focus))
    said = [s for s in report.sentences if s.section == "answer"]

    assert [s.entity for s in said] == ["energy", "health"] * 4
    assert not any("own benchmark" in s.text for s in said)


def test_a_comparison_that_asks_for_weights_answers_with_those_of_the_sectors_compared() -> None:
    focus = tuple(Focus(universe="toy", sector=s, said=s) for s in ("energy", "health"))
    asked = {"intent": "compare", "topics": ("allocation",), "focus": focus}
    said = [s for s in Bench().run(a_request(**asked)).sentences if s.section == "answer"]

    assert [s.entity for s in said[-2:]] == ["energy", "health"]
    assert all("target weight" in s.text for s in said[-2:])


def test_markets_compared_for_their_weights_are_each_answered_with_the_largest() -> None:
    markets = (made_universe("toy"), made_universe("mirror"))
    asked = {"intent": "compare", "topics": ("allocation",), "universes": ("toy", "mirror")}
    report = Bench(universes=markets).run(a_request(**asked))
    said = [s for s in report.sentences if s.section == "answer" and "target weight" in s.text]

    assert {s.universe for s in said} == {"toy", "mirror"}
    assert len(said) == 10


def test_four_markets_share_the_draft_evenly() -> None:
    markets = tuple(made_universe(name) for name in ("toy", "mirror", "third", "fourth"))
    report = Bench(universes=markets).run(
        a_request(intent="compare", universes=tuple(m.id for m in markets))
    )
    spoken = {s.universe for s in report.sentences if s.section == "recommendation"}

    assert spoken == {m.id for m in markets}


def test_a_forged_weight_before_falls() -> None:
    report = Bench().run(a_request(intent="what_if", patch=PATCH))
    made = Material(
        request=report.request,
        universes={u.id: u for u in Bench().universes},
        evidence=report.evidence,
        gaps=(),
        scorecards=report.scorecards,
        allocations=report.allocations,
        before=report.before,
    )
    truth = Truth(made)
    fact = next(f for f in report.facts if f.formula == "before" and f.measure == "target_weight")
    forged = fact.model_copy(update={"id": "forged", "value": 0.99})

    assert truth.stands(fact)
    assert not truth.stands(forged)
