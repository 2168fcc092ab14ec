"""Decides what a row of alternative data is about, and from which day on it counts as known.

Long rows, a column a series, a column a subject, or news texts, which become tones and counts.
"""

import numpy as np
import pandas as pd

from tools.sources.cells import names, numbers, period_ends, unreadable
from tools.sources.fields import plain
from tools.sources.lags import alternative_lag, declared_lags
from tools.sources.members import sector_lookup
from tools.sources.news import daily_tones, tone
from tools.sources.reading import Reading
from tools.storage.schema import SCHEMAS

LONGEST_ID = 60
"""Characters of a series' id that are kept: with its prefix it names a factor."""

NEWS = "news"


def series_rows(reading: Reading, symbols: frozenset[str]) -> pd.DataFrame:
    """Return rows of the series schema, `row`, `default_lag`, and `told_subject` but for news.

    period is the end of the period the file names. known_at is the file's; else the period and a
    lag, marked assumed: the one told, or declared by a word of the series' name, or by the spacing
    of its dates, which is marked `default_lag` too. A subject is a sector by any of its names, or a
    symbol; subject NaN: neither. A news text is scored here and goes no further.

    Args:
        reading: the file.
        symbols: the stored members.
    """
    news = reading.mapping.column("text") is not None
    if news:
        stem = reading.mapping.constant("series") or NEWS
        rows = _by_day(news_items(reading, symbols), stem)
    else:
        rows = _about(reading, _values(reading, _base(reading)), symbols)
    if news or reading.mapping.layout == "wide":
        rows = rows.sort_values(["series", "subject", "period"], kind="stable", ignore_index=True)
    kept = [*SCHEMAS["series"].columns, "row", "default_lag"]
    return rows[kept if news else [*kept, "told_subject"]]


def news_items(reading: Reading, symbols: frozenset[str]) -> pd.DataFrame:
    """Return a row a text, in the file's order: subject, period, known_at, assumed, row, `value`.

    The value is its tone, NaN where no word tells one and infinite where there is no text.
    """
    return _about(reading, _base(reading).assign(value=_tones(reading), series=NEWS), symbols)


def _about(reading: Reading, rows: pd.DataFrame, symbols: frozenset[str]) -> pd.DataFrame:
    """Return the rows with their subjects as they are called here, and when each was known."""
    rows = rows.assign(told_subject=rows["subject"])
    return _dated(reading, rows.assign(subject=_subjects(reading, rows["subject"], symbols)))


def series_id(name: str) -> str:
    """Return a series' name as an id: lower case, letters, digits and `_`."""
    return plain(name)[:LONGEST_ID].strip("_")


def _base(reading: Reading) -> pd.DataFrame:
    mapping = reading.mapping
    ends = period_ends(
        reading.frame[mapping.column("period") or ""],
        timezone=reading.universe.timezone,
        day_first=reading.day_first,
        told=mapping.told_order("period"),
    )["end"]
    return pd.DataFrame(
        {
            "subject": _told(reading, "subject"),
            "period": ends.dt.normalize(),
            "known_at": reading.stamp("known_at"),
            "row": reading.rows(),
        }
    )


def _values(reading: Reading, base: pd.DataFrame) -> pd.DataFrame:
    """Return a row a value, with `series` and `subject` as they are told."""
    mapping = reading.mapping
    if mapping.layout == "long":
        rows = base.assign(series=reading.text("series"), value=reading.number("value"))
    else:
        by = "series" if mapping.column("subject") in reading.frame.columns else "subject"
        fixed = base.assign(series=_told(reading, "series")) if by == "subject" else base
        used = {mapping.column(field) for field in ("period", "known_at", "subject")}
        columns = [name for name in reading.frame.columns if name not in used]
        rows = _melted(fixed, reading.frame[columns], by)
    ids = {name: series_id(str(name)) for name in rows["series"].dropna().unique()}
    named = rows["series"].map(ids).astype("str")
    return rows.assign(series=named.mask(named == ""))


def _told(reading: Reading, field: str) -> pd.Series:
    """Return the field's own column or constant; NaN where the headings tell it."""
    column = reading.mapping.column(field)
    if column is not None and column not in reading.frame.columns:
        return pd.Series(np.nan, reading.frame.index, dtype="str")
    return reading.text(field)


def _melted(base: pd.DataFrame, columns: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return one row a line and column of numbers; empty cells make no row."""
    parts = []
    for name in columns:
        part = base.assign(**{by: str(name)}, value=numbers(columns[name]))
        stays = part["value"].notna() | unreadable(columns[name])
        if part["value"].notna().any():
            parts.append(part[stays])
    empty = base.assign(**{by: str(columns.columns[0])}, value=np.nan)
    return pd.concat(parts, ignore_index=True) if parts else empty


def _subjects(reading: Reading, told: pd.Series, symbols: frozenset[str]) -> pd.Series:
    sectors = sector_lookup(reading.universe)
    found: dict[str, str] = {}
    for name in map(str, told.dropna().unique()):
        symbol = name.upper()
        if plain(name) in sectors:
            found[name] = sectors[plain(name)]
        elif symbol in symbols:
            found[name] = symbol
    return told.map(found).astype("str")


def _dated(reading: Reading, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with known_at, `assumed` and `default_lag`."""
    told = reading.mapping.constant("lag") or ""
    days = {
        str(name): int(told.removesuffix("d"))
        if told.endswith("d")
        else alternative_lag(str(name), group["period"])
        for name, group in rows[rows["series"].notna()].groupby("series", sort=True)
    }
    lag = pd.to_timedelta(rows["series"].map(days), unit="D")
    assumed = rows["known_at"].isna()
    words = tuple(declared_lags().alternative)
    guessed = [
        name for name in days if not told.endswith("d") and not any(w in name for w in words)
    ]
    return rows.assign(
        known_at=rows["known_at"].fillna((rows["period"] + lag).astype("datetime64[us]")),
        assumed=assumed,
        default_lag=assumed & rows["series"].isin(guessed),
    )


def _tones(reading: Reading) -> "pd.Series[float]":
    """Return each text's tone, NaN where no word tells one, infinite where there is no text."""
    texts = names(reading.frame[reading.mapping.column("text") or ""])
    scores = {text: tone(text) for text in texts.dropna().unique()}
    return texts.map(scores).astype("float64").where(texts.notna(), np.inf)


def _by_day(rows: pd.DataFrame, stem: str) -> pd.DataFrame:
    """Return tones and counts by subject and day, and beside them the rows that say nothing."""
    empty = np.isinf(rows["value"])
    sound = ~empty & rows["subject"].notna() & rows["period"].notna()
    items = rows[sound].rename(columns={"value": "tone"})
    left = rows[~sound].assign(value=np.nan)
    made = [daily_tones(items, series_id(stem)).assign(default_lag=False)] if len(items) else []
    found: pd.DataFrame = pd.concat([*made, left], ignore_index=True)
    return found
