"""Decides how imported rows stand to stored ones of the same key that became known later.

A file that tells no known_at corrects what is stored: its rows count as known when the rows they
correct became known, so they stand from then on and not a day sooner. A file that tells an earlier
known_at loses, which is counted. Adjusted histories replace a symbol's rows whole: not asked here.
"""

from typing import Final

import numpy as np
import pandas as pd

from core.records.result import Dataset
from tools.intake.frame_contract import FINDINGS_KEPT, Checked
from tools.sources.reading import Reading
from tools.storage.findings import Finding, FindingCount
from tools.storage.schema import SCHEMAS
from tools.storage.store import Store

_ONE_ROW_A_KEY: Final[tuple[Dataset, ...]] = ("prices", "intraday", "flows")


def against_later_known(store: Store, reading: Reading, sound: Checked) -> Checked:
    """Return the rows as they are to be stored beside those that became known after their day.

    Args:
        store: holds the universe's rows.
        reading: tells whether the file has release dates.
        sound: rows of one data set, not an adjusted history.
    """
    dataset = reading.mapping.dataset
    if dataset not in _ONE_ROW_A_KEY:
        return sound
    key = list(SCHEMAS[dataset].key)
    stored = store.read(reading.universe.id, dataset, columns=(*key, "known_at"))
    late = stored[stored["known_at"] > stored["period"]]
    if late.empty:
        return sound
    beside = sound.rows[[*key, "known_at"]].merge(
        late, on=key, how="left", suffixes=("", "_stored")
    )
    loses = (beside["known_at_stored"] > beside["known_at"]).to_numpy()
    if not loses.any():
        return sound
    if reading.mapping.column("known_at") or reading.mapping.constant("known_at"):
        return _counted(sound, np.flatnonzero(loses), reading)
    known_at = beside["known_at"].mask(loses, beside["known_at_stored"])
    return Checked(sound.rows.assign(known_at=known_at), sound.findings, sound.counts)


def _counted(sound: Checked, places: np.ndarray, reading: Reading) -> Checked:
    shown: pd.DataFrame = sound.rows.iloc[places[:FINDINGS_KEPT]]
    findings = [
        Finding(
            kind="superseded",
            dataset=reading.mapping.dataset,
            file=reading.file.name,
            symbol=str(symbol)[:32],
            period=period.date(),
        )
        for symbol, period in zip(shown["symbol"], shown["period"], strict=True)
    ]
    count = FindingCount(kind="superseded", rows_count=len(places))
    return Checked(sound.rows, (*sound.findings, *findings), (*sound.counts, count))
