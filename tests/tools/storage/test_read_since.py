from datetime import date
from pathlib import Path

import pandas as pd

from tests.tools.sync.scripted import price_rows
from tools.storage.partition import Lot
from tools.storage.store import Store

DAYS = [date(2024, 6, day) for day in (24, 25, 26)]


def _lot(origin: str, hexadecimal: str, *, synced: bool) -> Lot:
    sha256 = hexadecimal * 64
    return Lot(
        dataset="prices", origin=origin, input_sha256=sha256, recipe_sha256=sha256, synced=synced
    )


def _store(home: Path, *, synced: bool, origin: str = "Somewhere") -> Store:
    store = Store(home)
    for place, day in enumerate(DAYS):
        lot = _lot(origin, "abc"[place], synced=synced)
        store.write("us", price_rows("XLK", {day: 100.0 + place}), lot)
    return store


def test_rows_of_earlier_periods_can_be_left_out(tmp_path: Path) -> None:
    rows = _store(tmp_path, synced=True).read("us", "prices", since=DAYS[1])
    assert rows["period"].tolist() == [pd.Timestamp(day) for day in DAYS[1:]]


def test_what_one_source_brought_in_many_runs_is_one_source(tmp_path: Path) -> None:
    (source,) = _store(tmp_path, synced=True).sources("us")
    assert (source.first, source.last, source.rows_count) == (DAYS[0], DAYS[2], 3)


def test_files_stay_a_source_each_even_under_one_name(tmp_path: Path) -> None:
    assert len(_store(tmp_path, synced=False).sources("us")) == 3


def test_a_sources_hash_changes_with_every_run(tmp_path: Path) -> None:
    store = _store(tmp_path, synced=True)
    before = store.sources("us")[0].sha256
    more = price_rows("XLK", {date(2024, 6, 27): 104.0})
    store.write("us", more, _lot("Somewhere", "d", synced=True))
    assert store.sources("us")[0].sha256 != before
