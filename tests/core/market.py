"""A small seeded market with every data set, gaps included, for tests of the core."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import TABLE_COLUMNS, FlowPanel, MarketPanels, PricePanel, Table
from core.records.universe import Benchmark, Sector, Universe

SECTORS = ("autos", "banks", "chemicals", "drugs", "energy", "fish")
MEMBERS_EACH = 3
HEDGES = ("GLD", "TLT")
LATE, SINGLE, ROOM_FULL = "fish", "energy", "drugs"
"""The sector listed late, the one with a single member, the one whose foreign room is full."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Spec:
    """What a market is drawn from."""

    n_sessions: int = 760
    seed: int = 7
    gap_share: float = 0.01


def universe(sectors: tuple[str, ...] = SECTORS) -> Universe:
    """Return a universe built from members, with foreign flow."""
    return Universe(
        id="toy",
        regions=("TOY",),
        name_en="Toy",
        name_vi="Đồ chơi",
        taxonomy="synthetic",
        currency="VND",
        money_unit="bn",
        timezone="Asia/Ho_Chi_Minh",
        close_time="15:00",
        built_from_members=True,
        min_members=2,
        foreign_flow=True,
        synthetic=True,
        sectors=tuple(
            Sector(id=name, ticker=name.upper(), name_en=name.title(), name_vi=name.title())
            for name in sectors
        ),
        benchmarks=(Benchmark(id="all", name_en="All", name_vi="Tất cả", treatment="price"),),
    )


def sessions(n_sessions: int) -> pd.DatetimeIndex:
    """Return weekdays without one whole week and a few single days."""
    days = pd.date_range("2019-01-02", periods=n_sessions + 12, freq="B", unit="us")
    keep = np.ones(len(days), dtype=bool)
    keep[[17, 43, 44, 98, 130, 131, 132]] = False
    keep[60:65] = False
    return pd.DatetimeIndex(days[keep])


def market(spec: Spec | None = None) -> MarketPanels:
    """Return the panels; equal specs give equal panels."""
    spec = spec or Spec()
    rng = np.random.default_rng(spec.seed)
    days = sessions(spec.n_sessions)
    symbols = [
        f"{name[:2].upper()}{place}"
        for name in SECTORS
        for place in range(1 if name == SINGLE else MEMBERS_EACH)
    ]
    stocks = _prices(rng, days, [*symbols, *HEDGES], spec.gap_share)
    sectors = _prices(rng, days, list(SECTORS), spec.gap_share)
    listed = len(days) // 3
    for frame in (sectors.closes, sectors.volumes, sectors.values, sectors.put_throughs):
        frame.iloc[:listed, SECTORS.index(LATE)] = np.nan
    return MarketPanels(
        universe=universe(),
        sectors=sectors,
        benchmark=_prices(rng, days, ["all"], 0.0),
        stocks=stocks,
        members=_members(days, symbols),
        flows=_flows(rng, stocks, symbols, spec.gap_share),
        fundamentals=_fundamentals(rng, days, symbols),
        macro=_macro(rng, days),
        positions=_positions(rng, days, symbols),
    )


def relabelled(panels: MarketPanels, order: tuple[str, ...]) -> MarketPanels:
    """Return the same market with sectors and symbols listed in another order."""
    stocks, flows = panels.stocks, panels.flows
    assert stocks is not None
    assert flows is not None
    return replace(
        panels,
        universe=universe(order),
        sectors=panels.sectors.only(list(order)),
        stocks=stocks.only(list(reversed(stocks.closes.columns))),
        flows=FlowPanel(
            *(
                getattr(flows, name).iloc[:, ::-1]
                for name in ("buys", "sells", "traded", "room_full", "proprietary_net")
            )
        ),
    )


def scaled(panels: MarketPanels, factors: dict[str, float]) -> MarketPanels:
    """Return the market with each sector's and stock's closes in another unit."""

    def rescaled(prices: PricePanel) -> PricePanel:
        units = [factors.get(str(name), 3.0) for name in prices.closes.columns]
        return replace(prices, closes=prices.closes * units)

    assert panels.stocks is not None
    return replace(panels, sectors=rescaled(panels.sectors), stocks=rescaled(panels.stocks))


def days_of(n_days: int, start: str = "2020-01-06") -> pd.DatetimeIndex:
    """Return that many weekdays from a Monday on."""
    return pd.DatetimeIndex(pd.date_range(start, periods=n_days, freq="B", unit="us"))


def framed(columns: Mapping[str, Sequence[float]], start: str = "2020-01-06") -> pd.DataFrame:
    """Return sessions x symbols of the given cells."""
    values = np.array(list(columns.values()), dtype=np.float64).T
    return _framed(values, days_of(len(values), start), list(columns))


def prices(closes: pd.DataFrame, **others: pd.DataFrame) -> PricePanel:
    """Return a price panel; what is not given is NaN."""
    absent = closes * np.nan
    return PricePanel(
        closes=closes,
        volumes=others.get("volumes", absent),
        values=others.get("values", absent),
        put_throughs=others.get("put_throughs", absent),
    )


def members_table(sector_of: Mapping[str, str], start: str = "2000-01-01") -> Table:
    """Return members since `start`, none ended."""
    frame = pd.DataFrame(
        {
            "symbol": list(sector_of),
            "sector": list(sector_of.values()),
            "start": pd.Timestamp(start),
            "end": pd.Series(pd.NaT, index=range(len(sector_of))).astype("datetime64[us]"),
        }
    )
    return Table("members", frame)


def known(kind: str, rows: Sequence[tuple[object, ...]]) -> Table:
    """Return a table of releases from rows in the order of its columns."""
    return _known(kind, list(rows), list(TABLE_COLUMNS[kind]))


def small(sectors: PricePanel, **parts: object) -> MarketPanels:
    """Return panels of the sectors' columns, with whatever else is given."""
    names = tuple(str(name) for name in sectors.closes.columns)
    whole = MarketPanels(
        universe=universe(names),
        sectors=sectors,
        benchmark=prices(sectors.closes.iloc[:, [0]].set_axis(["all"], axis=1)),
    )
    return replace(whole, **parts)  # type: ignore[arg-type]  # tests name the fields


def _holes(rng: np.random.Generator, shape: tuple[int, int], share: float) -> NDArray[np.bool_]:
    """Return single holes and, in every column, one run of eight."""
    holes = rng.random(shape) < share
    if share > 0.0:
        for column in range(shape[1]):
            start = int(rng.integers(0, shape[0] - 8))
            holes[start : start + 8, column] = True
    return holes


def _framed(values: Matrix, days: pd.DatetimeIndex, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(values, index=days, columns=pd.Index(names, dtype="str"))


def _prices(
    rng: np.random.Generator, days: pd.DatetimeIndex, names: list[str], gap_share: float
) -> PricePanel:
    shape = (len(days), len(names))
    market = rng.normal(0.0003, 0.008, (len(days), 1))
    closes = 50.0 * np.exp(np.cumsum(market + rng.normal(0.0, 0.012, shape), axis=0))
    volumes = np.round(np.exp(rng.normal(12.0, 0.7, shape)))
    put_throughs = np.where(rng.random(shape) < 0.1, closes * volumes * 2e-9, 0.0)
    holes = _holes(rng, shape, gap_share)
    cells = (closes, volumes, closes * volumes * 1e-9, put_throughs)
    return PricePanel(*(_framed(np.where(holes, np.nan, cell), days, names) for cell in cells))


def _members(days: pd.DatetimeIndex, symbols: list[str]) -> Table:
    prefixes = {name[:2].upper(): name for name in SECTORS}
    start, end = pd.Timestamp("2010-01-01"), pd.Series(pd.NaT, dtype="datetime64[us]")[0]
    rows = [(symbol, prefixes[symbol[:2]], start, end) for symbol in symbols]
    moved = days[len(days) // 2]
    rows[0] = ("AU0", "autos", start, moved)
    rows.append(("AU0", "banks", moved, end))
    frame = pd.DataFrame(rows, columns=["symbol", "sector", "start", "end"])
    frame["end"] = pd.to_datetime(frame["end"]).astype("datetime64[us]")
    return Table("members", frame.sort_values(["start", "symbol"], ignore_index=True))


def _flows(
    rng: np.random.Generator, stocks: PricePanel, symbols: list[str], gap_share: float
) -> FlowPanel:
    traded = (stocks.values + stocks.put_throughs)[symbols]
    days = pd.DatetimeIndex(traded.index)
    shape = traded.shape
    buys, sells = traded * rng.uniform(0, 0.3, shape), traded * rng.uniform(0, 0.3, shape)
    room = np.where(rng.random(shape) < 0.1, 1.0, 0.0)
    full = [column for column, name in enumerate(symbols) if name.startswith(ROOM_FULL[:2].upper())]
    room[len(days) // 2 :, full] = 1.0
    holes = _holes(rng, (shape[0], shape[1]), gap_share)
    return FlowPanel(
        buys=buys.mask(holes),
        sells=sells,
        traded=traded,
        room_full=_framed(np.where(holes, np.nan, room), days, symbols),
        proprietary_net=buys - sells,
    )


def _known(table: str, rows: list[tuple[object, ...]], columns: list[str]) -> Table:
    frame = pd.DataFrame(rows, columns=columns)
    for name in ("period", "known_at"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    keys = [name for name in columns if name not in ("known_at", "period", "value", "value_bn")]
    return Table(table, frame.sort_values(["known_at", "period", *keys], ignore_index=True))


def _fundamentals(rng: np.random.Generator, days: pd.DatetimeIndex, symbols: list[str]) -> Table:
    periods = pd.date_range(days[0] - pd.Timedelta(days=500), days[-1], freq="QE", unit="us")
    lines = {"revenue": 100.0, "net_profit": 9.0, "roe": 0.15, "pe": 14.0, "market_cap": 900.0}
    rows: list[tuple[object, ...]] = []
    for symbol in symbols:
        for period in periods:
            known = period + pd.Timedelta(days=int(rng.integers(18, 50)))
            for line, level in lines.items():
                value = level * float(np.exp(rng.normal(0.0, 0.3)))
                rows.append((symbol, period, known, False, "Q", line, value))
                if rng.random() < 0.1:
                    later = known + pd.Timedelta(days=40)
                    rows.append((symbol, period, later, False, "Q", line, value * 1.05))
        year = pd.Timestamp("2018-12-31")
        rows.append((symbol, year, year + pd.Timedelta(days=90), True, "A", "total_equity", 300.0))
    columns = ["symbol", "period", "known_at", "assumed", "kind", "line", "value"]
    return _known("fundamentals", rows, columns)


def _macro(rng: np.random.Generator, days: pd.DatetimeIndex) -> Table:
    periods = pd.date_range(days[0] - pd.Timedelta(days=2200), days[-1], freq="ME", unit="us")
    series = (
        ("gdp_growth", "economic_growth", "%", 5.0, 0.0),
        ("cpi", "inflation", "index", 100.0, 0.003),
        ("unrate", "employment", "%", 4.0, 0.0),
        ("umcsent", "consumer_sentiment", "index", 90.0, 0.0),
        ("usdvnd", "rates", "USD", 24000.0, 0.001),
    )
    rows: list[tuple[object, ...]] = []
    for name, category, unit, level, drift in series:
        for step, period in enumerate(periods):
            value = level * float(np.exp(drift * step + rng.normal(0.0, 0.02)))
            known = period + pd.Timedelta(days=int(rng.integers(3, 40)))
            rows.append((name, period, known, False, value, unit, category))
            if rng.random() < 0.1:
                later = known + pd.Timedelta(days=60)
                rows.append((name, period, later, False, value * 1.01, unit, category))
    columns = ["series", "period", "known_at", "assumed", "value", "unit", "category"]
    return _known("macro", rows, columns)


def _positions(rng: np.random.Generator, days: pd.DatetimeIndex, symbols: list[str]) -> Table:
    periods = pd.date_range(days[0] - pd.Timedelta(days=200), days[-1], freq="QE", unit="us")
    rows: list[tuple[object, ...]] = []
    for manager in ("North", "South"):
        for period in periods:
            known = period + pd.Timedelta(days=int(rng.integers(30, 46)))
            for symbol in symbols:
                if rng.random() < 0.7:
                    shares = float(rng.integers(1_000, 90_000))
                    rows.append((manager, symbol, period, known, False, shares, shares * 4e-8))
    columns = ["manager", "symbol", "period", "known_at", "assumed", "shares", "value_bn"]
    return _known("positions", rows, columns)
