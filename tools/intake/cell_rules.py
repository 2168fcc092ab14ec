"""Decides which rows of each data set cannot stand by their own cells, whatever is around them."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.result import Dataset
from tools.storage.findings import FindingKind

SATURDAY = 5

Mask = NDArray[np.bool_]
Cells = NDArray[np.float64]


def _absent(column: str) -> Callable[[pd.DataFrame], Mask]:
    return lambda rows: np.asarray(rows[column].isna())


def _marked(column: str) -> Callable[[pd.DataFrame], Mask]:
    """Mark the rows their reader already judged."""
    return lambda rows: np.asarray(rows[column], dtype=np.bool_)


def _any_cell(test: Callable[[Cells], Mask], *columns: str) -> Callable[[pd.DataFrame], Mask]:
    """Mark rows of which any of the columns passes the test; NaN passes none."""
    return lambda rows: np.asarray(np.any(test(rows[list(columns)].to_numpy()), axis=1))


def _not_positive(cells: Cells) -> Mask:
    return cells <= 0.0


def _negative(cells: Cells) -> Mask:
    return cells < 0.0


def _infinite(cells: Cells) -> Mask:
    return np.isinf(cells)


def _missing(cells: Cells) -> Mask:
    return np.isnan(cells)


def _weekend(rows: pd.DataFrame) -> Mask:
    return np.asarray(rows["period"].dt.day_of_week >= SATURDAY)


def _no_close(rows: pd.DataFrame) -> Mask:
    return np.asarray(rows["close"].isna() & rows["adj_close"].isna())


Rule = tuple[FindingKind, Callable[[pd.DataFrame], Mask]]

_DATED: tuple[Rule, ...] = (("no_symbol", _absent("symbol")), ("no_date", _absent("period")))
_PRICE_CELLS: tuple[Rule, ...] = (
    *_DATED,
    ("weekend", _weekend),
    ("non_finite", _any_cell(_infinite, "close", "adj_close")),
    ("no_value", _no_close),
    ("negative", _any_cell(_not_positive, "close", "adj_close")),
)
CELL_RULES: dict[Dataset, tuple[Rule, ...]] = {
    "prices": _PRICE_CELLS,
    "intraday": _PRICE_CELLS,
    "flows": (
        *_DATED,
        ("weekend", _weekend),
        ("no_value", _any_cell(_missing, "buy_bn", "sell_bn")),
        ("non_finite", _any_cell(_infinite, "buy_bn", "sell_bn")),
        ("negative", _any_cell(_negative, "buy_bn", "sell_bn")),
    ),
    "fundamentals": (
        *_DATED,
        ("no_value", _absent("value")),
        ("non_finite", _any_cell(_infinite, "value")),
    ),
    "macro": (
        ("unlisted_series", _absent("series")),
        ("no_date", _absent("period")),
        ("no_value", _absent("value")),
        ("non_finite", _any_cell(_infinite, "value")),
    ),
    "members": (("no_symbol", _absent("symbol")), ("unlisted_sector", _absent("sector"))),
    "positions": (
        *_DATED,
        ("no_value", _absent("value_bn")),
        ("non_finite", _any_cell(_infinite, "shares", "value_bn")),
        ("negative", _any_cell(_negative, "shares", "value_bn")),
        ("implausible", _marked("implausible")),
    ),
    "weights": (("no_date", _absent("period")), ("unlisted_sector", _absent("sector"))),
    "series": (
        ("unlisted_subject", _absent("subject")),
        ("unlisted_series", _absent("series")),
        ("no_date", _absent("period")),
        ("no_value", _absent("value")),
        ("non_finite", _any_cell(_infinite, "value")),
    ),
    "news": (
        ("unlisted_subject", _absent("subject")),
        ("no_date", _absent("period")),
        ("no_value", _absent("title")),
    ),
}
