"""Decides how statements become one row a company, period and line; it computes no ratio."""

import numpy as np
import pandas as pd

from tools.sources.fields import FIELDS, Field
from tools.sources.lags import STATEMENT_LAG_DAYS
from tools.sources.reading import Reading
from tools.storage.schema import SCHEMAS

LINES: tuple[Field, ...] = tuple(
    field
    for field in FIELDS["fundamentals"]
    if field.kind in ("money", "share") or field.name in ("eps", "pe", "shares")
)
"""Fields of a statement with one column a line."""

FRACTION_BELOW = 2.0
"""A ratio column whose median size is below this holds fractions, above it percent: a median
return on equity of 200 % does not occur, one of 2 % in percent is one quarter's in a bad year."""

SMALL_FRACTION_BELOW = {"npl_ratio": 0.2, "net_interest_margin": 0.2}
"""The same for ratios of a few percent: a median of 20 % does not occur, nor one of 0.2 %."""

_UNITS = {"bn": 1.0, "mn": 1e-3, "k": 1e-6, "one": 1e-9}


def fundamental_rows(reading: Reading) -> pd.DataFrame:
    """Return rows of the fundamentals schema and `row`; empty cells of a statement make no row."""
    base = pd.DataFrame(
        {
            "symbol": reading.symbols(),
            "period": _periods(reading),
            "known_at": reading.stamp("known_at"),
            "row": reading.rows(),
        }
    )
    base["kind"] = _kinds(reading, base)
    base["assumed"] = base["known_at"].isna() | _named_assumed(reading)
    lag = pd.to_timedelta(base["kind"].map(STATEMENT_LAG_DAYS), unit="D")
    base["known_at"] = base["known_at"].fillna((base["period"] + lag).astype("datetime64[us]"))
    if reading.mapping.column("line"):
        rows = base.assign(line=reading.text("line"), value=reading.number("value"))
        return _ordered(_in_billions(rows, reading))
    frames = []
    for field in LINES:
        if reading.mapping.column(field.name) is None:
            continue
        values = reading.number(field.name)
        if field.kind == "share":
            values = _fractions(values, field.name)
        kept = values.notna() | reading.unreadable(field.name)
        frames.append(base.assign(line=field.name, value=values)[kept])
    empty = base.assign(line="", value=np.nan).iloc[:0]
    return _ordered(pd.concat(frames or [empty], ignore_index=True))


def _fractions(values: pd.Series, name: str) -> pd.Series:
    """Return a ratio's column as fractions; its median size tells percent."""
    limit = SMALL_FRACTION_BELOW.get(name, FRACTION_BELOW)
    return values / 100.0 if values.abs().median() > limit else values


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[[*SCHEMAS["fundamentals"].columns, "row"]].astype({"line": "str", "kind": "str"})


def _in_billions(rows: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Scale money lines of a long file by the unit told for it, one by default; ratios by size."""
    told = next((row.unit for row in reading.mapping.rows if row.field == "value"), "") or "one"
    money = {field.name for field in LINES if field.kind == "money"}
    names = rows["line"].str.lower().str.replace(r"[^a-z0-9]+", "_", regex=True)
    known = {heading: field.name for field in LINES for heading in field.headings}
    lines = names.replace(known)
    scaled = rows["value"].where(~lines.isin(money), rows["value"] * _UNITS[told])
    for field in LINES:
        if field.kind == "share":
            mine = lines == field.name
            scaled = scaled.mask(mine, _fractions(scaled.where(mine), field.name))
    return rows.assign(line=lines, value=scaled)


def _periods(reading: Reading) -> pd.Series:
    if reading.mapping.column("period"):
        told: pd.Series = reading.stamp("period").dt.normalize()
        return told
    year = reading.number("year").fillna(reading.number("fiscal_year"))
    quarter = reading.number("quarter").fillna(4.0)
    texts = (year * 10_000 + quarter * 300 + 1).astype("Int64").astype("str")
    firsts = pd.to_datetime(texts, format="%Y%m%d", errors="coerce")
    return (firsts + pd.offsets.MonthEnd(0)).astype("datetime64[us]")


def _kinds(reading: Reading, base: pd.DataFrame) -> pd.Series:
    told = reading.text("kind").str.upper().str[:1]
    if told.notna().any():
        return told.where(told.isin(["Q", "A"]))
    if reading.mapping.column("quarter"):
        return pd.Series("Q", base.index, dtype="str")
    if reading.mapping.column("fiscal_year"):
        return pd.Series("A", base.index, dtype="str")
    ordered = base.sort_values(["symbol", "period"])
    spacing = ordered.groupby("symbol", sort=False)["period"].diff().dt.days
    return pd.Series("Q" if spacing[spacing > 0].median() < 200 else "A", base.index, dtype="str")


def _named_assumed(reading: Reading) -> bool:
    return (reading.mapping.column("known_at") or "").lower().endswith("assumed")
