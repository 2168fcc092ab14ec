from hypothesis import given, settings
from hypothesis import strategies as st

from app.render.charts.placement import Anchor, Box, boxes

FRAME = Box(0, 0, 360, 360)
POINTS = st.tuples(st.floats(30, 330), st.floats(30, 330))


def test_labels_of_heads_on_the_same_spot_do_not_cover_each_other() -> None:
    found = boxes([Anchor(180, 180, 40, 11) for _ in range(6)], [], FRAME)
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            assert one.overlap(other) == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=12))
def test_every_head_gets_a_label_of_its_size_inside_the_frame(
    points: list[tuple[float, float]],
) -> None:
    anchors = [Anchor(x, y, 30, 11) for x, y in points]
    found = boxes(anchors, [], FRAME)
    assert len(found) == len(anchors)
    for box in found:
        assert round(box.right - box.left, 6) == 30
        assert round(box.bottom - box.top, 6) == 11
        assert FRAME.overlap(box) > 0.6 * 30 * 11


@settings(max_examples=25, deadline=None)
@given(st.lists(POINTS, min_size=2, max_size=6))
def test_placement_is_the_same_every_time(points: list[tuple[float, float]]) -> None:
    anchors = [Anchor(x, y, 30, 11) for x, y in points]
    assert boxes(anchors, [], FRAME) == boxes(anchors, [], FRAME)
