"""Decides which column of a file becomes which field, so it can be shown before anything is stored.

A guess comes from headings alone; a user's word overrides it. What is not mapped is not read.
"""

import re
from collections.abc import Mapping as Lookup

import pandas as pd
from pandas.api import types

from core.errors import ImportRejectedError
from core.records.result import Dataset
from core.records.universe import Universe
from tools.sources.cells import DateOrder, date_form
from tools.sources.fields import BILLIONS_OF_UNIT, FIELDS, Field, plain, split_unit
from tools.sources.mapped import Basis, How, Layout
from tools.sources.mapped import MappedField as MappedField
from tools.sources.mapped import Mapping as Mapping

_MINIMUM: dict[Dataset, tuple[tuple[str, ...], ...]] = {
    "prices": (("period",), ("close", "adj_close")),
    "intraday": (("period",), ("close", "adj_close")),
    "flows": (("symbol",), ("period",), ("foreign_buy_bn", "proprietary_buy_bn", "buy_bn"),
              ("foreign_sell_bn", "proprietary_sell_bn", "sell_bn")),
    "macro": (("period", "known_at"), ("value",)),
    "fundamentals": (("symbol",), ("period", "year", "fiscal_year")),
    "members": (("symbol",), ("sector", "start")),
    "positions": (("manager",), ("period",), ("shares",), ("value_bn",)),
    "weights": (("sector", "symbol"), ("period",), ("weight",)),
    "series": (("subject",), ("period",), ("value", "text")),
}  # fmt: skip
"""For each data set, groups of fields of which at least one must be found."""


DAY_FIRST_CURRENCIES = ("VND", "EUR")

DATES = {field.name for fields in FIELDS.values() for field in fields if field.kind == "date"}
"""Fields that hold dates."""


def guess_mapping(
    frame: pd.DataFrame,
    dataset: Dataset,
    universe: Universe,
    *,
    file: str,
    columns: Lookup[str, str] | None = None,
    units: Lookup[str, str] | None = None,
) -> Mapping:
    """Return the mapping headings suggest, with the user's words over it.

    Args:
        frame: the file's table; headings and kinds of columns are looked at.
        dataset: what the file is to be read as.
        universe: names its tickers, for a file of one series without a symbol column.
        file: the file's name.
        columns: field to column; "=VALUE" gives a field one value in every row.
        units: money field to one, k, mn or bn; date field to day-first or month-first; "basis" to
            raw or adjusted.

    Raises:
        ImportRejectedError: a field is needed and no column was found for it, or a word names a
            field, column or unit that does not exist.
    """
    told = _told(frame, dataset, columns or {}, file)
    found = _by_heading(frame, dataset, {row.field for row in told}, {row.column for row in told})
    rows = [*told, *found]
    layout: Layout = "long"
    if not _has_values(dataset, rows):
        _refuse_long(frame, rows, file, dataset)
        layout, extra = "wide", _wide(frame, rows, file, dataset)
        rows += extra
    elif dataset in ("prices", "intraday", "flows") and not _named(rows, "symbol"):
        rows.append(_one_symbol(universe, file))
    elif dataset == "weights" and not _named(rows, "benchmark"):
        mark = universe.benchmark.id
        rows.append(MappedField(field="benchmark", constant=mark, how="default"))
    if dataset == "series":
        rows = _of_series(rows, units or {}, file)
    rows = [_with_unit(row, dataset, units or {}, file) for row in rows]
    rows = [_with_order(row, frame, universe, units or {}, file) for row in rows]
    _complete(rows, dataset, file, list(frame.columns))
    order = {field.name: i for i, field in enumerate(FIELDS[dataset])}
    rows.sort(key=lambda row: order[row.field])
    basis = _basis(units or {}, file, rows)
    return Mapping(dataset=dataset, layout=layout, basis=basis, rows=tuple(rows))


def _told(
    frame: pd.DataFrame, dataset: Dataset, columns: Lookup[str, str], file: str
) -> list[MappedField]:
    known = {field.name for field in FIELDS[dataset]}
    rows = []
    for field, column in columns.items():
        if field not in known:
            raise ImportRejectedError(
                f"{file}: {dataset} has no field {field!r}; it has {', '.join(sorted(known))}."
            )
        if column.startswith("="):
            rows.append(MappedField(field=field, constant=column[1:], how="told"))
        elif column in frame.columns:
            rows.append(MappedField(field=field, column=column, how="told"))
        else:
            raise ImportRejectedError(
                f"{file}: no column {column!r}; it has {', '.join(map(str, frame.columns))}."
            )
    return rows


def _by_heading(
    frame: pd.DataFrame, dataset: Dataset, fields: set[str], used: set[str]
) -> list[MappedField]:
    rows = []
    for field in FIELDS[dataset]:
        if field.name in fields:
            continue
        column = _column_of(field, [name for name in frame.columns if name not in used])
        if column is not None:
            used = used | {column}
            rows.append(MappedField(field=field.name, column=column))
    return rows


def _column_of(field: Field, columns: list[str]) -> str | None:
    exact = {plain(name): name for name in reversed(columns)}
    short = {split_unit(name)[0]: name for name in reversed(columns)}
    for heading in field.headings:
        if heading in exact:
            return exact[heading]
        if field.kind in ("money", "number") and heading in short:
            return short[heading]
    return None


def _named(rows: list[MappedField], field: str) -> bool:
    return any(row.field == field for row in rows)


def _has_values(dataset: Dataset, rows: list[MappedField]) -> bool:
    if dataset not in ("prices", "intraday", "macro", "series"):
        return True
    return any(_named(rows, field) for field in _MINIMUM[dataset][-1])


def _refuse_long(frame: pd.DataFrame, rows: list[MappedField], file: str, dataset: Dataset) -> None:
    """Refuse prices whose symbols stand in a column: their other columns are no symbols.

    Raises:
        ImportRejectedError: the file is no wide one, and has no close.
    """
    if dataset in ("prices", "intraday") and _named(rows, "symbol"):
        raise ImportRejectedError(
            f"{file}: no column for {' or '.join(_MINIMUM[dataset][-1])} among "
            f"{', '.join(map(str, frame.columns))}; name one with --map close=COLUMN, or import "
            "what you hold with --holdings FILE."
        )


def _wide(
    frame: pd.DataFrame, rows: list[MappedField], file: str, dataset: Dataset
) -> list[MappedField]:
    kept = ("period", "known_at", "subject")
    used = {row.column for row in rows if row.field in kept and row.column}
    series = [name for name in frame.columns if name not in used and _numeric(frame[name])]
    rows[:] = [row for row in rows if row.constant is not None or row.column in used]
    if not series:
        wanted = " or ".join(_MINIMUM[dataset][-1])
        raise ImportRejectedError(
            f"{file}: no column for {wanted} among {', '.join(map(str, frame.columns))}; "
            "name one with --map field=COLUMN."
        )
    subject = "series" if dataset in ("macro", "series") else "symbol"
    if dataset == "series" and not _named(rows, "subject"):
        subject = "subject"
    value = _MINIMUM[dataset][-1][0]
    shown = ", ".join(map(str, series[:4])) + (" …" if len(series) > 4 else "")
    return [
        MappedField(field=subject, column="(headings)", how="every other column"),
        MappedField(field=value, column=f"({shown})", how="every other column"),
    ]


def _numeric(values: pd.Series) -> bool:
    if types.is_bool_dtype(values.dtype):
        return False
    if types.is_numeric_dtype(values.dtype):
        return True
    sample = values.dropna().astype("str").head(50)
    sample = sample[sample.str.strip() != ""]
    return bool(len(sample)) and bool(sample.str.fullmatch(r"\s*-?[\d.,]+\s*%?\s*").mean() > 0.8)


def _of_series(rows: list[MappedField], units: Lookup[str, str], file: str) -> list[MappedField]:
    """Return the rows with a series' name and lag where the file tells none; texts only for news.

    Raises:
        ImportRejectedError: the lag told is not a number of days.
    """
    news = _named(rows, "text") and not _named(rows, "value")
    rows = [row for row in rows if row.field != ("value" if news else "text")]
    if not news and not _named(rows, "series"):
        name = plain(file.rsplit(".", 1)[0])
        rows.append(MappedField(field="series", constant=name, how="file name"))
    lag = units.get("lag")
    if lag is not None and not re.fullmatch(r"\d{1,3}d", lag):
        raise ImportRejectedError(f"{file}: lag {lag!r} is unknown; give days, for example lag=2d.")
    if lag is not None or not _named(rows, "known_at"):
        how: How = "default" if lag is None else "told"
        rows.append(MappedField(field="lag", constant=lag or "by name or spacing", how=how))
    return rows


def _one_symbol(universe: Universe, file: str) -> MappedField:
    tickers = [sector.ticker for sector in universe.sectors]
    tickers += [mark.ticker for mark in universe.benchmarks if mark.ticker]
    parts = plain(file.rsplit(".", 1)[0]).split("_")
    named = [ticker for ticker in tickers if plain(ticker) in parts]
    symbol = named[0] if named else parts[0].upper() if len(parts) == 1 else None
    if symbol is None:
        raise ImportRejectedError(
            f"{file}: no column names the symbol; name it with --map symbol=COLUMN, "
            "or for a file of one series with --map symbol==TICKER."
        )
    return MappedField(field="symbol", constant=symbol, how="file name")


def _with_unit(
    row: MappedField, dataset: Dataset, units: Lookup[str, str], file: str
) -> MappedField:
    field = next(field for field in FIELDS[dataset] if field.name == row.field)
    if field.kind == "money":
        unit = units.get(row.field) or units.get("money") or split_unit(row.column)[1] or "one"
        if unit not in BILLIONS_OF_UNIT:
            raise ImportRejectedError(
                f"{file}: unit {unit!r} of {row.field} is unknown; use one, k, mn or bn."
            )
        return row.model_copy(update={"unit": unit})
    return row


def _with_order(
    row: MappedField, frame: pd.DataFrame, universe: Universe, units: Lookup[str, str], file: str
) -> MappedField:
    """Tell how a date column is read; other fields stay."""
    if row.column not in frame.columns or row.field not in DATES:
        return row
    told = units.get(row.field, "")
    if told not in ("", "day-first", "month-first"):
        raise ImportRejectedError(
            f"{file}: {row.field} {told!r} is unknown; use day-first or month-first."
        )
    order: DateOrder = "" if not told else "day-first" if told == "day-first" else "month-first"
    form = date_form(frame[row.column], day_first=day_first(universe), told=order)
    found = {"unit": form.words, "ambiguous": form.ambiguous, "order": order}
    return row.model_copy(update=found)


def day_first(universe: Universe) -> bool:
    """Tell whether 03/04 means the third of April where the cells allow both."""
    return universe.currency in DAY_FIRST_CURRENCIES


def _basis(units: Lookup[str, str], file: str, rows: list[MappedField]) -> Basis:
    told = units.get("basis")
    if told not in (None, "raw", "adjusted"):
        raise ImportRejectedError(f"{file}: basis {told!r} is unknown; use raw or adjusted.")
    if told is not None:
        return "adjusted" if told == "adjusted" else "raw"
    named = "adj" in plain(file).split("_") or "adjusted" in plain(file).split("_")
    return "adjusted" if named or _named(rows, "adj_close") else "raw"


def _complete(rows: list[MappedField], dataset: Dataset, file: str, columns: list[str]) -> None:
    for group in _MINIMUM[dataset]:
        if any(_named(rows, field) for field in group):
            continue
        wanted = "date" if group[0] == "period" else " or ".join(group)
        raise ImportRejectedError(
            f"{file}: no {wanted} column among {', '.join(map(str, columns))}; "
            f"name it with --map {group[0]}=COLUMN."
        )
