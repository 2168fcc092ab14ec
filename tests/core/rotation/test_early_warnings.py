import numpy as np
import pandas as pd
import pytest

from core.records.rotation_statistics import EarlyWarningRow
from core.rotation.early_warnings import early_warnings
from core.rotation.rrg import RotationFrames


def rows(*momenta: float) -> tuple[EarlyWarningRow, EarlyWarningRow]:
    index = pd.date_range("2020-01-03", periods=len(momenta), freq="W-FRI")
    moment = pd.DataFrame({"tech": list(momenta)}, index=index, dtype=np.float64)
    ratio = (moment * 0.0 + 101.0).where(moment.notna())
    return early_warnings(RotationFrames(ratio, moment), frequency="weekly")


def test_a_cross_within_four_bars_follows_a_warning() -> None:
    up, _ = rows(98, 99.2, 99.6, 99.8, 100.4, 101, 102, 103, 104)
    assert (up.announced_count, up.followed_count, up.hit_fraction) == (1, 1, 1.0)
    assert up.within_count == 4
    assert up.verdict == "too_few"


def test_a_warning_that_fades_is_not_followed() -> None:
    up, down = rows(98, 99.2, 98.8, 98.6, 98.4, 98.2, 98.0, 97.8)
    assert (up.announced_count, up.followed_count) == (1, 0)
    assert (down.announced_count, down.hit_fraction) == (0, None)


def test_a_warning_downwards_is_one_that_falls_to_below_100() -> None:
    _, down = rows(102, 100.8, 100.0, 99.0, 98.0, 97.0, 96.0, 95.0)
    assert (down.announced_count, down.followed_count) == (1, 1)


def test_a_run_of_warnings_counts_once_and_a_broken_one_again() -> None:
    tail = (101.0,) * 6
    assert rows(97.5, 98.9, 99.9, *tail)[0].announced_count == 1
    assert rows(97.5, 98.9, 98.8, 99.9, *tail)[0].announced_count == 2


def test_a_warning_whose_next_bars_are_not_all_known_is_not_counted() -> None:
    assert rows(98, 99.2, 99.6, 99.8, 100.4)[0].announced_count == 0
    assert rows(98, 99.2, 99.6, np.nan, 100.4, 101, 102)[0].announced_count == 0
    assert rows(98, np.nan, 99.2, 99.4, 100.4, 101, 102)[0].announced_count == 0


def test_the_base_is_every_bar_of_the_side_and_near_only_those_as_near() -> None:
    up, _ = rows(90, 91, 95.6, 99.6, 99.7, 99.8, 99.85, 100.2, 101, 102, 103, 104, 105)
    assert (up.announced_count, up.hit_fraction) == (1, 0.0)
    assert up.base_cases_count == 7
    assert up.base_fraction == pytest.approx(4 / 7)
    assert (up.near_cases_count, up.near_fraction) == (5, 0.8)


def test_a_market_that_always_does_as_announced_beats_its_base() -> None:
    wave = 100 + 3 * np.sin(np.arange(1200) / 6)
    up, down = rows(*wave)
    for row in (up, down):
        assert row.hit_fraction == 1.0
        assert row.announced_count > 20
        assert row.base_fraction is not None
        assert row.base_fraction < 0.5
    flat, _ = rows(*([99.0, 99.9, 99.0, 98.9, 98.8, 98.7, 98.6, 98.5] * 40))
    assert (flat.hit_fraction, flat.near_fraction) == (0.0, 0.0)
    assert flat.verdict == "not_distinguishable"
