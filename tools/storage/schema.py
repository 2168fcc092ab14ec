"""Decides the stored columns of each data set, their kinds and the key that makes a row unique."""

from dataclasses import dataclass

import pandas as pd

from core.records.result import Dataset

PRICE_NUMBERS = (
    "open", "high", "low", "close", "adj_close", "volume",
    "value_bn", "put_through_bn", "dividend", "split",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Schema:
    """Columns in stored order: text, then timestamps, numbers (float64) and truth values."""

    text: tuple[str, ...]
    stamps: tuple[str, ...]
    numbers: tuple[str, ...]
    truths: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in stored order."""
        return (*self.text, *self.stamps, *self.numbers, *self.truths)

    @property
    def subject(self) -> str:
        """The column that names what a row is about."""
        return self.key[0]


_PRICES = Schema(
    text=("symbol",),
    stamps=("period", "known_at"),
    numbers=PRICE_NUMBERS,
    truths=(),
    key=("symbol", "period"),
)

SCHEMAS: dict[Dataset, Schema] = {
    "prices": _PRICES,
    "intraday": _PRICES,
    "flows": Schema(
        text=("symbol", "investor"),
        stamps=("period", "known_at"),
        numbers=("buy_bn", "sell_bn", "own_pct"),
        truths=(),
        key=("symbol", "investor", "period"),
    ),
    "fundamentals": Schema(
        text=("symbol", "kind", "line"),
        stamps=("period", "known_at"),
        numbers=("value",),
        truths=("assumed",),
        key=("symbol", "kind", "line", "period"),
    ),
    "macro": Schema(
        text=("series", "unit", "category"),
        stamps=("period", "known_at"),
        numbers=("value",),
        truths=("assumed",),
        key=("series", "period"),
    ),
    "members": Schema(
        text=("symbol", "sector", "name", "exchange", "industry"),
        stamps=("start", "end"),
        numbers=(),
        truths=(),
        key=("symbol", "sector", "start"),
    ),
    "positions": Schema(
        text=("manager", "symbol"),
        stamps=("period", "known_at"),
        numbers=("shares", "value_bn"),
        truths=("assumed",),
        key=("manager", "symbol", "period"),
    ),
    "weights": Schema(
        text=("benchmark", "sector", "source"),
        stamps=("period", "known_at"),
        numbers=("weight",),
        truths=("assumed",),
        key=("benchmark", "sector", "period"),
    ),
    "series": Schema(
        text=("series", "subject"),
        stamps=("period", "known_at"),
        numbers=("value",),
        truths=("assumed",),
        key=("series", "subject", "period"),
    ),
    "news": Schema(
        text=("subject", "title", "publisher"),
        stamps=("period", "known_at"),
        numbers=("tone",),
        truths=("assumed",),
        key=("subject", "title", "period"),
    ),
}
"""Units: prices in the source's quote unit (Vietnamese stocks: thousand VND, indices: points),
volume in shares, *_bn in billions of the universe's currency, own_pct in percent, dividend a share,
split as new shares per old one (0 or missing: none), weight a fraction of its benchmark, series in
the unit of their maker, subject a sector id or a symbol, tone -1 to 1. NaN and NaT mean missing,
never zero."""

MATCHED = "foreign_matched"
"""Investor of rows that hold the part of `foreign` traded in matched orders, without put-through;
only sources that tell the two apart have them."""

VINTAGED: tuple[Dataset, ...] = ("fundamentals", "macro", "positions", "weights", "series")
"""Data sets whose revisions are all kept: a row's key then includes known_at."""

EARLIEST = pd.Timestamp("1900-01-01")
"""Start of a membership whose beginning the source does not tell."""


def empty_frame(dataset: Dataset) -> pd.DataFrame:
    """Return a frame of the data set's columns and kinds without rows."""
    schema = SCHEMAS[dataset]
    kinds = {
        **dict.fromkeys(schema.text, "str"),
        **dict.fromkeys(schema.stamps, "datetime64[us]"),
        **dict.fromkeys(schema.numbers, "float64"),
        **dict.fromkeys(schema.truths, "bool"),
    }
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
