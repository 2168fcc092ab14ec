import numpy as np
import pandas as pd

from tools.storage.foreign_room import room_full


def _room(own: list[float]) -> list[float]:
    index = pd.bdate_range("2024-01-01", periods=len(own))
    return room_full(pd.DataFrame({"A": own}, index=index))["A"].tolist()


def test_the_room_is_full_at_the_legal_caps_and_nowhere_else() -> None:
    assert _room([48.8, 48.95, 49.0, 49.05, 49.3]) == [0.0, 1.0, 1.0, 1.0, 0.0]
    assert _room([29.8, 29.95, 30.0]) == [0.0, 1.0, 1.0]


def test_unknown_ownership_is_unknown_room() -> None:
    found = _room([49.0, np.nan])
    assert found[0] == 1.0
    assert np.isnan(found[1])


def test_thirty_percent_is_no_cap_for_a_stock_usually_held_above_it() -> None:
    assert _room([45.0] * 20 + [30.0])[-1] == 0.0
    assert _room([30.0] * 20 + [39.0, 30.0])[-1] == 1.0


def test_the_past_is_the_same_whatever_comes_later() -> None:
    own = [30.0] * 10 + [45.0] * 30
    assert _room(own)[:10] == _room(own[:10])
