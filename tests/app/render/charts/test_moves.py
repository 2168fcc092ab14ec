import re

import pytest

from app.render.charts.moves import STAYING, dwell_chart, moves_chart
from app.render.charts.palette import QUADRANTS
from app.render.words import Words
from core.records.request import Language
from core.records.rotation_statistics import RotationStatisticsResult
from core.records.sectors import Quadrant
from tests.app.render.counted import statistics_result
from tests.app.render.sample_report import universe

WORDS = Words("en", universe("us"))


@pytest.fixture(scope="module")
def result() -> RotationStatisticsResult:
    return statistics_result(universe("us"))


def test_every_move_prints_its_share_and_count(result: RotationStatisticsResult) -> None:
    svg = moves_chart(result.moves, WORDS, name="m").svg
    for move in result.moves:
        assert move.move_fraction is not None
        assert f">{100 * move.move_fraction:.1f}%<" in svg
        assert f">{move.moves_count:,}<" in svg


def test_staying_is_grey_and_the_commonest_move_darkest(result: RotationStatisticsResult) -> None:
    fills = re.findall(r'fill="(#[0-9a-f]{6})"[^>]*stroke="#ffffff"', _svg(result))
    assert len(fills) == 16
    stays = [index for index, fill in enumerate(fills) if fill == STAYING]
    assert stays == [0, 5, 10, 15]
    leaving = [move for move in result.moves if move.quadrant != move.next_quadrant]
    common = max(leaving, key=lambda move: move.move_fraction or 0.0)
    rare = min(leaving, key=lambda move: move.move_fraction or 0.0)
    place = {id(move): n for n, move in enumerate(result.moves)}
    assert fills[place[id(common)]] == "#2f67b1"
    assert fills[place[id(rare)]] == "#f6f8fb"


def _svg(result: RotationStatisticsResult) -> str:
    return moves_chart(result.moves, WORDS, name="m").svg


def test_bars_are_as_long_as_the_median_stay(result: RotationStatisticsResult) -> None:
    svg = dwell_chart(result.rows, WORDS, name="d").svg
    widths = {
        fill: float(wide)
        for wide, fill in re.findall(r'd="M0,[\d.]+h([\d.]+)v[^"]*"[^>]*fill="(#[0-9a-f]{6})"', svg)
    }
    by_name = {row.quadrant: row.dwell_median_index or 0.0 for row in result.rows}
    first: Quadrant = "LEADING"
    scale = widths[QUADRANTS[first]] / by_name[first]
    for quadrant, median in by_name.items():
        assert widths[QUADRANTS[quadrant]] == pytest.approx(scale * median, abs=0.2)


def test_a_quadrant_without_a_completed_stay_has_no_bar(result: RotationStatisticsResult) -> None:
    bare = tuple(
        row.model_copy(update={"spells_count": 0, "dwell_longest_count": None})
        if row.quadrant == "LAGGING"
        else row
        for row in result.rows
    )
    svg = dwell_chart(bare, WORDS, name="d").svg
    assert QUADRANTS["LAGGING"] not in svg
    assert QUADRANTS["LEADING"] in svg


@pytest.mark.parametrize(("language", "name"), [("en", "Leading"), ("vi", "Dẫn dắt")])
def test_quadrants_are_named_in_the_pages_language(
    result: RotationStatisticsResult, language: Language, name: str
) -> None:
    words = Words(language, universe("us"))
    for picture in (
        moves_chart(result.moves, words, name="m"), dwell_chart(result.rows, words, name="d"),
    ):  # fmt: skip
        assert f">{name}<" in picture.svg
        assert picture.alt
        assert picture.notes
