"""Decides who belonged to which sector when, from one file or from a map and a list of spells.

A label known only today is taken back to the last dated reclassification that names the company,
and before that the label it had then stands.
"""

import numpy as np
import pandas as pd

from core.records.universe import Universe
from tools.sources.fields import plain
from tools.sources.reading import Reading
from tools.storage.schema import EARLIEST, SCHEMAS


def member_rows(reading: Reading, spells: Reading | None = None) -> pd.DataFrame:
    """Return rows of the members schema, `row` and `reclassified`; sector NaN: not the universe's.

    Args:
        reading: a file with symbol and sector, maybe with dates.
        spells: a file with symbol, start and end, whose dates replace the first file's. Symbols
            without a spell keep the dates of the first file; one with a single spell that lasts
            keeps an earlier start, since the spell is the ticker's and the start the company's.

    A membership without a start begins before all data (`EARLIEST`); one without an end lasts. A
    sector known only today is taken back through all spells and split at the universe's dated
    reclassifications; `reclassified` marks the spells made so.
    """
    sectors = sector_lookup(reading.universe)
    known = reading.text("sector").map(lambda text: sectors.get(plain(text)), na_action="ignore")
    rows = pd.DataFrame(
        {
            "symbol": reading.symbols(),
            "sector": known.astype("str"),
            "name": reading.text("name").fillna(""),
            "exchange": reading.text("exchange").str.upper(),
            "industry": reading.text("industry"),
            "start": reading.stamp("start").dt.normalize(),
            "end": reading.stamp("end").dt.normalize(),
            "row": reading.rows(),
        }
    )
    if spells is not None:
        rows = _with_spells(rows, spells)
    rows["start"] = rows["start"].fillna(EARLIEST)
    rows = reclassified(rows.assign(reclassified=False), reading.universe)
    return rows[[*SCHEMAS["members"].columns, "row", "reclassified"]]


def reclassified(rows: pd.DataFrame, universe: Universe) -> pd.DataFrame:
    """Return the spells with today's labels replaced by those of their time.

    From the newest reclassification back, a spell of a company that moved then and carries the
    label it moved to is cut at the date: the part before it has the label it moved from.

    Args:
        rows: symbol, sector, start, end and reclassified.
        universe: its dated moves.
    """
    for change in sorted(universe.reclassifications, key=lambda item: item.effective)[::-1]:
        day = pd.Timestamp(change.effective)
        parts = []
        for move in change.moves:
            named = rows["symbol"].isin(list(move.symbols)) | move.all_of
            moved = named & (rows["sector"] == move.is_now) & (rows["start"] < day)
            past = rows[moved].assign(sector=move.was, reclassified=True)
            parts.append(past.assign(end=past["end"].where(past["end"] < day, day)))
            rows = rows[~moved | ~(rows["end"] <= day)]
            rows = rows.assign(start=rows["start"].mask(moved, day))
        rows = pd.concat([rows, *parts], ignore_index=True)
    return rows.sort_values(["row", "start"], kind="stable", ignore_index=True)


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
    joined["start"] = np.where(has, _company_start(joined), joined["start"])
    joined["end"] = np.where(has, joined["spell_end"], joined["end"])
    return joined


def _company_start(joined: pd.DataFrame) -> pd.Series:
    """Return each spell's start, the map's where the one spell only begins with a later ticker."""
    single = ~joined["row"].duplicated(keep=False) & joined["spell_end"].isna()
    earlier = single & (joined["start"] < joined["spell_start"])
    return joined["spell_start"].mask(earlier, joined["start"])
