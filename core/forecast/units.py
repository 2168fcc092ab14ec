"""Decides what learners learn on: traded units, compared with each other on each decision's date.

Units are a universe's member stocks, or its sectors' own series. A unit's features and its outcome
are its ranks among the units of the date, so that markets, decades and prices compare.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.forecast.unit_features import Bars, unit_features
from core.panel import MarketPanels, PricePanel
from core.signals.cross_section import LEAST_SECTORS
from core.signals.membership import NO_SECTOR, membership
from core.signals.trailing import CARRY_SESSIONS, Matrix, known_sum, matrix

UnitKind = Literal["members", "sectors"]

MONTH_SESSIONS, WEEK_SESSIONS = 21, 5
LEAST_MEMBERS_A_SECTOR = 3
"""Members on average a universe must have to be learned on by its members."""

LIQUIDITY_SESSIONS, LEAST_LIQUID = 60, 20
"""Sessions of the mean traded value a member counts by, and those that must be known."""

SECTOR_FEATURES = (
    "momentum_week", "momentum_1", "momentum_3", "momentum_6", "momentum_12", "momentum_12_1",
    "high_12", "volatility_3",
)  # fmt: skip
"""What a member also has of its sector, so that what all members share is learned."""


@dataclass(frozen=True, slots=True)
class Units:
    """Units on decision dates, ascending.

    x: decisions x units x features, ranks within +-0.5 of the units known that day, NaN missing;
        a unit without a close has none, not even those of its sector: that it will be listed is
        not known.
    codes: decisions x units, the unit's place among `sectors`, NO_SECTOR where it belongs to none.
    weight: decisions x units, how much of its sector a unit is; 0 where it is none.
    closes: bars x units, all of them; places: the bar of each decision.
    """

    kind: UnitKind
    dates: pd.DatetimeIndex
    names: tuple[str, ...]
    sectors: tuple[str, ...]
    features: tuple[str, ...]
    x: Matrix
    codes: NDArray[np.int64]
    weight: Matrix
    closes: Matrix
    places: NDArray[np.int64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Decisions x units: those of a sector with at least a quarter of history."""
        anchor = self.features.index("momentum_3")
        result: NDArray[np.bool_] = ~np.isnan(self.x[:, :, anchor]) & (self.codes != NO_SECTOR)
        return result

    def digests(self) -> tuple[bytes, ...]:
        """Return one digest a decision of its units' features, sectors and weights."""
        names = ",".join((self.kind, *self.sectors, *self.features)).encode()
        digests = []
        for row in range(len(self.dates)):
            digest = hashlib.blake2b(names, digest_size=16)
            for cells in (self.x[row], self.codes[row], self.weight[row]):
                digest.update(np.ascontiguousarray(cells).data)
            digests.append(digest.digest())
        return tuple(digests)

    def rows(self, keep: slice) -> "Units":
        """Return these decisions alone."""
        return replace(
            self,
            dates=self.dates[keep],
            x=self.x[keep],
            codes=self.codes[keep],
            weight=self.weight[keep],
            places=self.places[keep],
        )

    def outcomes(self, n_bars: int) -> Matrix:
        """Return decisions x units: ranks of the return over the next bars, as of `ranks`.

        NaN where the close then is not there yet, and for units outside any sector.
        """
        later = self.places + n_bars
        ended = later < len(self.closes)
        then = self.closes[np.where(ended, later, 0)]
        change = np.where(ended[:, None], then / self.closes[self.places] - 1.0, np.nan)
        return ranks(np.where(self.codes == NO_SECTOR, np.nan, change))

    def by_sector(self, values: Matrix) -> Matrix:
        """Return decisions x sectors: the weighted mean over a sector's units, added in name order.

        Args:
            values: decisions x units, or decisions x units x features; a NaN unit has no part.
        """
        wide = values if values.ndim == 3 else values[:, :, None]
        usable = ~np.isnan(wide[:, :, 0]) & (self.codes != NO_SECTOR) & (self.weight > 0.0)
        n_dates, n_sectors = len(wide), len(self.sectors)
        row, unit = np.nonzero(usable)
        cell = row * n_sectors + self.codes[row, unit]
        weights = self.weight[row, unit]
        total = np.bincount(cell, weights, minlength=n_dates * n_sectors)
        parts = [
            np.bincount(cell, weights * wide[row, unit, place], minlength=n_dates * n_sectors)
            for place in range(wide.shape[2])
        ]
        means = np.stack(
            [
                np.where(total > 0.0, part / np.where(total > 0.0, total, 1.0), np.nan)
                for part in parts
            ],
            axis=-1,
        ).reshape(n_dates, n_sectors, wide.shape[2])
        return means if values.ndim == 3 else means[:, :, 0]


def unit_sets(panels: MarketPanels, rows: NDArray[np.int64]) -> tuple[Units, ...]:
    """Return the sectors' own series, and the members where enough are priced to compare.

    Args:
        panels: columns in any order; sectors and symbols are taken in id order.
        rows: ascending session numbers of the sectors' closes.
    """
    sectors = sorted(panels.universe.sector_ids)
    bars = Bars(carried_closes(panels.sectors, sectors), MONTH_SESSIONS, WEEK_SESSIONS)
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    own = series_units(bars, index[rows], tuple(sectors), rows)
    return (own, _members(panels, rows)) if has_members(panels) else (own,)


def has_members(panels: MarketPanels) -> bool:
    """Tell whether enough members of sectors are priced to be compared."""
    if panels.stocks is None or panels.members is None:
        return False
    priced = set(panels.stocks.closes.columns) & set(panels.members.rows["symbol"])
    return len(priced) >= LEAST_MEMBERS_A_SECTOR * LEAST_SECTORS


def series_units(
    bars: Bars, dates: pd.DatetimeIndex, names: tuple[str, ...], rows: NDArray[np.int64]
) -> Units:
    """Return units that are the sectors themselves, each its own sector's whole."""
    features = unit_features(bars, rows)
    x = _ranked(features)
    codes = np.broadcast_to(np.arange(len(names)), x.shape[:2]).copy()
    weight = np.ones(x.shape[:2])
    ids = tuple(sorted(features))
    return Units("sectors", dates, names, names, ids, x, codes, weight, bars.closes, rows)


def carried_closes(prices: PricePanel, names: list[str]) -> Matrix:
    """Return these closes, gaps of at most five sessions filled by the last."""
    return matrix(prices.closes.reindex(columns=names).ffill(limit=CARRY_SESSIONS))


def ranks(values: Matrix) -> Matrix:
    """Return each row's ranks over its known cells as (rank - 1/2) / n - 1/2, ties by mean rank."""
    flat = values.reshape(-1, values.shape[-1])
    placed = pd.DataFrame(flat).rank(axis=1).to_numpy()
    counts = (~np.isnan(flat)).sum(axis=1, keepdims=True)
    result: Matrix = ((placed - 0.5) / np.maximum(counts, 1) - 0.5).reshape(values.shape)
    return result


def _ranked(features: dict[str, Matrix]) -> Matrix:
    return np.stack([ranks(features[name]) for name in sorted(features)], axis=-1)


def _members(panels: MarketPanels, rows: NDArray[np.int64]) -> Units:
    stocks, universe = panels.stocks, panels.universe
    if stocks is None or panels.members is None:
        raise ValueError(f"{universe.id}: no members to learn on")
    sectors = sorted(universe.sector_ids)
    symbols = sorted(set(stocks.closes.columns) & set(panels.members.rows["symbol"]))
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    aligned = stocks.only(symbols)
    closes = matrix(aligned.closes.reindex(index).ffill(limit=CARRY_SESSIONS))
    values = matrix(aligned.values.reindex(index))
    listed = ~np.isnan(closes)
    belongs = membership(panels, index, symbols, sectors).codes
    bars = Bars(
        closes,
        MONTH_SESSIONS,
        WEEK_SESSIONS,
        values=np.where(listed & np.isnan(values), 0.0, np.where(listed, values, np.nan)),
        nets=_nets(panels, index, symbols),
        inside=belongs != NO_SECTOR,
    )
    features = unit_features(bars, rows)
    codes = belongs[rows]
    own = unit_features(
        Bars(carried_closes(panels.sectors, sectors), MONTH_SESSIONS, WEEK_SESSIONS), rows
    )
    place = np.maximum(codes, 0)
    for name in SECTOR_FEATURES:
        of_sector = np.take_along_axis(own[name], place, axis=1)
        features[f"sector_{name}"] = np.where(codes == NO_SECTOR, np.nan, of_sector)
    outside = (codes == NO_SECTOR) | ~listed[rows]
    features = {name: np.where(outside, np.nan, cells) for name, cells in features.items()}
    x = _ranked(features)
    begin = max(int(rows[0]) - LIQUIDITY_SESSIONS + 1, 0) if len(rows) else 0
    liquid = known_sum(values[begin:], LIQUIDITY_SESSIONS, LEAST_LIQUID)[rows - begin]
    weight = np.where(outside, 0.0, np.nan_to_num(liquid))
    names = tuple(sorted(features))
    return Units(
        "members", index[rows], tuple(symbols), tuple(sectors), names, x, codes, weight,
        bars.closes, rows,
    )  # fmt: skip


def _nets(panels: MarketPanels, index: pd.DatetimeIndex, symbols: list[str]) -> Matrix | None:
    """Return net foreign buying, NaN where the statistic tells none."""
    flows = panels.flows
    if flows is None:
        return None
    buys, sells = (
        matrix(frame.reindex(index=index, columns=symbols)) for frame in (flows.buys, flows.sells)
    )
    return buys - sells
