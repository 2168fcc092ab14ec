"""Aligned histories the core computes on, each able to forget the future: `until(as_of)`.

All frames are indexed by ascending, unique, tz-naive dates (`DatetimeIndex`, normalised unless
intraday) with one float64 column a symbol or sector; NaN means "no value known", never zero.
Tables are long frames whose rows carry `period` and `known_at`.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd

from core.records.universe import Universe


def _checked(frame: pd.DataFrame, name: str) -> None:
    index = frame.index
    if not isinstance(index, pd.DatetimeIndex):
        raise TypeError(f"{name}: the index must be dates, got {type(index).__name__}")
    if not (index.is_monotonic_increasing and index.is_unique):
        raise ValueError(f"{name}: dates must be ascending and unique")
    if np.isinf(frame.to_numpy(dtype=np.float64)).any():
        raise ValueError(f"{name}: values must be finite or NaN")


def _until(frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    stop = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    return frame.loc[: stop - pd.Timedelta(1, unit="us")]


@dataclass(frozen=True, slots=True)
class PricePanel:
    """Daily (or intraday) series, dates x symbols.

    closes: adjusted for dividends and splits where the data allow, else as published.
    volumes: shares. values: traded money, billions of the currency, put-through excluded.
    put_throughs: negotiated value, same unit; all-NaN where the market has none.
    """

    closes: pd.DataFrame
    volumes: pd.DataFrame
    values: pd.DataFrame
    put_throughs: pd.DataFrame

    def __post_init__(self) -> None:
        for field in fields(self):
            frame = getattr(self, field.name)
            _checked(frame, field.name)
            if not (
                frame.index.equals(self.closes.index) and frame.columns.equals(self.closes.columns)
            ):
                raise ValueError(f"{field.name}: must be aligned with closes")
        if (self.closes.to_numpy() <= 0).any():
            raise ValueError("closes: prices must be positive")

    def until(self, as_of: date) -> "PricePanel":
        """Return the rows dated as_of or earlier."""
        return _part(self, lambda frame: _until(frame, as_of))

    def since(self, first: pd.Timestamp) -> "PricePanel":
        """Return the rows dated `first` or later."""
        return _part(self, lambda frame: frame.loc[first:])

    def only(self, symbols: list[str]) -> "PricePanel":
        """Return these columns, in this order; unknown symbols become NaN columns."""
        return PricePanel(*(getattr(self, f.name).reindex(columns=symbols) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class FlowPanel:
    """Buys and sells of an investor group by stock, dates x symbols, billions of the currency.

    traded: matched + put-through of all investors, the denominator of intensity.
    room_full: 1.0 where the foreign room is used up, 0.0 where not, NaN unknown.
    proprietary_net: net value of securities firms' own desks, NaN before it was published.
    matched_net: net value without put-through; None where the source does not split it.
    """

    buys: pd.DataFrame
    sells: pd.DataFrame
    traded: pd.DataFrame
    room_full: pd.DataFrame
    proprietary_net: pd.DataFrame
    matched_net: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        for name, frame in self._frames().items():
            _checked(frame, name)
            if not (
                frame.index.equals(self.buys.index) and frame.columns.equals(self.buys.columns)
            ):
                raise ValueError(f"{name}: must be aligned with buys")

    def until(self, as_of: date) -> "FlowPanel":
        """Return the rows dated as_of or earlier."""
        return _part(self, lambda frame: _until(frame, as_of))

    def since(self, first: pd.Timestamp) -> "FlowPanel":
        """Return the rows dated `first` or later."""
        return _part(self, lambda frame: frame.loc[first:])

    def each(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> "FlowPanel":
        """Return the panel of the frames changed alike."""
        return FlowPanel(**{name: change(frame) for name, frame in self._frames().items()})

    def _frames(self) -> dict[str, pd.DataFrame]:
        frames = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: frame for name, frame in frames.items() if frame is not None}


Panel = TypeVar("Panel", PricePanel, FlowPanel)


def _part(panel: Panel, rows: Callable[[pd.DataFrame], pd.DataFrame]) -> Panel:
    """Return the panel of these rows; a part of what was checked needs no second check."""
    part = object.__new__(type(panel))
    for field in fields(panel):
        frame = getattr(panel, field.name)
        object.__setattr__(part, field.name, None if frame is None else rows(frame))
    return part


TABLE_COLUMNS: dict[str, tuple[str, ...]] = {
    "macro": ("series", "period", "known_at", "assumed", "value", "unit", "category"),
    "fundamentals": ("symbol", "period", "known_at", "assumed", "kind", "line", "value"),
    "positions": ("manager", "symbol", "period", "known_at", "assumed", "shares", "value_bn"),
    "members": ("symbol", "sector", "start", "end"),
    "weights": ("benchmark", "sector", "period", "known_at", "assumed", "weight", "source"),
    "series": ("series", "subject", "period", "known_at", "assumed", "value"),
}
"""Columns of each long table. macro.period is the reference period's end. fundamentals: kind is Q
or A, line a slug (revenue, net_profit, gross_profit, operating_income, eps, pe, roe, shares,
total_assets, total_equity, cfo, market_cap), money in billions of the currency, ratios as fractions
(pe as a multiple). members: end is NaT while still a member; several spells are several rows.
weights: fractions of one benchmark at one period sum to 1; source is who published them. series:
alternative data in whatever unit their maker chose; subject is a sector id or a member's symbol."""

OPTIONAL_COLUMNS: dict[str, tuple[str, ...]] = {"members": ("exchange", "name", "industry")}
"""Columns a table may have after its own, in this order; NaN (a name: empty) where the source tells
none. members.industry is a finer part of the sector, as the source names it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A long table of one kind, rows sorted by (known_at, period, then its keys)."""

    kind: str
    rows: pd.DataFrame

    def __post_init__(self) -> None:
        wanted = TABLE_COLUMNS[self.kind]
        told = tuple(self.rows.columns)
        extra = tuple(name for name in OPTIONAL_COLUMNS.get(self.kind, ()) if name in told)
        if told != wanted + extra:
            raise ValueError(f"{self.kind}: columns must be {wanted}, got {told}")

    def until(self, as_of: date) -> "Table":
        """Return the rows known at as_of; members keep spells begun by then, their ends hidden."""
        stamp = pd.Timestamp(as_of)
        if self.kind != "members":
            known = self.rows["known_at"]
            if known.is_monotonic_increasing:
                return Table(self.kind, self.rows.iloc[: known.searchsorted(stamp, side="right")])
            return Table(self.kind, self.rows[known <= stamp])
        rows = self.rows[self.rows["start"] <= stamp]
        return Table(self.kind, rows.assign(end=rows["end"].where(rows["end"] <= stamp)))


@dataclass(frozen=True, slots=True)
class MarketPanels:
    """All a universe knows; `None` means the data set is absent.

    `sectors` has one column a sector id, in the dividend treatment of the universe's default
    benchmark; `benchmark` one column a benchmark id, each in its own treatment. Both are NaN before
    a series is listed. `price_sectors` are the sectors without dividends, None where the data do
    not keep those apart or no benchmark asks. Stocks and flows have one column a symbol.
    """

    universe: Universe
    sectors: PricePanel
    benchmark: PricePanel
    stocks: PricePanel | None = None
    members: Table | None = None
    flows: FlowPanel | None = None
    fundamentals: Table | None = None
    macro: Table | None = None
    positions: Table | None = None
    price_sectors: PricePanel | None = None
    weights: Table | None = None
    series: Table | None = None

    def until(self, as_of: date) -> "MarketPanels":
        """Return only what was known at the close of as_of; a table is None until its first row.

        A stock's column stands before its first row too, all NaN: whoever counts columns counts
        what is not known yet.
        """
        known = {
            field.name: getattr(self, field.name).until(as_of)
            for field in fields(self)
            if field.name != "universe" and getattr(self, field.name) is not None
        }
        absent = {
            name: None
            for name, part in known.items()
            if isinstance(part, Table) and part.rows.empty
        }
        return replace(self, **(known | absent))

    def since(self, first: pd.Timestamp) -> "MarketPanels":
        """Return the panels from `first` on; tables stay whole."""
        later = {
            field.name: getattr(self, field.name).since(first)
            for field in fields(self)
            if isinstance(getattr(self, field.name), PricePanel | FlowPanel)
        }
        return replace(self, **later)

    @property
    def last(self) -> date:
        """The last session's date."""
        stamp: pd.Timestamp = self.sectors.closes.index[-1]
        return stamp.date()
