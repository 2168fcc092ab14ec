import warnings
from importlib import import_module

import pytest

from evals.speed.backtest import measure

MOST_OVER_NUMPY = 2.0
LEAST_FASTER_THAN_BT = 20.0


@pytest.mark.prove
def test_a_rotation_is_played_near_a_plain_loop_and_far_faster_than_bt() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module("bt")
    found = measure(rounds=2)
    assert found["engine_over_numpy"] < MOST_OVER_NUMPY
    assert found["bt_over_engine"] > LEAST_FASTER_THAN_BT
