"""The first page: one sheet, in its order, nothing outside, nothing on top of anything else."""

from functools import cache
from itertools import product
from typing import get_args

import pytest

from app.render.page import page
from app.render.view import Cell, Page
from core.records.request import Language
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report
from tests.app.render.sheet_probe import first_sheets

CASES = list(product(("us", "vn"), get_args(Language), (True, False)))
SAMPLED = [
    pytest.param(*case, marks=() if case == ("vn", "vi", True) else pytest.mark.prove)
    for case in CASES
]
"""The fullest page always; the others in the long tests."""
EDGE_PT = 22.0
"""Room every sheet keeps at its sides; the margin is 9 mm."""
CLASH = 0.2
"""Boxes are a little larger than the ink: from a fifth of the smaller on, glyphs touch."""


@cache
def shown(name: str, language: Language, held: bool) -> Page:
    return page(full_report(name, language=language, held=held), {name: universe(name)})


@pytest.mark.parametrize(("name", "language", "held"), SAMPLED)
def test_the_first_page_is_one_sheet_on_which_no_text_overlaps_or_overflows(
    name: str, language: Language, held: bool
) -> None:
    sheets = first_sheets(shown(name, language, held))
    assert len(sheets) == 1
    sheet = sheets[0]
    assert len(sheet.glyphs) > 3000
    outside = [
        g for g in sheet.glyphs
        if g.left < EDGE_PT or g.right > sheet.width - EDGE_PT or g.top < 15
        or g.bottom > sheet.height - 10
    ]  # fmt: skip
    assert outside == []
    assert sheet.clashes(CLASH) == []


@pytest.mark.parametrize(
    "sentences",
    [pytest.param(6, marks=pytest.mark.prove), pytest.param(14, marks=pytest.mark.prove), 40],
)
def test_a_long_answer_makes_the_type_smaller_and_never_a_second_sheet(sentences: int) -> None:
    report = full_report("vn", language="vi")
    told = next(s for s in report.sentences if s.section == "rotation")
    answer = tuple(told.model_copy(update={"section": "answer"}) for _ in range(sentences))
    asked = report.model_copy(update={"sentences": (*answer, *report.sentences)})
    sheets = first_sheets(page(asked, {"vn": universe("vn")}))
    assert len(sheets) == 1
    assert sheets[0].clashes(CLASH) == []
    assert all(glyph.bottom < sheets[0].height - 10 for glyph in sheets[0].glyphs)


def test_the_measure_sees_text_on_top_of_text() -> None:
    sheet = first_sheets(shown("us", "en", True))[0]
    moved = type(sheet.glyphs[0])(10**7, *(getattr(sheet.glyphs[50], s) for s in
                                           ("left", "top", "right", "bottom")))  # fmt: skip
    assert type(sheet)(sheet.width, sheet.height, (*sheet.glyphs, moved)).clashes(CLASH)


def test_every_part_is_there_in_its_order() -> None:
    front = [block.id for block in shown("vn", "en", True).universes[0].front]
    assert front == [
        "headline", "actions", "map", "heatmap", "textbook", "sectors", "why", "changes",
        "macro_strip", "risk", "track", "missing_strip", "foot",
    ]  # fmt: skip


def test_with_holdings_actions_go_from_held_to_target_with_money_and_days() -> None:
    table = shown("vn", "en", True).universes[0].actions.tables[0]
    heads = [column.label.replace("\n", " ") for column in table.columns]
    assert heads[1:4] == ["Held → target, % (vs bench, pp)", "Trade, bn VND (days)", "Stance"]
    assert len(table.rows) <= 6
    assert all("→" in row[1].plain and "(" in row[1].plain for row in table.rows)
    assert all(row[2].plain.endswith("d)") for row in table.rows)


def test_without_holdings_there_is_no_trade_and_the_weights_begin_at_the_benchmark() -> None:
    table = shown("vn", "en", False).universes[0].actions.tables[0]
    heads = [column.label for column in table.columns]
    assert heads[1:3] == ["Bench → target, %", "Stance"]
    assert {len(row) for row in table.rows} == {len(heads)}
    assert not any(head.startswith("Trade") for head in heads)


def test_at_most_five_changes_are_told_each_with_its_cause_and_the_rest_is_counted() -> None:
    block = shown("us", "en", True).universes[0].changed
    lines = [line.plain for line in block.lines]
    assert len(lines) == 5
    assert all(line.endswith(("(data)", "(model)", "(mandate)")) for line in lines)
    assert any("rank 3 → 1" in line for line in lines)
    assert "3 more" in block.notes[0]


def test_risk_names_bets_and_what_each_binding_limit_costs_but_not_the_markets_own_limits() -> None:
    block = shown("us", "en", True).universes[0].risk
    said = " ".join(line.plain for line in block.lines)
    assert "turnover (24.8 bp)" in said
    assert "related-issuers (3.1 bp)" in said
    assert "too few members" not in said
    assert [item.cell.plain for item in block.items] == ["4.2%", "1.04", "12.7%", "28.7%", "6.4 bp"]


def test_a_leader_is_confirmed_contradicted_or_not_measurable_and_nobody_else_is() -> None:
    table = shown("vn", "en", True).universes[0].sectors.tables[0]
    flow = next(i for i, c in enumerate(table.columns) if c.label.startswith("Foreign"))
    marks = dict.fromkeys("✓✗=?", 0)
    for row in table.rows:
        first = row[flow].plain[:1]
        if first in marks:
            marks[first] += 1
            assert row[2].plain.startswith("Leading")
    assert sum(marks.values()) > 0


def test_the_rank_says_how_many_places_it_moved() -> None:
    rows = shown("us", "en", True).universes[0].sectors.tables[0].rows
    assert rows[0][0].plain == "1\N{NO-BREAK SPACE}▲2"


def test_a_single_stock_is_said_with_its_name() -> None:
    report_page = shown("vn", "en", True)
    rows = report_page.universes[0].sectors.tables[0].rows
    assert [row[1].plain.split("[")[1] for row in rows if "[1;" in row[1].plain] == ["1; ABC]"]


def test_signatures_are_at_the_foot_and_an_empty_one_is_a_line_to_sign_on() -> None:
    foot = shown("us", "en", True).universes[0].foot.lines[-1].plain
    assert foot.startswith("Prepared by: A. Analyst · Reviewed by: R. Reviewer · Approved by: ……")


def _numbers(cells: list[Cell]) -> list[float]:
    return [float(cell.plain.replace(",", ".")) for cell in cells if cell.plain]


@pytest.mark.parametrize(("name", "language", "held"), CASES)
def test_weights_as_printed_sum_to_one_hundred_with_cash_and_what_lies_outside(
    name: str, language: Language, held: bool
) -> None:
    made = shown(name, language, held).universes[0]
    table = next(t for b in made.details if b.id == "weights" for t in b.tables)
    for place, column in enumerate(table.columns):
        if column.label in ("Benchmark", "Held", "Target", "Chuẩn", "Đang giữ", "Mục tiêu"):
            values = _numbers([row[place] for row in table.rows])
            assert values[-1] == 100.0
            assert round(sum(values[:-1]), 9) == 100.0


@pytest.mark.parametrize("language", get_args(Language))
def test_the_first_page_says_what_rotations_and_the_market_have_been_worth(
    language: Language,
) -> None:
    made = shown("us", language, True).universes[0]
    assert len(made.textbook.lines) == 1
    risk = [line.plain for line in made.risk.lines]
    macro = [line.plain for line in made.macro.lines]
    starts = ("Market:", "De-risking rule:", "Balance:")
    if language == "vi":
        starts = ("Thị trường:", "Quy tắc giảm rủi ro:", "Cân bằng:")
    assert sum(line.startswith(starts[:2]) for line in risk) == 2
    assert sum(line.startswith(starts[2]) for line in macro) == 1
    details = {block.id for block in made.details}
    assert {"rotation_statistics", "market_warning", "reasons", "record"} <= details
