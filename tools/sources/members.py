"""Decides who belonged to which sector when, from one file or from a map and a list of spells."""

import numpy as np
import pandas as pd

from core.records.universe import Universe
from tools.sources.fields import plain
from tools.sources.reading import Reading
from tools.storage.schema import EARLIEST, SCHEMAS


def member_rows(reading: Reading, spells: Reading | None = None) -> pd.DataFrame:
    """Return rows of the members schema and `row`; sector is NaN where the universe has none.

    Args:
        reading: a file with symbol and sector, maybe with dates.
        spells: a file with symbol, start and end, whose dates replace the first file's. Symbols
            without a spell keep the dates of the first file.

    A membership without a start begins before all data (`EARLIEST`); one without an end lasts. A
    sector known only today is taken back through all spells: the source has no history of it.
    """
    sectors = sector_lookup(reading.universe)
    known = reading.text("sector").map(lambda text: sectors.get(plain(text)), na_action="ignore")
    rows = pd.DataFrame(
        {
            "symbol": reading.symbols(),
            "sector": known.astype("str"),
            "name": reading.text("name").fillna(""),
            "start": reading.stamp("start").dt.normalize(),
            "end": reading.stamp("end").dt.normalize(),
            "row": reading.rows(),
        }
    )
    if spells is not None:
        rows = _with_spells(rows, spells)
    rows["start"] = rows["start"].fillna(EARLIEST)
    return rows[[*SCHEMAS["members"].columns, "row"]]


def sector_lookup(universe: Universe) -> dict[str, str]:
    """Return the sector id of every plain name, code, ticker and alias that means just one."""
    table: dict[str, set[str]] = {}
    for sector in universe.sectors:
        told = (sector.id, sector.ticker, sector.name_en, sector.name_vi, sector.code or "")
        for name in (*told, *sector.aliases):
            table.setdefault(plain(name), set()).add(sector.id)
    for sector in universe.sectors:
        for name in (sector.id, sector.name_en, sector.name_vi, sector.code or ""):
            table[plain(name)] = {sector.id}
    return {name: next(iter(ids)) for name, ids in table.items() if name and len(ids) == 1}


def _with_spells(rows: pd.DataFrame, spells: Reading) -> pd.DataFrame:
    dated = pd.DataFrame(
        {
            "symbol": spells.symbols(),
            "spell_start": spells.stamp("start").dt.normalize(),
            "spell_end": spells.stamp("end").dt.normalize(),
        }
    )
    joined = rows.merge(dated, on="symbol", how="left")
    has = joined["spell_start"].notna().to_numpy()
    joined["start"] = np.where(has, joined["spell_start"], joined["start"])
    joined["end"] = np.where(has, joined["spell_end"], joined["end"])
    return joined
