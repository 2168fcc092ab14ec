"""A home whose data come in by and by: the same market, brought month after month."""

import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd

from tools.storage.partition import Lot
from tools.storage.store import Store

UNIVERSE: Final = "demo"
DAYS: Final = (date(2024, 9, 30), date(2024, 10, 31), date(2024, 11, 29))
"""Month ends the data reach: at first, after a sync, after the last."""


def brought(whole: Path, home: Path, stage: int) -> None:
    """Store what became known since the stage before; the first stage begins a home.

    The forecast is the whole home's: what it says at a date was fitted on what was known then.
    """
    source, store = Store(whole), Store(home)
    if stage == 0:
        shutil.copytree(whole / "models", home / "models")
    for part in source.partitions(UNIVERSE):
        fresh = _fresh(_rows(source.root / UNIVERSE / part.dataset / f"{part.stem}.parquet"), stage)
        if not len(fresh):
            continue
        lot = Lot.model_validate(part.model_dump(include=set(Lot.model_fields)))
        told = {"origin": f"{stage} {part.origin}"[:64], "input_sha256": f"{stage:064}"}
        store.write(UNIVERSE, fresh, lot.model_copy(update=told))


@cache
def _rows(path: Path) -> pd.DataFrame:
    return duckdb.read_parquet(str(path)).df()


def _fresh(rows: pd.DataFrame, stage: int) -> pd.DataFrame:
    if "known_at" not in rows:
        return rows if stage == 0 else rows.iloc[:0]
    ends = [pd.Timestamp(day) + pd.Timedelta(days=1) for day in DAYS]
    before = rows["known_at"] < ends[stage]
    return rows[before & (rows["known_at"] >= ends[stage - 1])] if stage else rows[before]
