import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.render.charts import rotation_map as drawn
from app.render.charts.palette import SECTORS
from app.render.charts.rotation_map import Trail, rotation_map
from app.render.words import Words
from core.records.sectors import Quadrant, Rotation, TailPoint
from tests.app.render.sample_report import universe

WORDS = Words("en", universe("us"))
END = date(2024, 12, 27)


def _trail(name: str, x: float, y: float, *, provisional: bool = False) -> Trail:
    tail = tuple(
        TailPoint(period=END - timedelta(weeks=9 - i), rs_ratio_index=100 + i / 9 * (x - 100),
                  rs_momentum_index=100 + i / 9 * (y - 100))
        for i in range(9)
    )  # fmt: skip
    quadrant: Quadrant = "LEADING" if x >= 100 else "LAGGING"
    rotation = Rotation(
        frequency="weekly", period=END, provisional=provisional, rs_ratio_index=x,
        rs_momentum_index=y, quadrant=quadrant, heading_deg=45.0, velocity_index=0.5,
        dwell_count=3, tail=tail,
    )  # fmt: skip
    return Trail(name, name.upper(), "#1f4e9c", rotation, hover=f"{name} hover")


def _texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_bar_across_the_tail_stands_where_the_members_changed() -> None:
    trail = _trail("a", 104, 101)
    assert trail.breaks == []
    between = trail.dated[3][0] - timedelta(days=2)
    marked = replace(trail, reclassified=(between, date(2016, 9, 19)))
    assert marked.breaks == [(trail.nodes[2], trail.nodes[3])]
    plain, barred = (rotation_map([t], WORDS, name="m").svg for t in (trail, marked))
    assert barred.count("<path") == plain.count("<path") + 1


def test_a_running_week_has_a_hollow_head_and_a_closed_one_a_full_head() -> None:
    hollow = rotation_map([_trail("a", 104, 101, provisional=True)], WORDS, name="m").svg
    closed = rotation_map([_trail("a", 104, 101)], WORDS, name="m").svg
    head = re.compile(r'<path[^>]*fill="([^"]+)"[^>]*><title>a hover</title>')
    assert head.findall(hollow) == ["#ffffff"]
    assert head.findall(closed) == ["#1f4e9c"]


def test_above_twelve_sectors_the_furthest_and_the_recommended_are_drawn() -> None:
    trails = [_trail(f"s{i:02d}", 100 + i * 0.2, 100) for i in range(15)]
    trails[1] = replace(trails[1], recommended=True)
    picture = rotation_map(trails, WORDS, name="m")
    labels = {text for text in _texts(picture.svg) if text.startswith("S")}
    assert labels == {"S01", *(f"S{i:02d}" for i in range(7, 15))}
    assert "9 of 15" in picture.notes[0]


def test_up_to_twelve_sectors_all_are_drawn() -> None:
    picture = rotation_map([_trail(f"s{i:02d}", 100 + i, 99) for i in range(12)], WORDS, name="m")
    assert picture.notes == ()
    assert {t for t in _texts(picture.svg) if t.startswith("S")} == {f"S{i:02d}" for i in range(12)}


def test_a_map_has_no_ids_that_could_meet_another_drawing() -> None:
    assert "id=" not in rotation_map([_trail("a", 104, 101)], WORDS, name="m").svg


def test_a_tail_keeps_its_last_eight_periods_and_ends_at_the_head() -> None:
    trail = _trail("a", 104, 101)
    assert len(trail.nodes) == drawn.TAIL_NODES + 1
    assert trail.nodes[-1] == (104, 101)


@pytest.mark.parametrize("colour", SECTORS)
def test_no_sector_has_a_colour_of_the_exchanges_boards(colour: str) -> None:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    purple = red > 100 and blue > 100 and green < 60
    cyan = green > 150 and blue > 150 and red < 100
    yellow = red > 200 and green > 190 and blue < 120
    assert not any((purple, cyan, yellow))
