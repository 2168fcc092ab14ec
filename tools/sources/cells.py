"""Decides what a cell's text means as a number or a date; where it cannot be told, it is missing.

Dates are read in the one format that explains most cells of a column, so 03/04 is never April in
one row and March in the next. Numbers may carry grouping, a decimal comma and a percent sign.
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api import types

DateOrder = Literal["", "day-first", "month-first"]
"""How 03/04 is read; empty: as most cells allow."""

_PLAIN_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%d")
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y %H:%M")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%Y %H:%M")
_OTHERS = ("%Y/%m/%d", "%d-%b-%Y", "%b %d, %Y", "%d %b %Y")

_SERIAL = "Excel serial"
_SERIALS = (20_000.0, 60_000.0)
"""Spreadsheet day numbers of 1954 to 2064."""
_SERIAL_ORIGIN = pd.Timestamp("1899-12-30")

_COMMA_DECIMAL = r",\d{1,2}$|,\d{4,}$|\.\d{3},|^-?\d{1,3}(?:\.\d{3}){2,}$"
_POINT_DECIMAL = r",\d{3}\.|^-?\d{1,3}(?:,\d{3}){2,}"

_PERIODS = {
    "quarter": re.compile(r"^Q([1-4])[/ -]?(\d{4})$"),
    "months": re.compile(r"^(\d{1,2})M[/ -]?(\d{4})$"),
    "year": re.compile(r"^(\d{4})$"),
    "iso_quarter": re.compile(r"^(\d{4})[/ -]?Q([1-4])$"),
    "iso_month": re.compile(r"^(\d{4})-(\d{1,2})$"),
    "month": re.compile(r"^([A-Za-z]{3})[a-z]*[/ -](\d{4})$"),
    "number_month": re.compile(r"^(\d{1,2})/(\d{4})$"),
}
_MONTHS = {name: i + 1 for i, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateForm:
    """How a column's dates are read; `ambiguous` when day and month may equally be exchanged."""

    words: str
    ambiguous: bool = False


def date_form(values: pd.Series, *, day_first: bool, told: DateOrder = "") -> DateForm:
    """Return how `dates` reads the column, in words; empty where no cell is a date."""
    if types.is_datetime64_any_dtype(values.dtype):
        return DateForm("timestamp")
    texts = pd.Series(_texts(values).dropna().unique(), dtype="str")
    form, stamps = _parsed(texts, day_first, told)
    if form not in (*_DAY_FIRST, *_MONTH_FIRST):
        return DateForm(_form_words(form))
    other: DateOrder = "month-first" if form in _DAY_FIRST else "day-first"
    swapped = _parsed(texts, day_first, other)[1]
    same = bool((stamps.notna() == swapped.notna()).all()) and not stamps.equals(swapped)
    return DateForm(_form_words(form), ambiguous=same and not told)


def dates(values: pd.Series, *, timezone: str, day_first: bool, told: DateOrder = "") -> pd.Series:
    """Return naive local timestamps (datetime64[us]); NaT where a cell is no date.

    Args:
        values: timestamps, text, numbers like 20241231 or spreadsheet day numbers like 44928.
        timezone: zone into which timestamps that carry one are turned.
        day_first: reading of 03/04/2024 when all cells allow both.
        told: the order the user gave; dates of the other order are then missing.
    """
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        local: pd.Series = values.dt.tz_convert(timezone).dt.tz_localize(None)
        return local.astype("datetime64[us]")
    if types.is_datetime64_any_dtype(values.dtype):
        return values.astype("datetime64[us]")
    codes, texts = pd.factorize(_texts(values))
    stamps = _parsed(pd.Series(texts, dtype="str"), day_first, told)[1].to_numpy()
    stamps = np.append(stamps, np.datetime64("NaT", "us"))
    return pd.Series(stamps[codes], index=values.index)


def period_ends(
    values: pd.Series, *, timezone: str, day_first: bool, told: DateOrder = ""
) -> pd.DataFrame:
    """Return `end` (datetime64[us]) and `kind` of each period text.

    Kinds: "Q" one quarter, "YTD" January to the end of a quarter or year, "M" one month, "D" a day.
    NaT and "" where a cell is no period.
    """
    texts = _texts(values)
    table = {text: _period(text) for text in texts.dropna().unique()}
    ends = texts.map({text: end for text, (end, _) in table.items()}).astype("datetime64[us]")
    kinds = texts.map({text: kind for text, (_, kind) in table.items()}).fillna("")
    days = dates(values.where(ends.isna()), timezone=timezone, day_first=day_first, told=told)
    kinds = kinds.where(ends.notna(), "").mask(ends.isna() & days.notna(), "D")
    return pd.DataFrame({"end": ends.fillna(days), "kind": kinds})


def numbers(values: pd.Series) -> "pd.Series[float]":
    """Return float64 values; NaN where a cell is no number."""
    if types.is_bool_dtype(values.dtype):
        return values.astype("float64")
    if types.is_numeric_dtype(values.dtype):
        return pd.Series(values.to_numpy(dtype="float64", na_value=np.nan), index=values.index)
    direct = pd.to_numeric(values, errors="coerce").astype("float64")
    left = values[direct.isna()].dropna().astype("str").str.strip()
    left = left[left != ""]
    if left.empty:
        return direct
    clean = left.str.replace(r"[%\s\u00a0']", "", regex=True)
    if _decimal_comma(clean):
        every = values.astype("str").str.replace(r"[%\s\u00a0']", "", regex=True)
        swapped = every.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        return pd.to_numeric(swapped, errors="coerce").astype("float64")
    parsed = pd.to_numeric(clean.str.replace(",", "", regex=False), errors="coerce")
    return direct.fillna(parsed.astype("float64"))


def unreadable(values: pd.Series) -> "pd.Series[bool]":
    """Tell which cells hold a text that is no number; empty cells do not."""
    if types.is_numeric_dtype(values.dtype) or types.is_bool_dtype(values.dtype):
        return pd.Series(False, index=values.index)
    unread = numbers(values).isna()
    texts = values[unread].dropna().astype("str").str.strip()
    texts = texts[~texts.isin(["", "None", "nan", "<NA>"])]
    return pd.Series(values.index.isin(texts.index), index=values.index)


def names(values: pd.Series) -> pd.Series:
    """Return stripped text; NaN for empty cells."""
    return _texts(values)


def _decimal_comma(texts: pd.Series) -> bool:
    """Tell whether more cells can only be read with a decimal comma than with a decimal point."""
    comma = texts.str.contains(_COMMA_DECIMAL, regex=True)
    point = texts.str.contains(_POINT_DECIMAL, regex=True)
    return int(comma.sum()) > int(point.sum())


def _texts(values: pd.Series) -> pd.Series:
    if types.is_float_dtype(values.dtype) and bool((values.dropna() % 1 == 0).all()):
        values = values.astype("Int64")
    codes, found = pd.factorize(values)
    texts = pd.Series([str(item).strip() for item in found], dtype="str")
    texts = texts.mask(texts.isin(["", "NaT", "None"]))
    lookup = np.append(texts.to_numpy(dtype=object), np.nan)
    return pd.Series(lookup[codes], index=values.index, dtype="str")


def _parsed(texts: pd.Series, day_first: bool, told: DateOrder) -> tuple[str, pd.Series]:
    """Return the format that reads most texts, empty when none does, and what it reads."""
    first, second = (_DAY_FIRST, _MONTH_FIRST) if day_first else (_MONTH_FIRST, _DAY_FIRST)
    slashed: tuple[str, ...] = (*first, *second)
    if told:
        slashed = _DAY_FIRST if told == "day-first" else _MONTH_FIRST
    best, chosen = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]"), ""
    hits = 0
    for form in (*_PLAIN_FORMATS, *slashed, *_OTHERS, _SERIAL):
        if hits == len(texts):
            break
        stamps = _read_as(form, texts)
        if (found := int(stamps.notna().sum())) > hits:
            best, chosen, hits = stamps, form, found
    return chosen, best


def _read_as(form: str, texts: pd.Series) -> pd.Series:
    if form != _SERIAL:
        return pd.to_datetime(texts, format=form, errors="coerce").astype("datetime64[us]")
    days = pd.to_numeric(texts, errors="coerce").astype("float64")
    days = days.where(days.between(*_SERIALS))
    return (_SERIAL_ORIGIN + pd.to_timedelta(days, unit="D")).astype("datetime64[us]")


def _form_words(form: str) -> str:
    if form in _DAY_FIRST:
        return "day-first"
    if form in _MONTH_FIRST:
        return "month-first"
    if form in ("", _SERIAL):
        return form
    return "year-month-day" if form.startswith("%Y") else "month by name"


def _period(text: str) -> tuple[pd.Timestamp, str]:
    for name, pattern in _PERIODS.items():
        match = pattern.match(text)
        if match is None:
            continue
        first, last = match.group(1), match.group(match.lastindex or 1)
        if name in ("quarter", "iso_quarter"):
            quarter, year = (first, last) if name == "quarter" else (last, first)
            return _month_end(int(year), int(quarter) * 3), "Q"
        if name in ("months", "year"):
            return _month_end(int(last), 12 if name == "year" else int(first)), "YTD"
        if name == "month":
            return _month_end(int(last), _MONTHS.get(first.lower(), 0)), "M"
        month, year = (last, first) if name == "iso_month" else (first, last)
        return _month_end(int(year), int(month)), "M"
    return pd.NaT, ""  # type: ignore[return-value]  # NaT stands for a missing timestamp


def _month_end(year: int, month: int) -> pd.Timestamp:
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        return pd.NaT  # type: ignore[return-value]  # NaT stands for a missing timestamp
    return pd.Timestamp(year, month, 1) + pd.offsets.MonthEnd(0)
