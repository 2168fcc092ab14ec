"""Decides which series, reference period and release date a macro file's row has.

Three shapes: a row a value with a series id, a column a series, or a table of items (Vietstock).
"""

from typing import get_args

import numpy as np
import pandas as pd

from tools.sources.cells import numbers, period_ends, unreadable
from tools.sources.lags import (
    Category,
    Lags,
    SeriesFact,
    Unit,
    declared_lags,
    inferred_per,
    reference_ends,
)
from tools.sources.reading import Reading
from tools.storage.schema import SCHEMAS


def macro_rows(reading: Reading) -> pd.DataFrame:
    """Return rows of the macro schema, `row`, and `default_lag` where no lag is declared.

    period is the END of the reference period. A release date in the file is taken as known_at and
    not marked; otherwise the declared lag is added and `assumed` is True. Series and items without
    a category, declared or in the file, have no `series`: nothing could be concluded from them.
    """
    lags = declared_lags()
    rows = _of_items(reading, lags) if reading.mapping.column("item") else _of_series(reading, lags)
    facts = _facts(rows, lags)
    rows["told_series"] = rows["told_series"].where(~rows["series"].isin(list(facts)))
    rows["series"] = rows["series"].where(rows["series"].isin(list(facts)))
    rows["period"] = _ends(rows, facts)
    lag = pd.to_timedelta(rows["series"].map({name: f.lag for name, f in facts.items()}), unit="D")
    rows["assumed"] = rows["known_at"].isna()
    rows["known_at"] = rows["known_at"].fillna((rows["period"] + lag).astype("datetime64[us]"))
    rows["value"] *= rows["series"].map({name: f.scale for name, f in facts.items()}).fillna(1.0)
    for column in ("unit", "category"):
        table = {name: getattr(fact, column) for name, fact in facts.items()}
        rows[column] = rows["series"].map(table).astype("str")
    declared = rows["series"].isna() | rows["series"].isin(list(lags.series))
    rows["default_lag"] = rows["assumed"] & ~declared
    return rows[[*SCHEMAS["macro"].columns, "row", "default_lag", "told_series"]]


def _of_series(reading: Reading, lags: Lags) -> pd.DataFrame:
    frame, mapping = reading.frame, reading.mapping
    named = mapping.column("period") or mapping.column("known_at") or ""
    ends = period_ends(
        frame[named],
        timezone=reading.universe.timezone,
        day_first=reading.day_first,
        told=mapping.told_order("period" if mapping.column("period") else "known_at"),
    )["end"]
    base = pd.DataFrame({"period": ends, "known_at": reading.stamp("known_at")})
    base["row"] = reading.rows()
    base["category"], base["unit"] = reading.text("category"), reading.text("unit")
    if mapping.layout == "long":
        rows = base.assign(series=reading.text("series"), value=reading.number("value"))
    else:
        used = {mapping.column("period"), mapping.column("known_at")}
        columns = [name for name in frame.columns if name not in used]
        rows = _melted(base, frame[columns])
    rows["told_series"] = rows["series"]
    clean = rows["series"].str.upper().str.replace(r"[^A-Z0-9]+", "_", regex=True)
    rows["series"] = clean.replace(lags.aliases).astype("str")
    return rows


def _melted(base: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Return one row a period and column of numbers; empty cells make no row."""
    parts = []
    for name in columns:
        part = base.assign(series=str(name), value=numbers(columns[name]))
        if part["value"].notna().any():
            parts.append(part[part["value"].notna() | unreadable(columns[name])])
    empty = base.assign(series=str(columns.columns[0]), value=np.nan)
    return pd.concat(parts, ignore_index=True) if parts else empty


def _of_items(reading: Reading, lags: Lags) -> pd.DataFrame:
    named = reading.mapping.column("period") or ""
    ends = period_ends(reading.frame[named], timezone=reading.universe.timezone, day_first=True)
    tables, groups = reading.text("dataset").fillna(""), reading.text("group").fillna("")
    items = reading.text("item").fillna("")
    series = np.full(len(items), None, dtype=object)
    for fact in lags.items:
        match = tables.str.startswith(fact.table) & (items == fact.item)
        if fact.group is not None:
            match &= groups == fact.group
        series[match.to_numpy()] = fact.series
        if fact.ytd is not None:
            series[(match & (ends["kind"] == "YTD")).to_numpy()] = fact.ytd
    return pd.DataFrame(
        {
            "series": pd.Series(series, items.index, dtype="str"),
            "told_series": items,
            "period": ends["end"],
            "known_at": reading.stamp("known_at"),
            "value": reading.number("value"),
            "row": reading.rows(),
        }
    )


def _facts(rows: pd.DataFrame, lags: Lags) -> dict[str, SeriesFact]:
    """Return what is declared of each series, or told in the file with a cautious lag."""
    facts = {}
    for name, group in rows[rows["series"].notna()].groupby("series", sort=True):
        told = group["category"].iloc[0] if "category" in group else None
        if name in lags.series:
            facts[str(name)] = lags.series[str(name)]
        elif told in get_args(Category):
            per = inferred_per(group["period"])
            unit = group["unit"].iloc[0] if group["unit"].iloc[0] in get_args(Unit) else "index"
            facts[str(name)] = SeriesFact(
                per=per, lag=lags.default_lag[per], unit=unit, category=told
            )
    return facts


def _ends(rows: pd.DataFrame, facts: dict[str, SeriesFact]) -> pd.Series:
    ends = rows["period"].copy()
    for name, fact in facts.items():
        chosen = rows["series"] == name
        ends = ends.mask(chosen, reference_ends(rows["period"].where(chosen), fact.per))
    return ends
