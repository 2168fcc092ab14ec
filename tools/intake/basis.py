"""Decides which price histories are never spliced: raw with adjusted ones, bars of two lengths."""

import pandas as pd

from core.errors import ImportRejectedError
from tools.intake.finding_book import FINDINGS_KEPT, Judgement
from tools.intake.frame_contract import Checked
from tools.storage.findings import Finding, FindingCount, FindingKind
from tools.storage.store import Store

SHORTER_DAYS = 30
"""A new adjusted history that begins this much later than the stored one is pointed out."""


def beside_stored(
    store: Store, universe: str, sound: Checked, judgement: Judgement, *, adjusted: bool
) -> Checked:
    """Reject raw rows of symbols stored as adjusted; point out histories that get shorter.

    Args:
        store: holds the universe's rows.
        universe: its id.
        sound: checked rows of prices or intraday bars.
        judgement: names the file or source they are from.
        adjusted: whether the rows are a whole adjusted history.

    Raises:
        ImportRejectedError: no row is left.
    """
    dataset = judgement.dataset
    if not any(part.basis == "adjusted" for part in store.partitions(universe, dataset)):
        return sound
    stored = store.read(universe, dataset, columns=("symbol", "period", "adj_close"))
    known = stored[stored["adj_close"].notna()].groupby("symbol")["period"].min()
    starts = sound.rows.groupby("symbol")["period"].min()
    both = starts.index.intersection(known.index)
    late = (starts[both] > known[both] + pd.Timedelta(days=SHORTER_DAYS)).to_numpy()
    symbols = [str(name) for name in (both[late] if adjusted else both)]
    if not symbols:
        return sound
    kind: FindingKind = "shorter_vintage" if adjusted else "mixed_basis"
    rows = sound.rows if adjusted else sound.rows[~sound.rows["symbol"].isin(symbols)]
    if rows.empty:
        raise ImportRejectedError(
            f"{judgement.file}: its symbols are stored as adjusted histories and these rows are "
            "not adjusted; import a whole adjusted history instead, or keep them in another home."
        )
    findings = [
        Finding(kind=kind, dataset=dataset, file=judgement.file, symbol=name)
        for name in symbols[:FINDINGS_KEPT]
    ]
    count = FindingCount(kind=kind, rows_count=len(symbols))
    return Checked(rows, (*sound.findings, *findings), (*sound.counts, count))


def refuse_other_bars(store: Store, universe: str, rows: pd.DataFrame, file: str) -> None:
    """Refuse intraday rows whose bars are of another length than the stored ones.

    Raises:
        ImportRejectedError: they are; one store holds one length, or bars would be counted wrong.
    """
    ours = _bar_minutes(rows)
    theirs = _bar_minutes(store.read(universe, "intraday", columns=("symbol", "period")))
    if ours is not None and theirs is not None and ours != theirs:
        raise ImportRejectedError(
            f"{file}: its bars are {ours:g} minutes long and the stored ones {theirs:g}; ask for "
            "bars of that length, or keep these in another home."
        )


def _bar_minutes(rows: pd.DataFrame) -> float | None:
    """Return the commonest distance of two rows of one symbol and day, None without any."""
    ordered = rows.sort_values(["symbol", "period"])
    same = ordered["symbol"].eq(ordered["symbol"].shift())
    same &= ordered["period"].dt.normalize().eq(ordered["period"].shift().dt.normalize())
    steps = ordered["period"].diff()[same].dt.total_seconds()
    return None if steps.empty else float(steps.mode().iloc[0]) / 60.0
