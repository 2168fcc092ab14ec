"""Decides what is said of a file as a whole, and where in it each row stands.

It rejects nothing: dates that read both ways and symbols foreign to the universe are marked.
"""

import numpy as np
import pandas as pd

from core.records.universe import Universe
from tools.intake.frame_contract import Checked
from tools.sources.cells import names
from tools.sources.reading import Reading
from tools.storage.findings import Finding, FindingCount, FindingKind
from tools.storage.store import Store


def located(rows: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Return the rows with `file_line`, their line in a text file or sheet, and `date_text`.

    `file_line` is left out for Parquet, `date_text` (what stands where no date was read) where no
    column holds dates, and for news, of which no word but a plain title is kept.
    """
    places = rows["row"].to_numpy() - 1
    if reading.file.lines is not None:
        rows = rows.assign(file_line=reading.file.lines[places])
    column = reading.mapping.column("period")
    texts_in_it = reading.mapping.column("text") is not None
    if column is None or texts_in_it or not ("period" in rows and rows["period"].isna().any()):
        return rows
    missing = rows["period"].isna().to_numpy()
    texts = np.full(len(rows), None, dtype=object)
    texts[missing] = names(reading.frame[column].iloc[places[missing]]).to_numpy(dtype=object)
    return rows.assign(date_text=texts)


def with_file_findings(store: Store, reading: Reading, sound: Checked) -> Checked:
    """Add what is found of the whole file: ambiguous dates, symbols outside the universe."""
    mapping = reading.mapping
    dates = next((row for row in mapping.rows if row.ambiguous), None)
    if dates is not None:
        told = f"{dates.column}, read as {dates.unit}"
        sound = _marked(sound, reading, "ambiguous_date", told)
    if "symbol" in sound.rows and mapping.dataset != "members":
        known = _known_symbols(store, reading.universe)
        if known and not sound.rows["symbol"].isin(list(known)).any():
            sound = _marked(sound, reading, "outside_universe", reading.universe.id)
    return sound


def _marked(sound: Checked, reading: Reading, kind: FindingKind, told: str) -> Checked:
    finding = Finding(
        kind=kind, dataset=reading.mapping.dataset, file=reading.file.name, told=told[:64]
    )
    count = FindingCount(kind=kind, rows_count=len(sound.rows))
    return Checked(sound.rows, (*sound.findings, finding), (*sound.counts, count))


def _known_symbols(store: Store, universe: Universe) -> set[str]:
    """Return the universe's tickers and stored members; empty while its members are not stored."""
    members = set(store.read(universe.id, "members", columns=("symbol",))["symbol"])
    if universe.built_from_members and not members:
        return set()
    tickers = {sector.ticker for sector in universe.sectors}
    marks = {mark.ticker for mark in universe.benchmarks if mark.ticker}
    return {str(name) for name in members} | tickers | marks
