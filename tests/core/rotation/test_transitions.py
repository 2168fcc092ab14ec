import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rotation.quadrants import QUADRANTS
from core.rotation.rrg import RotationFrames, relative_rotation
from core.rotation.transitions import transitions

NODES = {"L": (101, 101), "W": (101, 99), "G": (99, 99), "I": (99, 101), ".": (math.nan, math.nan)}
"""L leading, W weakening, G lagging, I improving, a dot no position."""


def frames(**paths: str) -> RotationFrames:
    dates = pd.bdate_range("2024-01-01", periods=len(next(iter(paths.values()))))
    axes = [
        pd.DataFrame(
            {name: [NODES[letter][axis] for letter in path] for name, path in paths.items()},
            index=dates,
            dtype=np.float64,
        )
        for axis in (0, 1)
    ]
    return RotationFrames(*axes)


def cells(frame: pd.DataFrame, row: str, *columns: str) -> list[object]:
    return [frame.at[row, column] for column in columns]


def test_moves_are_counted_from_a_bar_to_the_next() -> None:
    found = transitions(frames(tech="LLWGGI", bank="LLLLLW"))
    expected = pd.DataFrame(
        [[5, 2, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1], [0, 0, 0, 0]], QUADRANTS, QUADRANTS
    )
    pd.testing.assert_frame_equal(found.counts, expected)
    assert cells(found.probabilities, "LEADING", *QUADRANTS) == pytest.approx([5 / 7, 2 / 7, 0, 0])
    assert found.probabilities.loc["IMPROVING"].isna().all()


def test_a_missing_bar_breaks_the_path() -> None:
    found = transitions(frames(tech="LL.WW"))
    assert found.counts.to_numpy().sum() == 2
    assert found.changes_count == 0
    assert found.clockwise_fraction is None


def test_the_share_of_clockwise_changes() -> None:
    found = transitions(frames(tech="LWGILWLG"))
    assert found.changes_count == 7
    assert found.clockwise_fraction == pytest.approx(5 / 7)


def test_dwell_is_of_spells_seen_from_end_to_end() -> None:
    found = transitions(frames(tech="LLLWWGIIIIWG", bank="..GGLLLLGLL.")).dwell
    assert cells(found, "LEADING", *found.columns) == [1, 4.0, 4.0, 4.0]
    assert cells(found, "WEAKENING", *found.columns) == [2, 1.5, 1.5, 2.0]
    assert found.loc["LAGGING", "spells_count"] == 2
    assert transitions(frames(tech="LLL")).dwell["spells_count"].sum() == 0


def test_a_full_loop_goes_clockwise_through_all_four() -> None:
    loops = transitions(frames(tech="LLWGILWWGIL", back="LIGWLIGWLIG")).loops
    assert loops["full_count"].tolist() == [2, 0]


def test_a_sector_that_stays_on_one_side_turns_one_sided() -> None:
    loops = transitions(frames(tech="GILWWLWLL", bank="LGGIGIGGG")).loops
    assert cells(loops, "tech", "right_count", "left_count", "side") == [2, 0, "right"]
    assert cells(loops, "tech", "side_bars", "side_turns") == [7, 4]
    assert cells(loops, "bank", "right_count", "left_count", "side") == [0, 2, "left"]
    assert cells(loops, "bank", "side_bars", "side_turns") == [8, 4]


def test_a_loop_across_a_gap_is_no_loop() -> None:
    loops = transitions(frames(tech="LW.LWGIL")).loops
    assert loops.loc["tech", "right_count"] == 0
    assert loops.loc["tech", "full_count"] == 1


def test_a_sector_without_a_last_bar_is_on_no_side() -> None:
    loops = transitions(frames(tech="LWL.", bank="....")).loops
    assert loops["side"].isna().all()
    assert loops["side_bars"].tolist() == [0, 0]
    assert loops["right_count"].tolist() == [1, 0]


def test_a_sine_only_turns_clockwise() -> None:
    dates = pd.bdate_range("2020-01-01", periods=500)
    wave = pd.DataFrame({"tech": 1 + 0.05 * np.sin(np.arange(500) / 12)}, index=dates)
    found = transitions(relative_rotation(wave, pd.Series(1.0, index=dates)))
    assert found.clockwise_fraction == 1.0
    assert found.loops["full_count"].min() >= 5


@given(path=st.text("LWGI.", min_size=1, max_size=60))
def test_every_move_between_known_bars_is_counted_once(path: str) -> None:
    found = transitions(frames(tech=path))
    pairs = [(a, b) for a, b in pairwise(path) if "." not in (a, b)]
    assert found.counts.to_numpy().sum() == len(pairs)
    assert found.changes_count == sum(a != b for a, b in pairs)
    rows = found.probabilities.sum(axis=1)[found.counts.sum(axis=1) > 0]
    assert rows.tolist() == pytest.approx([1.0] * len(rows))
