"""Homes as they stood at a date: the same files without the rows that became known later."""

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from app.data import prepare
from app.files.universes import load_universes
from app.settings import Settings
from tests.homes import FITTED_WITH
from tools.storage.partition import Lot, Partition
from tools.storage.store import Store


def home_at(whole: Path, home: Path, universe: str, day: date) -> Path:
    """Make a home of what the whole one knew by a day, fitted then; return it."""
    source, store = Store(whole), Store(home)
    for part in source.partitions(universe):
        known = _known(_rows(source, universe, part), day)
        if len(known):
            store.write(universe, known, _lot(part))
    _fit(home, universe)
    return home


def grown(whole: Path, home: Path, universe: str, day: date) -> Path:
    """Make a home that held what was known by a day and was then brought the rest; return it.

    What is kept unadjusted grows by files of their own, as it does day by day. Adjusted prices and
    memberships cannot, whose newest file replaces the others: there the file itself is longer.
    """
    source, store = Store(whole), Store(home)
    for part in source.partitions(universe):
        rows = _rows(source, universe, part)
        if part.basis == "adjusted" or part.dataset == "members":
            store.write(universe, rows, _lot(part))
            continue
        known = _known(rows, day)
        rest = rows.drop(index=known.index)
        for frame, lot in ((known, _lot(part)), (rest, _lot(part, later=True))):
            if len(frame):
                store.write(universe, frame, lot)
    _fit(home, universe)
    return home


def _rows(store: Store, universe: str, part: Partition) -> pd.DataFrame:
    path = store.root / universe / part.dataset / f"{part.stem}.parquet"
    return duckdb.read_parquet(str(path)).df()


def _known(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the rows known at the day's close; of memberships those begun, open if not ended."""
    close = pd.Timestamp(day) + pd.Timedelta(days=1)
    if "known_at" in rows:
        return rows[rows["known_at"] < close]
    begun = rows[rows["start"] < close]
    return begun.assign(end=begun["end"].where(begun["end"] < close))


def _lot(part: Partition, *, later: bool = False) -> Lot:
    lot = Lot.model_validate(part.model_dump(include=set(Lot.model_fields)))
    if not later:
        return lot
    return lot.model_copy(update={"origin": f"later {part.origin}"[:64], "input_sha256": "f" * 64})


def _fit(home: Path, universe: str) -> None:
    settings = Settings(home=home, views=FITTED_WITH)
    prepare(settings, load_universes()[universe], tell=lambda _: None)
