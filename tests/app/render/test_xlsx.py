import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from app.render.sheets.book import sheets
from app.render.sheets.sheet import Field, Sheet, Value
from app.render.xlsx import xlsx
from core.records.report import Report
from core.records.sectors import HeatmapResult
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report

WORLDS = {"vn": universe("vn")}
REPORT = full_report("vn")
RISKY = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=HYPERLINK(0)")


def _book(made: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made))


def _sheet(*rows: tuple[Value, ...]) -> Sheet:
    width = len(rows[0])
    return Sheet("s", tuple(Field(f"f{n}", f"F{n}") for n in range(width)), rows)


def _cells(report: Report) -> dict[str, list[tuple[object, ...]]]:
    book = _book(xlsx(sheets(report, WORLDS)))
    return {page.title: [tuple(c.value for c in row) for row in page.iter_rows()] for page in book}


def test_all_sheets_are_there_in_order_with_a_frozen_heading() -> None:
    book = _book(xlsx(sheets(REPORT, WORLDS)))
    assert book.sheetnames == [
        "summary", "actions", "sectors", "orders", "forecast", "reasons", "factors", "flows",
        "fundamentals", "macro", "changes", "calls", "missing", "sources",
    ]  # fmt: skip
    assert {page.freeze_panes for page in book} == {"A2"}


def test_every_number_of_a_sheet_is_the_very_number_of_the_report() -> None:
    cells = _cells(REPORT)
    for sheet in sheets(REPORT, WORLDS):
        read = cells[sheet.name][1:]
        assert len(read) == len(sheet.rows)
        for row, expected in zip(read, sheet.rows, strict=True):
            for got, value in zip(row, expected, strict=True):
                if isinstance(value, date):
                    assert isinstance(got, datetime)
                    assert got.date() == value
                else:
                    assert got == (None if value == "" else value)


def test_scores_weights_and_contributions_come_back_exactly() -> None:
    cells = _cells(REPORT)
    heads, *rows = cells["sectors"]
    scores = {row[1]: row[heads.index("Score")] for row in rows}
    assert scores == {s.sector: s.score for s in REPORT.scorecards[0].sectors}
    target = heads.index("Target weight (fraction of 1)")
    weights = {row[1]: row[target] for row in rows}
    assert weights == {line.sector: line.target_weight for line in REPORT.allocations[0].lines}
    parts = [p.contribution for s in REPORT.scorecards[0].sectors for p in s.contributions]
    heads, *rows = cells["factors"]
    place = heads.index("Contribution")
    assert [row[place] for row in rows] == parts


@pytest.mark.parametrize("value", [0.1 + 0.2, 1 / 3, 1e-17, -5e300, 123456789.123456789])
def test_a_number_keeps_all_its_digits(value: float) -> None:
    assert _book(xlsx([_sheet((value,))]))["s"]["A2"].value == value


@pytest.mark.parametrize("text", RISKY)
def test_text_never_becomes_a_formula(text: str) -> None:
    cell = _book(xlsx([_sheet((text,))]))["s"]["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\r", "\n") or cell.value == text
    assert cell.quotePrefix


def test_markup_and_control_characters_stay_text() -> None:
    cell = _book(xlsx([_sheet(("</t><v>1</v>&\x00\x1b ok",))]))["s"]["A2"]
    assert cell.value == "</t><v>1</v>& ok"


def test_dates_are_dates_truths_are_truths_and_nothing_is_nothing() -> None:
    row = _book(xlsx([_sheet((date(2024, 12, 27), True, None, 7))]))["s"][2]
    assert row[0].is_date
    assert [cell.value for cell in row] == [datetime(2024, 12, 27), True, None, 7]  # noqa: DTZ001


def test_units_are_in_the_headings_in_the_readers_language() -> None:
    heads = sheets(REPORT, WORLDS)[2].fields
    said = {field.name: field.heading for field in heads}
    assert said["distance_200d_pct"].endswith("(%)")
    assert said["foreign_net_bn"].endswith("(bn VND)")
    assert said["target_weight"] == "Target weight (fraction of 1)"
    vietnamese = sheets(full_report("vn", language="vi"), WORLDS)[2].fields
    assert {field.name: field.heading for field in vietnamese}["foreign_net_bn"].endswith(
        "(tỷ đồng)"
    )


def test_equal_reports_are_equal_bytes_that_name_no_clock() -> None:
    made = xlsx(sheets(REPORT, WORLDS))
    assert made == xlsx(sheets(full_report("vn"), WORLDS))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("docProps" in name for name in archive.namelist())


def test_a_report_without_holdings_or_changes_has_no_empty_sheets() -> None:
    bare = full_report("vn", held=False).model_copy(update={"changes": (), "report_cards": ()})
    names = [sheet.name for sheet in sheets(bare, WORLDS)]
    assert "orders" not in names
    assert "changes" not in names
    assert "calls" not in names


def test_reasons_and_the_forecasts_record_come_back_exactly() -> None:
    cells = _cells(REPORT)
    heat = next(e.result for e in REPORT.evidence if isinstance(e.result, HeatmapResult))
    told = [
        (row.sector, reason.feature, reason.contribution_pct)
        for row in heat.rows
        for reason in row.reasons
    ]
    assert [(row[1], row[3], row[4]) for row in cells["reasons"][1:]] == told
    heads, *rows = cells["forecast"]
    gap = heads.index("t against momentum")
    skills = {str(skill.horizon): skill.momentum_gap_t_index for skill in heat.skill}
    assert all(row[gap] == skills[str(row[3])] for row in rows)
