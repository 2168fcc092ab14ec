"""Decides which column of a file of holdings is which, and what a cell there says as a number.

Shares of a Vietnamese or European file may be grouped with points, weights may carry a decimal
comma or a percent sign; a weight without one is a fraction where no weight exceeds one.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.errors import ImportRejectedError
from core.records.universe import Universe
from tools.sources.cells import DateOrder, date_form, dates, names, numbers, unreadable
from tools.sources.fields import BILLIONS_OF_UNIT, Field, plain, split_unit
from tools.sources.files import RawFile
from tools.sources.mapping import MappedField, day_first

HOLDINGS = (
    Field("symbol", "text", (
        "symbol", "ticker", "code", "ma", "ma_ck", "ma_cp", "ma_chung_khoan", "stock", "security",
        "position", "holding", "asset", "name", "tai_san", "khoan_muc", "danh_muc", "ten",
    )),
    Field("sector", "text", (
        "sector", "sector_id", "industry", "gics_sector", "icb", "icb2", "nganh", "nhom_nganh",
    )),
    Field("quantity", "number", (
        "quantity", "qty", "shares", "units", "so_luong", "khoi_luong", "sl", "kl", "so_co_phieu",
        "so_luong_cp", "so_du",
    )),
    Field("weight", "share", (
        "weight", "weight_pct", "pct", "percent", "allocation", "pct_nav", "weight_of_nav",
        "ty_trong", "ti_trong", "ty_le", "ti_le", "ty_trong_nav", "phan_tram",
    )),
    Field("cash", "money", ("cash", "tien_mat", "tien")),
    Field("nav", "money", ("nav", "net_asset_value", "gia_tri_tai_san_rong", "tai_san_rong")),
    Field("date", "date", (
        "date", "dated", "as_of", "asof", "ngay", "tai_ngay", "report_date", "ngay_bao_cao",
    )),
)  # fmt: skip
"""The fields of a file of holdings and their headings, as `plain` writes them."""

GROUPED = re.compile(r"^\d{1,3}(?:\.\d{3})+$")


@dataclass(frozen=True, slots=True)
class HeldTable:
    """A file of holdings under its mapping; places count rows below the headings from 0."""

    file: str
    lines: tuple[int, ...]
    mapping: tuple[MappedField, ...]
    texts: dict[str, pd.Series]
    amounts: dict[str, "pd.Series[float]"]
    scales: dict[str, float]
    dated: date | None

    def line(self, place: int) -> int:
        """Return the row's number as a spreadsheet shows it."""
        return self.lines[place]

    def refused(self, place: int, why: str) -> ImportRejectedError:
        """Return the refusal of a row."""
        return ImportRejectedError(f"{self.file}: row {self.line(place)}: {why}; nothing is stored")

    def text(self, name: str, place: int) -> str:
        """Return a cell's text, empty where there is none."""
        found = self.texts[name].iloc[place] if name in self.texts else None
        return found.strip() if isinstance(found, str) else ""

    def quantity(self, place: int) -> float | None:
        """Return the row's quantity, of shares or of money."""
        return self._amount("quantity", place)

    def weight(self, place: int) -> float | None:
        """Return the row's weight as a fraction."""
        return self._amount("weight", place)

    def billions(self, name: str, amount: float) -> float:
        """Return an amount of cash or nav in billions, the nearest decimal of it."""
        return amount / round(1.0 / self.scales[name])

    def single(self, name: str) -> float | None:
        """Return the one amount of a cash or nav column, billions.

        Raises:
            ImportRejectedError: the column holds several.
        """
        found = self.amounts[name].dropna().unique() if name in self.amounts else np.empty(0)
        if len(found) > 1:
            raise ImportRejectedError(
                f"{self.file}: column {name} holds {len(found)} different amounts; it takes one."
            )
        return self.billions(name, float(found[0])) if len(found) else None

    def _amount(self, name: str, place: int) -> float | None:
        value = self.amounts[name].iloc[place] if name in self.amounts else np.nan
        return None if np.isnan(value) else float(value)


def held_table(
    file: RawFile, universe: Universe, columns: Lookup[str, str], units: Lookup[str, str]
) -> HeldTable:
    """Return the table under the mapping its headings suggest, with the user's words over it.

    Raises:
        ImportRejectedError: a needed column is missing, a word names no field, column or unit, or a
            cell is no number or date.
    """
    frame = file.frame
    chosen = _columns(file, columns)
    vietnamese = day_first(universe)
    lines = range(1, len(frame) + 1) if file.lines is None else file.lines.tolist()
    shares, percent = _weights(frame[chosen["weight"]]) if "weight" in chosen else (None, "")
    amounts: dict[str, pd.Series[float]] = {} if shares is None else {"weight": shares}
    for name in ("quantity", "cash", "nav"):
        if name in chosen:
            amounts[name] = _numbers(frame[chosen[name]], _ungrouped if vietnamese else _as_is)
    dated, form = _dated(file, chosen.get("date"), universe, units.get("date", ""))
    scales = {name: _scale(file, name, chosen.get(name, ""), units) for name in ("cash", "nav")}
    table = HeldTable(
        file=file.name,
        lines=tuple(lines),
        mapping=tuple(
            MappedField(
                field=name,
                column=column,
                unit={"weight": percent, "date": form}.get(name, "")
                or (_unit(name, column, units) if name in scales else ""),
                how="told" if name in columns else "heading",
            )
            for name, column in chosen.items()
        ),
        texts={name: names(frame[chosen[name]]) for name in ("symbol", "sector") if name in chosen},
        amounts=amounts,
        scales=scales,
        dated=dated,
    )
    _refuse_cells(table, frame, chosen)
    return table


def _columns(file: RawFile, told: Lookup[str, str]) -> dict[str, str]:
    """Return field to column, in the fields' order."""
    known = [field.name for field in HOLDINGS]
    for name, column in told.items():
        if name not in known or column not in file.frame.columns:
            what = f"no field {name!r}" if name not in known else f"no column {column!r}"
            choices = known if name not in known else list(file.frame.columns)
            raise ImportRejectedError(f"{file.name}: {what}; it has {', '.join(choices)}.")
    found = dict(told)
    for field in HOLDINGS:
        free = [name for name in file.frame.columns if name not in found.values()]
        guess = None if field.name in found else _column_of(field, free)
        if guess is not None:
            found[field.name] = guess
    for group in (("symbol", "sector"), ("quantity", "weight")):
        if not set(group) & set(found):
            raise ImportRejectedError(
                f"{file.name}: no {' or '.join(group)} column among "
                f"{', '.join(file.frame.columns)}; name it with --map {group[0]}=COLUMN."
            )
    return {name: found[name] for name in known if name in found}


def _column_of(wanted: Field, columns: list[str]) -> str | None:
    """Return the column under one of the field's headings; percent can only be the weight."""
    shares = [name for name in columns if "%" in name]
    if wanted.name == "weight":
        named = {*wanted.headings, "", "nav"}
        percent = next((name for name in shares if plain(name) in named), None)
        if percent is not None:
            return percent
    others = [name for name in columns if name not in shares]
    headed = {split_unit(name)[0]: name for name in reversed(others)}
    headed |= {plain(name): name for name in reversed(others)}
    return next((headed[name] for name in wanted.headings if name in headed), None)


def _refuse_cells(table: HeldTable, frame: pd.DataFrame, chosen: Lookup[str, str]) -> None:
    for name, values in table.amounts.items():
        unread = unreadable(frame[chosen[name]]) & values.isna()
        if unread.any():
            place = int(np.flatnonzero(unread.to_numpy())[0])
            said = frame[chosen[name]].iloc[place]
            raise table.refused(place, f"{name} {str(said)!r} is no number")
        if (values < 0.0).any():
            place = int(np.flatnonzero((values < 0.0).to_numpy())[0])
            raise table.refused(place, f"{name} {values.iloc[place]:g} is below zero")


def _weights(values: pd.Series) -> tuple["pd.Series[float]", str]:
    """Return weights as fractions, and how they were read."""
    signed = values.map(lambda cell: isinstance(cell, str) and cell.strip().endswith("%"))
    found = _numbers(values, _pointed)
    plain_ones = found[~signed.astype(bool)]
    headed = "%" in str(values.name) or {"pct", "percent"} & set(plain(str(values.name)).split("_"))
    in_percent = bool(headed) or bool((plain_ones > 1.0).any())
    divided = found / 100.0
    fractions = divided if in_percent else divided.where(signed.astype(bool), found)
    return fractions, "%" if in_percent or bool(signed.any()) else "fraction"


def _numbers(values: pd.Series, form: Callable[[str], str]) -> "pd.Series[float]":
    """Return numbers; texts are put into a form first, cells that are numbers stay."""
    is_text = values.map(lambda cell: isinstance(cell, str)).astype(bool)
    found = pd.Series(np.nan, index=values.index, dtype="float64")
    found[~is_text] = numbers(values[~is_text])
    texts = [form(str(cell).strip()) for cell in values[is_text]]
    found[is_text] = numbers(pd.Series(texts, index=values.index[is_text], dtype="str"))
    return found


def _as_is(text: str) -> str:
    return text


def _ungrouped(text: str) -> str:
    """Return a whole number without its points: shares and dong have no thousandths."""
    return text.replace(".", "") if GROUPED.match(text) else text


def _pointed(text: str) -> str:
    """Return a weight with a decimal point: no weight has thousands to group."""
    return text.replace(",", ".")


def _dated(
    file: RawFile, column: str | None, universe: Universe, told: str
) -> tuple[date | None, str]:
    """Return the file's one date and how it was read."""
    if column is None:
        return None, ""
    if told not in ("", "day-first", "month-first"):
        raise ImportRejectedError(
            f"{file.name}: date {told!r} is unknown; use day-first or month-first."
        )
    order: DateOrder = "" if not told else "day-first" if told == "day-first" else "month-first"
    cells = file.frame[column]
    stamps = dates(cells, timezone=universe.timezone, day_first=day_first(universe), told=order)
    days = sorted({stamp.date() for stamp in stamps.dropna()})
    if len(days) != 1:
        found = ", ".join(map(str, days[:3])) or "none"
        raise ImportRejectedError(
            f"{file.name}: column {column} must hold one date, it holds {found}; "
            "import one day's holdings at a time."
        )
    return days[0], date_form(cells, day_first=day_first(universe), told=order).words


def _unit(name: str, column: str, units: Lookup[str, str]) -> str:
    return units.get(name) or split_unit(column)[1] or "one"


def _scale(file: RawFile, name: str, column: str, units: Lookup[str, str]) -> float:
    unit = _unit(name, column, units)
    if unit not in BILLIONS_OF_UNIT:
        raise ImportRejectedError(
            f"{file.name}: unit {unit!r} of {name} is unknown; use one, k, mn or bn."
        )
    return BILLIONS_OF_UNIT[unit]
