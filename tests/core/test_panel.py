from dataclasses import replace

import pandas as pd

from core.panel import Table
from tests.core.market import Spec, market


def test_a_table_is_there_from_its_first_row_on() -> None:
    panels = market(Spec(n_sessions=300))
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    assert panels.positions is not None
    held = panels.positions.rows
    later = Table("positions", held[held["known_at"] > index[199]].reset_index(drop=True))
    young = replace(panels, positions=later)
    assert young.until(index[199].date()).positions is None
    assert young.until(index[299].date()).positions is not None
    assert panels.until(index[199].date()).positions is not None
