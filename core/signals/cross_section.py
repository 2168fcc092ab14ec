"""Decides how a date's sectors are compared: z-scores over those with a value, and their sums.

Columns are sectors in id order, so sums run in one order whatever order the caller has. The fit,
the forecast and the scorecard all use these functions, so their numbers are the same numbers.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.records.result import FactorValue
from core.records.scoring import FactorWeight

Matrix = NDArray[np.float64]

LEAST_SECTORS = 3
"""Sectors with a value a comparison needs."""

WINSOR_Z = 3.0
"""A z-score beyond this many sd counts as this many."""

FLAT = 1e-12
"""Spread relative to the largest value below which sectors are equal: rounding, not difference."""

LEAST_WEIGHT_PRESENT = 0.5
"""Share of absolute weight a sector needs for a score or a forecast."""

DECIMALS = 9
"""Places a score is rounded to before it is ranked."""


def across_sum(values: Matrix) -> Matrix:
    """Return each row's sum of known cells, added from the first column to the last."""
    if values.shape[1] == 0:
        return np.zeros(len(values))
    sums: Matrix = np.cumsum(np.nan_to_num(values), axis=1)[:, -1]
    return sums


def across_mean(values: Matrix) -> Matrix:
    """Return each row's mean of known cells, NaN in a row without any."""
    counts = (~np.isnan(values)).sum(axis=1)
    return np.where(counts > 0, across_sum(values) / np.maximum(counts, 1), np.nan)


def excess(values: Matrix) -> Matrix:
    """Return values less their row's equal-weighted mean over the known."""
    result: Matrix = values - across_mean(values)[:, None]
    return result


def standardised(values: Matrix) -> Matrix:
    """Return each row's z-scores over its known cells, within +-3; population sd.

    NaN where a value is missing, and in rows with fewer than three. Equal values are 0.
    """
    counts = (~np.isnan(values)).sum(axis=1)
    centred = excess(values)
    spread = np.sqrt(across_sum(centred**2) / np.maximum(counts, 1))
    largest = np.max(np.abs(np.nan_to_num(values)), axis=1, initial=0.0)
    flat = spread <= FLAT * largest
    z = centred / np.where(flat, 1.0, spread)[:, None]
    z = np.where(flat[:, None] & ~np.isnan(values), 0.0, np.clip(z, -WINSOR_Z, WINSOR_Z))
    return np.where((counts >= LEAST_SECTORS)[:, None], z, np.nan)


def z_table(
    factors: Sequence[FactorValue], sectors: Sequence[str]
) -> dict[str, dict[str, float | None]]:
    """Return z-scores by factor and sector; None where the value is missing or nothing compares.

    Of two values for one cell the known one counts, then the smaller: order never matters.
    """
    ordered = sorted(sectors)
    column_of = {sector: column for column, sector in enumerate(ordered)}
    rows: dict[str, Matrix] = {}
    for cell in factors:
        if cell.sector in column_of:
            row = rows.setdefault(cell.factor, np.full(len(ordered), np.nan))
            if cell.value is not None:
                column = column_of[cell.sector]
                row[column] = np.fmin(row[column], cell.value)
    return {
        factor: {
            sector: None if np.isnan(z) else float(z)
            for sector, z in zip(ordered, standardised(rows[factor][None, :])[0], strict=True)
        }
        for factor in sorted(rows)
    }


def weighted_sum(weights: Sequence[FactorWeight], z: Mapping[str, float | None]) -> float:
    """Return the sum of weight x z over the factors present, by factor id, rounded to 1e-9."""
    total = 0.0
    for row in sorted(weights, key=lambda row: row.factor):
        value = z.get(row.factor)
        if value is not None:
            total += row.weight * value
    return round(total, DECIMALS) + 0.0


def weight_present(weights: Sequence[FactorWeight], z: Mapping[str, float | None]) -> float:
    """Return the share of absolute weight whose factor has a value, 0 without weights."""
    ordered = sorted(weights, key=lambda row: row.factor)
    whole = sum(abs(row.weight) for row in ordered)
    present = sum(abs(row.weight) for row in ordered if z.get(row.factor) is not None)
    return present / whole if whole > 0.0 else 0.0
