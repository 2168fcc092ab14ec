"""What a page says first: headline, recommendations, reasons, warnings."""

from dataclasses import replace
from typing import Literal

import pytest

from agents import notices
from agents.claims.headline import WORDS_CAP
from agents.claims.record import verdict
from agents.material import Material
from agents.reporter import template_draft
from core.records.evidence import Gap
from core.records.request import Language, Topic
from core.records.scoring import ScoringResult
from core.records.sectors import Reason, Skill
from tests.agents.claims.told import REPORT, heatmap, material, status, texts, told

HEATMAP, STATUS = heatmap(), status()
STALE = STATUS.model_copy(
    update={
        "rows": tuple(
            STATUS.rows[0].model_copy(update={"dataset": name, "stale": name != "prices"})
            for name in ("prices", "fundamentals", "macro", "flows", "positions")
        )
    }
)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_headline_names_change_reason_reversal_and_old_data_within_its_words(
    language: Language,
) -> None:
    said = texts(material(STALE, language=language), "headline")

    assert len(" ".join(said).split()) <= WORDS_CAP[language]
    assert len(said) == 4
    assert "2026" in said[3]
    if language == "en":
        assert ("overweight" in said[0], "underweight" in said[0]) == (True, True)
        assert "argues for" in said[1]
        assert said[2].startswith(("Reversed", "In question"))
        assert "fundamentals" in said[3]


def _scored(contributions: tuple[float, ...], *, more: bool) -> Material:
    """Return a material whose furthest line is overweight or not, for these reasons."""
    made = material()
    lines = made.allocations[0].lines
    end = max if more else min
    line = end(lines, key=lambda row: row.target_weight - row.benchmark_weight)
    others = tuple(
        row.model_copy(update={"target_weight": row.benchmark_weight, "stance": "neutral"})
        for row in lines
        if row.sector != line.sector
    )
    sectors = tuple(
        row.model_copy(
            update={
                "contributions": tuple(
                    part.model_copy(update={"contribution": value, "factor": f"f{place}"})
                    for place, (part, value) in enumerate(
                        zip(
                            (row.contributions[0],) * len(contributions), contributions, strict=True
                        )
                    )
                )
            }
        )
        if row.sector == line.sector
        else row
        for row in made.scorecards[0].sectors
    )
    card = made.scorecards[0].model_copy(update={"sectors": sectors})
    allocation = made.allocations[0].model_copy(update={"lines": (line, *others)})
    return replace(made, scorecards=(card,), allocations=(allocation,))


def test_the_headline_argues_for_the_stance_and_names_its_dissent() -> None:
    more = texts(_scored((0.4, -0.1), more=True), "headline")[1]
    less = texts(_scored((0.1, -0.4), more=False), "headline")[1]

    assert "f0 (+0.40) argues for more, f1 (−0.10) for less." in more
    assert "f1 (−0.40) argues for less, f0 (+0.10) for more." in less


def test_a_score_that_one_factor_carries_is_reversed_by_it() -> None:
    carried = texts(_scored((0.4, 0.1, -0.2), more=True), "headline")[2]
    shared = texts(_scored((0.2, 0.2, -0.1), more=True), "headline")[2]

    assert carried == "Reversed if f0 turns: without its +0.40 the score changes sign."
    assert "f0 turns: without" not in shared


def test_a_stance_no_factor_argues_for_says_so() -> None:
    said = texts(_scored((-0.4, -0.1), more=True), "headline")[1]

    assert "nothing of weight argues for more, f0 (−0.40) for less" in said


def _viewed(reasons: tuple[tuple[str, float], ...], factor: str = "members_ridge_1m") -> Material:
    """Return a material whose furthest line rests on one fitted view and a small factor."""
    made = _scored((0.4, -0.002), more=True)
    line = next(row for row in made.allocations[0].lines if row.stance != "neutral")
    card = made.scorecards[0]
    names: tuple[dict[str, str], ...] = ({"factor": factor, "family": "views"}, {})
    sectors = tuple(
        row.model_copy(
            update={
                "contributions": tuple(
                    part.model_copy(update=name)
                    for part, name in zip(row.contributions, names, strict=True)
                )
            }
        )
        if row.sector == line.sector
        else row
        for row in card.sectors
    )
    told_by = tuple(Reason(feature=name, contribution_pct=value) for name, value in reasons)
    rows = tuple(row.model_copy(update={"reasons": told_by}) for row in HEATMAP.rows)
    fresh = material(HEATMAP.model_copy(update={"rows": rows}))
    cards = (card.model_copy(update={"sectors": sectors}),)
    return replace(fresh, scorecards=cards, allocations=made.allocations)


def test_a_fitted_view_argues_by_the_features_it_rests_on() -> None:
    made = _viewed((("foreign_21", 0.3), ("momentum_12", 0.1), ("beta", -0.05)))
    said = texts(made, "headline")

    assert "1-month foreign buying argues for more, beta for less." in said[1]
    assert "linear view (" not in " ".join(said)
    first = texts(made, "for")[0]
    assert "linear view of members, 1M, +0.40 in the score" in first
    assert "most of all 1-month foreign buying, 12-month momentum" in first


def test_what_prints_as_nothing_is_no_dissent() -> None:
    said = texts(_viewed((("foreign_21", 0.3), ("beta", -0.004))), "headline")

    assert "1-month foreign buying argues for more, nothing of weight for less." in said[1]


@pytest.mark.parametrize(
    ("reasons", "factor", "named"),
    [
        ((), "members_ridge_1m", "linear view of members"),
        ((("beta", 0.1),), "members_dense_1m", "network view of members"),
    ],
)
def test_a_view_that_cannot_tell_its_reasons_is_named_itself(
    reasons: tuple[tuple[str, float], ...], factor: str, named: str
) -> None:
    assert named in texts(_viewed(reasons, factor), "headline")[1]


def test_old_prices_are_scored_and_never_said_not_to_be() -> None:
    rows = tuple(row.model_copy(update={"stale": True}) for row in STALE.rows[:2])
    said = texts(material(STALE.model_copy(update={"rows": rows})), "headline")

    assert "they were scored as of then" in said[3]
    assert not any("prices" in text for text in said if "shown, not scored" in text)


def test_a_market_named_twice_is_told_once() -> None:
    made = material(universes=("toy", "toy"))
    ends = [row.text for row in notices.warnings(made, (), modelled=False) if "end on" in row.text]

    assert len(ends) == 1
    assert template_draft(made).claims


def test_gaps_are_told_once_and_only_where_they_touch_the_question() -> None:
    absent = Gap.model_validate(
        {"id": "a", "universe": "toy", "node": "foreign_flow",
         "tool": "get_foreign_flow_by_sector",
         "gap": {"reason": "not_published", "actor": "nobody", "dataset": "flows"}}
    )  # fmt: skip
    asked = {"intent": "question", "topics": ("rotation",)}
    report, rotation = material(), material(**asked)

    assert len(notices.missing(replace(report, gaps=(absent, absent)))) == 1
    assert notices.missing(replace(rotation, gaps=(absent,))) == ()


def test_one_stock_sectors_are_warned_of_where_weights_are_asked_for() -> None:
    rows = tuple(row.model_copy(update={"top_member_pct": 77.0}) for row in HEATMAP.rows)
    single = HEATMAP.model_copy(update={"rows": rows})

    def said(*topics: Topic) -> str:
        return " ".join(texts(material(single, intent="question", topics=topics), "warning"))

    shown = ("largely one stock" in said("allocation"), "largely one stock" in said("rotation"))
    assert shown == (True, False)


def test_fresh_data_are_not_called_old() -> None:
    assert not any("not scored" in text for text in texts(material(), "headline"))


def _skill(ic: float, t: float | None, momentum: float | None, gap: float | None = None) -> Skill:
    return Skill(
        horizon="1M",
        ic_mean_index=ic,
        ic_t_index=t,
        hit_fraction=0.5,
        dates_count=100,
        momentum_ic_mean_index=momentum,
        momentum_gap_t_index=gap,
    )


@pytest.mark.parametrize(
    ("skill", "expected"),
    [
        (_skill(0.05, None, 0.0), "short"),
        (_skill(0.05, 1.99, 0.0), "chance"),
        (_skill(0.05, 2.0, 0.03, 2.0), "better"),
        (_skill(0.05, 2.0, 0.03, 1.9), "behind"),
        (_skill(0.05, 2.0, 0.03), "behind"),
        (_skill(0.03, 2.5, 0.05, -2.5), "behind"),
        (_skill(0.03, 2.5, None), "better"),
        (_skill(0.03, 1.5, None), "chance"),
        (_skill(-0.05, -2.5, 0.05), "wrong"),
        (_skill(-0.05, -1.5, 0.05), "chance"),
    ],
)
def test_a_record_is_judged_against_chance_then_momentum(
    skill: Skill, expected: Literal["short", "chance", "better", "behind", "wrong"]
) -> None:
    assert verdict(skill) == expected


@pytest.mark.parametrize("gap", [-2.5, 0.5])
def test_a_record_not_shown_to_beat_momentum_says_so_with_both_figures(gap: float) -> None:
    behind = HEATMAP.model_copy(update={"skill": (_skill(0.06, 2.5, 0.05, gap),)})

    assert texts(material(behind), "headline")[-1] == (
        "The forecast's record is better than chance, but not shown to beat plain momentum: "
        "mean IC +0.06, plain momentum +0.05."
    )


def test_a_record_like_chance_still_says_what_momentum_did() -> None:
    chance = HEATMAP.model_copy(update={"skill": (_skill(0.01, 0.5, 0.02, -0.5),)})

    assert "plain momentum +0.02" in texts(material(chance), "headline")[-1]


@pytest.mark.parametrize("momentum", [0.02, None])
def test_a_record_of_too_few_dates_is_not_called_chance(momentum: float | None) -> None:
    short = HEATMAP.model_copy(update={"skill": (_skill(-0.06, None, momentum),)})
    told_of = texts(material(short), "headline")[-1]

    assert told_of.startswith("The forecast's record has too few dates to judge: mean IC −0.06")


@pytest.mark.parametrize(
    ("t", "said"), [(2.5, "better than chance"), (0.4, "not distinguishable"), (-2.5, "worse")]
)
def test_without_momentums_record_none_is_compared_with(t: float, said: str) -> None:
    alone = HEATMAP.model_copy(update={"skill": (_skill(0.05 if t > 0 else -0.05, t, None),)})
    told_of = texts(material(alone), "headline")[-1]

    assert said in told_of
    assert "momentum" not in told_of


@pytest.mark.parametrize("skill", [(), (_skill(0.05, None, 0.01),)])
def test_a_horizon_without_a_record_to_judge_is_warned_of(skill: tuple[Skill, ...]) -> None:
    made = material(HEATMAP.model_copy(update={"skill": skill}), _unrecorded())
    said = [text for text in texts(made, "warning") if "without a settled record" in text]

    assert len(said) == 1
    assert ("1 month" in said[0]) if not skill else ("100" in said[0])


def _unrecorded() -> ScoringResult:
    made = next(e.result for e in REPORT.evidence if isinstance(e.result, ScoringResult))
    return made.model_copy(update={"skill": ()})


def test_a_sector_without_weight_is_never_recommended() -> None:
    made = material()
    lines = made.allocations[0].lines
    furthest = max(lines, key=lambda line: abs(line.target_weight - line.benchmark_weight))
    odd = made.allocations[0].model_copy(
        update={
            "lines": tuple(
                line.model_copy(update={"stance": "not_weighted"}) if line == furthest else line
                for line in lines
            )
        }
    )
    changed = type(made)(**{**vars(made), "allocations": (odd,)})
    named = {s.entity for s in told(changed) if s.section == "recommendation"}

    assert len(named) == 5
    assert furthest.sector not in named


def test_reasons_name_the_factor_and_not_its_key() -> None:
    reasons = [s.text for s in REPORT.sentences if s.section in {"for", "against"}]

    assert any("12-1 momentum, +" in text for text in reasons)
    assert not any("contribution" in text or "_" in text for text in reasons)


def test_momentum_about_to_cross_and_one_stock_sectors_are_warned_of() -> None:
    named = next(s.entity for s in REPORT.sentences if s.section == "recommendation")
    rows = tuple(
        row.model_copy(
            update={
                "top_member_pct": 77.0,
                "weekly": row.weekly.model_copy(update={"early_warning": "momentum_crossing_down"}),
            }
        )
        if row.sector == named and row.weekly
        else row
        for row in HEATMAP.rows
    )
    made = material(HEATMAP.model_copy(update={"rows": rows}))
    said, dangers = texts(made, "warning"), texts(made, "against")

    assert any("momentum crossing down" in text for text in said)
    assert any("largely one stock" in text and "77.0%" in text for text in dangers)
    assert any("without measured skill" in text for text in said)


def test_a_first_bar_is_one_bar() -> None:
    rows = tuple(
        row.model_copy(update={"weekly": row.weekly.model_copy(update={"dwell_count": 1})})
        for row in HEATMAP.rows
        if row.weekly
    )
    said = texts(material(HEATMAP.model_copy(update={"rows": rows})), "rotation")

    assert any("(1 bar)" in text for text in said)
    assert not any("bars)" in text for text in said)
