import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.charts.plane import REACH_ROOM, Plane, ground, plane
from app.render.charts.vega import Canvas, to_svg
from app.render.words import Words
from tests.app.render.sample_report import universe

WIDE = Canvas(width=430, height=350, left=0, right=0, top=0, bottom=0)
WORDS = Words("en", universe("us"))
POINTS = st.lists(st.tuples(st.floats(80, 120), st.floats(80, 120)), min_size=1, max_size=9)


@given(POINTS)
def test_every_point_is_inside_and_both_axes_have_the_same_scale(
    points: list[tuple[float, float]],
) -> None:
    axes = plane(points, WIDE)
    for point in points:
        x, y = axes.pixel(point)
        assert -1e-6 <= x <= WIDE.width + 1e-6
        assert -1e-6 <= y <= WIDE.height + 1e-6
    right, up = axes.pixel((101, 100)), axes.pixel((100, 101))
    middle = axes.pixel((100, 100))
    assert right[0] - middle[0] == pytest.approx(middle[1] - up[1])
    assert middle == pytest.approx((WIDE.width / 2, WIDE.height / 2))


def test_a_place_and_its_pixel_are_each_other_back() -> None:
    axes = plane([(104.0, 98.5)], WIDE)
    assert axes.point(*axes.pixel((101.25, 99.5))) == pytest.approx((101.25, 99.5))


def test_a_market_that_stands_still_is_not_blown_up() -> None:
    assert plane([(100.001, 100.0)], WIDE).reach == 0.5 * REACH_ROOM


@pytest.mark.parametrize(("reach", "step"), [(0.6, 0.2), (7.0, 2.0), (9.0, 5.0), (40.0, 10.0)])
def test_ticks_are_round_and_at_most_a_handful(reach: float, step: float) -> None:
    svg = to_svg(ground(Plane(reach, WIDE), WORDS), WIDE, language="en")
    ticks = sorted({float(text) for text in re.findall(r">(\d+(?:\.\d+)?)</text>", svg)})
    assert all(b - a == pytest.approx(step) for a, b in pairwise(ticks))
    assert 100.0 in ticks
    assert len(ticks) <= 11
