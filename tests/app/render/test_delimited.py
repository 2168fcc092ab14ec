import csv
import io

import pytest

from app.render.delimited import delimited
from app.render.sheets.book import sectors_sheet
from app.render.sheets.sheet import Field, Sheet
from core.records.sectors import HeatmapResult
from tests.app.render.sample_report import sample_report, universe
from tests.app.render.samples import full_report

REPORT = full_report("us")
ROWS = list(csv.DictReader(io.StringIO(delimited(sectors_sheet(REPORT, {"us": universe("us")})))))


def test_every_sector_is_one_row_best_score_first() -> None:
    ranks = [int(row["rank"]) for row in ROWS]
    assert ranks == sorted(ranks)
    assert {row["sector"] for row in ROWS} == set(universe("us").sector_ids)


def test_the_numbers_are_those_of_the_report_to_the_last_digit() -> None:
    heat = REPORT.evidence[0].result
    assert isinstance(heat, HeatmapResult)
    known = {row.sector: row for row in heat.rows}
    scores = {score.sector: score for score in REPORT.scorecards[0].sectors}
    lines = {line.sector: line for line in REPORT.allocations[0].lines}
    for row in ROWS:
        sector = row["sector"]
        assert float(row["score"]) == scores[sector].score
        assert float(row["target_weight"]) == lines[sector].target_weight
        assert float(row["turnover_share_pct"]) == known[sector].turnover_share_pct
        weekly = known[sector].weekly
        assert weekly is not None
        assert float(row["weekly_rs_ratio_index"]) == weekly.rs_ratio_index
        expected = next(e for e in known[sector].expected if e.horizon == "1M")
        assert float(row["low_pct"]) == expected.low_pct


def test_what_is_missing_is_empty_never_zero() -> None:
    heat = REPORT.evidence[0].result
    assert isinstance(heat, HeatmapResult)
    absent = [row.sector for row in heat.rows if row.excess_12m_pct is None]
    assert [row["sector"] for row in ROWS if not row["excess_12m_pct"]] == absent


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_never_becomes_a_formula(text: str) -> None:
    made = delimited(Sheet("s", (Field("f", "F"),), ((text,),)))
    assert next(csv.DictReader(io.StringIO(made, newline="")))["f"] == "'" + text


def test_two_universes_stand_under_each_other_and_name_themselves() -> None:
    report = sample_report("us", "vn")
    made = sectors_sheet(report, {"us": universe("us"), "vn": universe("vn")})
    assert [row[0] for row in made.rows].count("vn") == len(universe("vn").sectors)
    assert made.fields[0].name == "universe"
