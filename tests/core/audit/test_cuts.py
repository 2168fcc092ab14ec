from functools import cache

import numpy as np
import pandas as pd

from core.audit.cuts import audit_cuts
from core.panel import MarketPanels
from tests.core.market import framed, market


@cache
def toy() -> MarketPanels:
    return market()


def holed() -> pd.DataFrame:
    cells = np.arange(1.0, 401.0)
    late = cells.copy()
    late[:150] = np.nan
    gap = cells.copy()
    gap[[60, 61, 333]] = np.nan
    return framed({"gap": list(gap), "late": list(late), "whole": list(cells)})


def test_cuts_fall_on_missing_cells_and_right_after_them() -> None:
    frame = holed()
    rows = {frame.index.get_loc(pd.Timestamp(cut)) for cut in audit_cuts(frame, count=30)}
    assert {60, 61, 333} <= rows
    assert {62, 334} <= rows
    assert any(isinstance(row, int) and row < 60 for row in rows), "and before a listing"
    assert any(isinstance(row, int) and row > 340 for row in rows), "and anywhere"


def test_no_cut_is_drawn_twice_or_before_the_first_value_or_on_the_last_date() -> None:
    index = toy().sectors.closes.index
    cuts = audit_cuts(toy(), count=200, since=index[300].date())
    assert len(set(cuts)) == len(cuts) == 200
    assert list(cuts) == sorted(cuts)
    assert cuts[0] >= index[300].date()
    assert cuts[-1] < index[-1].date()


def test_few_rows_give_few_cuts() -> None:
    assert len(audit_cuts(framed({"a": [1.0, 2.0, 3.0]}), count=50)) == 2


def test_cuts_are_drawn_by_their_seed() -> None:
    assert audit_cuts(toy(), count=12, seed=1) == audit_cuts(toy(), count=12, seed=1)
    assert audit_cuts(toy(), count=12, seed=1) != audit_cuts(toy(), count=12, seed=2)


def test_a_release_has_a_cut_on_the_session_before_it() -> None:
    index = pd.DatetimeIndex(toy().sectors.closes.index)
    cuts = pd.DatetimeIndex(list(audit_cuts(toy(), count=60, since=index[100].date())))
    macro = toy().macro
    assert macro is not None
    releases = pd.DatetimeIndex(macro.rows["known_at"])
    following = index[index.searchsorted(cuts) + 1]
    told = [
        ((releases > cut) & (releases <= then)).any()
        for cut, then in zip(cuts, following, strict=True)
    ]
    assert sum(told) > 10
