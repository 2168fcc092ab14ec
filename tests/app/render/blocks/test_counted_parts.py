"""Textbook line, rotation statistics, market warning, rule and balance on the page."""

import pytest

from app.render.blocks.balance import balance_line
from app.render.blocks.market_warning import de_risking_line, market_warning, warning_line
from app.render.blocks.rotation_statistics import rotation_statistics
from app.render.blocks.textbook import textbook, textbook_line
from app.render.material import Material
from app.render.view import Block, Cell
from core.records.request import Language
from core.records.rotation_statistics import RotationStatisticsResult
from tests.app.render.counted import counted_material, statistics_result, warning_result
from tests.app.render.sample_report import universe

WORLD = universe("us")


@pytest.fixture(scope="module")
def page() -> Material:
    return counted_material()


def cells(cell: Cell) -> list[Cell]:
    return [leaf for part in cell.parts for leaf in cells(part)] if cell.parts else [cell]


def said(block: Block) -> list[Cell]:
    lines = [leaf for line in block.lines for leaf in cells(line)]
    items = [leaf for item in block.items for leaf in cells(item.cell)]
    return [*lines, *items]


def test_the_line_reads_each_quadrant_against_its_history(page: Material) -> None:
    line = textbook_line(page)
    assert line is not None
    month = [r for r in statistics_result(WORLD).readings if r.horizon == "1M"]
    for row in month:
        assert row.excess_mean_pct is not None
        figure = f"{abs(row.excess_mean_pct):.2f}% (t "
        assert figure in line.plain
        assert f"n {row.observations_count:,}" in line.plain
    assert line.plain.count("history") >= 4
    assert "WEAKENING lags" in line.plain
    assert textbook(page).lines == (line,)


def test_the_line_is_of_the_weekly_statistics_and_falls_back_to_a_month() -> None:
    weekly = statistics_result(WORLD)
    daily = weekly.model_copy(update={"frequency": "daily"})
    line = textbook_line(counted_material(results=(daily, weekly)))
    assert line is not None
    assert ", weekly:" in line.plain
    months = tuple(row for row in weekly.readings if row.horizon == "1M")
    only = counted_material(results=(weekly.model_copy(update={"readings": months}),))
    told = textbook_line(only)
    assert told is not None
    assert "next 1M" in told.plain


def test_a_verdict_against_the_textbook_stands_out() -> None:
    weekly = statistics_result(WORLD)
    against = tuple(
        row.model_copy(update={"verdict": "disagrees"}) if row.quadrant == "IMPROVING" else row
        for row in weekly.readings
    )
    line = textbook_line(
        counted_material(results=(weekly.model_copy(update={"readings": against}),))
    )
    assert line is not None
    assert [cell.text for cell in line.parts if cell.tone == "bad"] == ["history disagrees"]


def test_every_number_of_the_parts_says_where_it_is_from(page: Material) -> None:
    for block in (rotation_statistics(page), market_warning(page), textbook(page)):
        for leaf in said(block):
            bare = leaf.text.strip(" ().,;/%\N{EN DASH}")
            if bare.replace(".", "").replace(",", "").lstrip("+\N{MINUS SIGN}").isdigit():
                assert leaf.source, (block.id, leaf)
        for table in block.tables:
            assert len(table.sources) == len(table.rows)
            assert all("/" in source for source in table.sources)


def test_the_statistics_hold_pictures_turns_warnings_readings_and_sectors(page: Material) -> None:
    block = rotation_statistics(page)
    assert [picture.id for picture in block.pictures] == ["moves-us", "dwell-us"]
    assert len(block.lines) == 3
    readings, sectors = block.tables
    assert len(readings.rows) == 4
    assert len(sectors.rows) == len(statistics_result(WORLD).sectors)
    assert len({len(row) for row in sectors.rows}) == 1
    names = [row[0].plain.split(" X")[0] for row in sectors.rows]
    order = [page.words.entity(name) for name in page.order]
    assert names == [name for name in order if name in names]
    assert "95% interval" in block.notes[0]


def test_odds_without_a_case_are_missing_not_zero() -> None:
    weekly = statistics_result(WORLD)
    bare = tuple(
        row.model_copy(update={
            "leave_fraction": None, "leave_low_fraction": None, "leave_high_fraction": None,
            "leave_cases_count": 0,
        })
        for row in weekly.sectors
    )  # fmt: skip
    page = counted_material(results=(weekly.model_copy(update={"sectors": bare}),))
    table = rotation_statistics(page).tables[1]
    assert all(row[3].tone == "missing" for row in table.rows)
    assert table.notes == ("a: history too short",)


def test_the_warning_tells_state_readings_record_rule_and_balance(page: Material) -> None:
    result = warning_result(WORLD)
    block = market_warning(page)
    assert len(block.items) == 3
    assert len(block.lines) == 3
    (table,) = block.tables
    assert len(table.rows) == len(result.outcomes)
    state = warning_line(page)
    assert state is not None
    assert f"{result.rows[0].signs_count} of 3 signs lit" in state.plain
    rule, lead = de_risking_line(page), balance_line(page)
    assert rule is not None
    assert "no weight follows it" in block.notes[0]
    assert "growth a year with it" in rule.plain
    assert lead is not None
    assert result.balance[0].style_lead in lead.plain


def test_a_history_too_short_for_a_state_says_so() -> None:
    young = warning_result(WORLD).model_copy(
        update={"rows": (), "outcomes": (), "switch": (), "balance": ()}
    )
    page = counted_material(results=(young,))
    block = market_warning(page)
    assert block.notes[0].startswith("No warning state")
    assert (block.lines, block.items, block.tables) == ((), (), ())


def test_without_an_answer_there_is_no_part() -> None:
    page = counted_material(results=())
    assert textbook_line(page) is None
    assert balance_line(page) is None
    assert (warning_line(page), de_risking_line(page)) == (None, None)
    for block in (rotation_statistics(page), market_warning(page), textbook(page)):
        assert block.empty
    gap = RotationStatisticsResult.model_validate(
        {
            **statistics_result(WORLD).model_dump(),
            "gap": {"reason": "too_short", "actor": "nobody", "dataset": None}, "rows": (),
        }
    )  # fmt: skip
    assert rotation_statistics(counted_material(results=(gap,))).empty


@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_key_of_ours_reaches_the_reader(language: Language) -> None:
    page = counted_material(language=language)
    for block in (rotation_statistics(page), market_warning(page), textbook(page)):
        words = [leaf.text for leaf in said(block)]
        words += [column.label for table in block.tables for column in table.columns]
        words += [cell.plain for table in block.tables for row in table.rows for cell in row]
        assert not [text for text in words if "_" in text], block.id
