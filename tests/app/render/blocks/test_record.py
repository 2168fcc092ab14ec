"""The forecast's record on the page: verdict against chance and momentum, calibration, lamp."""

import pytest

from app.render.blocks.record import record
from app.render.blocks.strip import strip
from app.render.blocks.verdict import verdict_text
from app.render.material import Material, material
from app.render.words import Words
from core.records.report import Report
from core.records.request import Language
from core.records.sectors import HeatmapResult, Skill
from tests.app.render.sample_report import sample_report, universe
from tests.app.render.samples import full_report

WORLD = universe("us")


def _skill(**changes: object) -> Skill:
    made: dict[str, object] = {
        "horizon": "1M", "ic_mean_index": 0.06, "ic_t_index": 2.6, "hit_fraction": 0.53,
        "dates_count": 210, "momentum_ic_mean_index": 0.03, "momentum_gap_t_index": 1.2,
    }  # fmt: skip
    return Skill.model_validate(made | changes)


def _judged(skill: Skill) -> Material:
    report: Report = sample_report("us")
    first = report.evidence[0]
    assert isinstance(first.result, HeatmapResult)
    heat = first.model_copy(update={"result": first.result.model_copy(update={"skill": (skill,)})})
    return material(report.model_copy(update={"evidence": (heat, *report.evidence[1:])}), WORLD)


@pytest.mark.parametrize(
    ("skill", "said"),
    [
        (_skill(ic_t_index=None), "too few dates to judge"),
        (_skill(ic_t_index=1.2), "not distinguishable from chance"),
        (_skill(ic_mean_index=-0.06, ic_t_index=-2.6), "worse than chance"),
        (_skill(), "not shown to beat 12-month momentum"),
        (_skill(momentum_ic_mean_index=0.07), "does not beat 12-month momentum"),
        (_skill(momentum_gap_t_index=2.4), "better than 12-month momentum"),
        (_skill(momentum_ic_mean_index=None), "distinguishable from chance"),
    ],
)
def test_the_verdict_is_the_same_in_table_sentence_and_lamp(skill: Skill, said: str) -> None:
    made = _judged(skill)
    assert verdict_text(skill, Words("en", WORLD)) == said
    block = record(made)
    assert block.tables[0].rows[0][-1].plain == said
    assert f"record: {said}: IC" in block.lines[0].plain
    lamp = next(item.cell.plain for item in strip(made) if item.label == "Skill")
    assert lamp.endswith(f"; {said}")


def test_the_sentence_says_what_momentum_did_and_whether_the_difference_is_told() -> None:
    line = record(_judged(_skill())).lines[0].plain
    assert line == (
        "1M, the forecast's record: not shown to beat 12-month momentum: IC +0.06 (t +2.60), "
        "12-month momentum alone +0.03 (t of the difference +1.20)."
    )
    alone = record(_judged(_skill(momentum_ic_mean_index=None))).lines[0].plain
    assert "momentum" not in alone


def test_the_table_has_coverage_and_brier_at_decimals_that_tell() -> None:
    block = record(material(full_report("us"), WORLD))
    heads = [column.label for column in block.tables[0].columns]
    month = dict(zip(heads, (cell.plain for cell in block.tables[0].rows[1]), strict=True))
    assert month["Inside interval, %"] == "81.2"
    assert month["Brier × 100"] == "24.6"
    assert month["t against momentum"] == "+2.30"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_was_said_stands_beside_what_came(language: Language) -> None:
    block = record(material(full_report("us", language=language), WORLD))
    table = block.tables[1]
    point = "." if language == "en" else ","
    assert [cell.plain for cell in table.rows[0]] == [f"41{point}2", f"38{point}0", "57"]
    assert len(table.rows) == 3
    assert all(cell.source for row in table.rows for cell in row)
    assert len(record(material(sample_report("us"), WORLD)).tables) == 1
