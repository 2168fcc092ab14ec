"""Decides how a network source's rows become stored rows: what is declared of them, then the rules.

They pass the same frame contract as a file's rows; what was stored of them before is not asked.
"""

from datetime import date

import pandas as pd

from core.errors import ImportRejectedError
from core.records.result import Dataset
from core.records.universe import Universe
from tools.intake.basis import beside_stored, refuse_other_bars
from tools.intake.finding_book import Judgement
from tools.intake.frame_contract import Checked, checked
from tools.sources.lags import alternative_lag, declared_lags, reference_ends
from tools.storage.store import Store

_PRICES: tuple[Dataset, ...] = ("prices", "intraday")


def arrived(
    store: Store,
    universe: Universe,
    dataset: Dataset,
    rows: pd.DataFrame,
    *,
    origin: str,
    today: date,
) -> Checked:
    """Return the sound rows and what was found wrong with the others.

    Args:
        store: holds the universe's rows; raw prices are refused beside adjusted ones.
        universe: whose rows.
        dataset: which.
        rows: the data set's schema; known_at NaT where it is not told.
        origin: what reports call the source.
        today: no row is of a later day or known later.

    Raises:
        ImportRejectedError: no row is left.
    """
    judgement = Judgement(
        file=origin,
        dataset=dataset,
        currency=universe.currency,
        today=today,
        calendar=universe.calendar,
    )
    if dataset == "intraday":
        refuse_other_bars(store, universe.id, rows, origin)
    sound = checked(_declared(dataset, rows, today).reset_index(drop=True), judgement)
    if dataset in _PRICES:
        sound = beside_stored(store, universe.id, sound, judgement, adjusted=False)
    return sound


def _declared(dataset: Dataset, rows: pd.DataFrame, today: date) -> pd.DataFrame:
    rows = rows.assign(row=range(1, len(rows) + 1))
    if dataset == "macro":
        rows = _macro(rows)
    elif dataset == "positions":
        rows = rows.assign(implausible=False)  # a source tells its unit
    elif dataset == "series":
        rows = _lagged(rows, _alternative(rows))
    if "known_at" not in rows:
        return rows
    if rows["known_at"].isna().any():
        if dataset not in _PRICES:
            raise ImportRejectedError(f"{dataset}: rows without a date they became known on")
        rows = rows.assign(known_at=rows["known_at"].fillna(rows["period"]))
    known, stamp = rows["known_at"], pd.Timestamp(today)
    return rows.assign(known_at=known.where(known < stamp + pd.Timedelta(days=1), stamp))


def _macro(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with unit, category, reference periods' ends and lags as declared."""
    facts = declared_lags().series
    names = rows["series"].unique()
    known = {name: facts[name] for name in names if name in facts}
    rows = rows.assign(told_series=rows["series"].where(~rows["series"].isin(list(known))))
    rows = rows[rows["series"].isin(list(known))] if known else rows
    for name, fact in known.items():
        chosen = rows["series"] == name
        ends = reference_ends(rows["period"].where(chosen), fact.per)
        rows = rows.assign(period=rows["period"].mask(chosen, ends))
    for column in ("unit", "category"):
        told = {name: getattr(fact, column) for name, fact in known.items()}
        rows = rows.assign(**{column: rows["series"].map(told).astype("str")})
    scales = {name: fact.scale for name, fact in known.items()}
    rows = rows.assign(value=rows["value"] * rows["series"].map(scales))
    return _lagged(rows, {name: fact.lag for name, fact in known.items()})


def _alternative(rows: pd.DataFrame) -> dict[str, int]:
    return {
        str(name): alternative_lag(str(name), group["period"])
        for name, group in rows.groupby("series", sort=True)
    }


def _lagged(rows: pd.DataFrame, days: dict[str, int]) -> pd.DataFrame:
    """Return the rows with known_at filled by each series' lag, those marked as assumed."""
    lag = pd.to_timedelta(rows["series"].map(days), unit="D")
    told = rows["known_at"]
    return rows.assign(
        known_at=told.fillna((rows["period"] + lag).astype("datetime64[us]")),
        assumed=rows["assumed"] | told.isna(),
    )
