"""Decides how stored rows become the aligned panels the core computes on.

All frames share one calendar: the sessions of the default benchmark, or of the member stocks where
the universe is built from them. Nothing is carried forward; a day without a row is NaN.
"""

from collections.abc import Mapping as Lookup
from datetime import date

import pandas as pd

from core.errors import DataError, EmptyStoreError
from core.markets.basket import sector_baskets
from core.panel import OPTIONAL_COLUMNS, TABLE_COLUMNS, FlowPanel, MarketPanels, PricePanel, Table
from core.records.result import Dataset
from core.records.universe import Treatment, Universe
from tools.storage.adjustment import price_closes
from tools.storage.benchmarks import Side, benchmark_panel, own_closes, wants_price
from tools.storage.foreign_room import room_full
from tools.storage.schema import MATCHED, empty_frame
from tools.storage.store import Store
from tools.storage.wide import Spread, price_panel

Frames = Lookup[Dataset, pd.DataFrame]

PRICE_COLUMNS = (
    "symbol", "period", "close", "adj_close", "volume", "value_bn", "put_through_bn", "dividend",
    "split",
)  # fmt: skip
"""What panels need of the prices schema."""

SESSION_SHARE = 0.5
"""A date is a session of a member-built universe when at least this share of the stocks usual over
the 20 dates before have a row; HOSE stood still on 2018-01-23 while HNX traded."""
USUAL_DATES = 20


def market_panels(store: Store, universe: Universe) -> MarketPanels:
    """Return the universe's panels, built once until its rows change. Treat them as read-only.

    Prices and flows are the last known ones; `panels_known` has those of a past date.

    Raises:
        EmptyStoreError: no prices; the message names the command that brings them.
        DataError: the default benchmark or the members are missing, or a partition is damaged.
    """
    return store.remembered(
        universe.id,
        f"panels {universe.content_hash()}",
        lambda: panels_from_frames(universe, stored_frames(store, universe)),
    )


def panels_known(store: Store, universe: Universe, as_of: date) -> MarketPanels:
    """Return the panels of prices and flows known at the close of as_of, corrections undone.

    Raises:
        EmptyStoreError: no prices were known by then.
        DataError: the default benchmark or the members are missing, or a partition is damaged.
    """
    return panels_from_frames(universe, stored_frames(store, universe, as_of)).until(as_of)


def intraday_panels(store: Store, universe: Universe) -> MarketPanels:
    """Return panels of 15-minute bars; only sectors, benchmark and stocks are filled.

    Raises:
        EmptyStoreError: no intraday rows; the message names the command that brings them.
        DataError: the default benchmark or the members are missing.
    """
    bars = store.read(universe.id, "intraday", columns=PRICE_COLUMNS)
    if bars.empty:
        raise EmptyStoreError(
            f"No 15-minute bars for {universe.id} yet: run "
            f"`sectorwise import --universe {universe.id} --intraday FILE`."
        )
    return panels_from_frames(
        universe, {"prices": bars, "members": store.read(universe.id, "members")}
    )


def stored_frames(
    store: Store, universe: Universe, as_of: date | None = None
) -> dict[Dataset, pd.DataFrame]:
    """Return the columns panels need of every stored data set but intraday.

    Prices and flows have their names as categories; with a date they are those known then.
    """
    read = store.read
    tables: tuple[Dataset, ...] = (
        "fundamentals", "macro", "members", "positions", "weights", "series",
    )  # fmt: skip
    return {
        "prices": read(universe.id, "prices", columns=PRICE_COLUMNS, as_of=as_of, coded=True),
        "flows": read(universe.id, "flows", as_of=as_of, coded=True),
        **{name: read(universe.id, name) for name in tables},
    }


def panels_from_frames(universe: Universe, frames: Frames) -> MarketPanels:
    """Return panels of frames in the stored schemas; absent data sets may be left out.

    A sector without its series is a NaN column. A benchmark other than the default one without its
    series is a NaN column too.

    Raises:
        EmptyStoreError: no price rows.
        DataError: the default benchmark or the members are missing.
    """
    prices = frames.get("prices", empty_frame("prices"))
    if prices.empty:
        raise EmptyStoreError(
            f"No prices for {universe.id} yet: run "
            f"`sectorwise import --universe {universe.id} --prices FILE`."
        )
    prices = _ordered(prices)
    series, stocks = _split(universe, prices)
    members = _table("members", frames)
    sides, stock_panel = (
        _from_members(universe, stocks, members)
        if universe.built_from_members
        else _from_series(universe, series, stocks)
    )
    own = universe.benchmark.treatment
    sectors = sides[own].sectors
    sessions = pd.DatetimeIndex(sectors.closes.index)
    return MarketPanels(
        universe=universe,
        sectors=sectors,
        benchmark=benchmark_panel(universe, series, sessions, sides),
        stocks=stock_panel,
        members=members,
        flows=_flows(frames.get("flows"), stock_panel, sessions),
        fundamentals=_table("fundamentals", frames),
        macro=_table("macro", frames),
        positions=_table("positions", frames),
        price_sectors=sides["price"].sectors if own != "price" and "price" in sides else None,
        weights=_table("weights", frames),
        series=_table("series", frames),
    )


def _ordered(prices: pd.DataFrame) -> pd.DataFrame:
    """Return rows by symbol, then period; what the store returns already is."""
    codes, _ = pd.factorize(prices["symbol"])
    periods = prices["period"].to_numpy()
    later = (codes[1:] > codes[:-1]) | ((codes[1:] == codes[:-1]) & (periods[1:] > periods[:-1]))
    if later.all():
        return prices
    return prices.sort_values(["symbol", "period"], kind="stable", ignore_index=True)


def _split(universe: Universe, prices: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows of the universe's own series and rows of everything else."""
    tickers = [mark.ticker for mark in universe.benchmarks if mark.ticker]
    tickers += [sector.ticker for sector in universe.sectors]
    own = prices["symbol"].isin(tickers)
    return prices[own], prices[~own]


def _from_series(
    universe: Universe, series: pd.DataFrame, stocks: pd.DataFrame
) -> tuple[dict[Treatment, Side], PricePanel | None]:
    """Return the sectors on the default benchmark's sessions, and the other series beside them."""
    ticker = universe.benchmark.ticker
    names = {sector.ticker: sector.id for sector in universe.sectors}
    listed = series[series["symbol"].isin(list(names))]
    rows = listed if ticker is None else series[series["symbol"] == ticker]
    if rows.empty or listed.empty:
        absent = f"benchmark {ticker}" if rows.empty else "sector series"
        raise DataError(
            f"{universe.id}: the store holds no prices of the {absent}; run `sectorwise import "
            f"--universe {universe.id} --prices FILE` with a file that has "
            f"{ticker if rows.empty else ', '.join(list(names)[:3]) + ' …'}."
        )
    sessions = pd.DatetimeIndex(rows["period"].unique()).sort_values()
    sessions = sessions[sessions >= listed["period"].min()]
    own = own_closes(universe)
    sides = {universe.benchmark.treatment: Side(price_panel(listed, own, sessions, names))}
    if _allows_price(universe, listed):
        sides["price"] = Side(price_panel(listed, price_closes, sessions, names))
    return sides, None if stocks.empty else price_panel(stocks, own, sessions)


def _from_members(
    universe: Universe, stocks: pd.DataFrame, members: Table | None
) -> tuple[dict[Treatment, Side], PricePanel | None]:
    """Return the baskets of members on the sessions of the stocks, and all stocks."""
    if stocks.empty or members is None:
        option = "prices" if stocks.empty else "members"
        raise DataError(
            f"{universe.id}: its sectors are built from member stocks and the store holds no "
            f"{option} of them; run `sectorwise import --universe {universe.id} --{option} FILE`."
        )
    sessions = _stock_sessions(stocks)
    panel = price_panel(stocks, own_closes(universe), sessions)
    sides = {universe.benchmark.treatment: _built(panel, members, universe)}
    held = stocks[stocks["symbol"].isin(members.rows["symbol"].unique())]
    if _allows_price(universe, held):
        bare = price_panel(held, price_closes, sessions)
        sides["price"] = _built(bare, members, universe)
    return sides, panel


def _built(stocks: PricePanel, members: Table, universe: Universe) -> Side:
    baskets = sector_baskets(stocks, members, universe)
    return Side(baskets.sectors, baskets.benchmark)


def _allows_price(universe: Universe, rows: pd.DataFrame) -> bool:
    """Tell whether a benchmark needs sectors without dividends and the rows keep those apart."""
    return wants_price(universe) and not bool(rows["adj_close"].notna().any())


def _stock_sessions(stocks: pd.DataFrame) -> pd.DatetimeIndex:
    counts = stocks["period"].value_counts().sort_index()
    usual = counts.shift().rolling(USUAL_DATES, min_periods=1).median()
    kept = counts[~(counts < SESSION_SHARE * usual)]
    return pd.DatetimeIndex(kept.index)


def _flows(
    rows: pd.DataFrame | None, stocks: PricePanel | None, dates: pd.DatetimeIndex
) -> FlowPanel | None:
    """Return the foreign group's panel; symbols without prices are left out."""
    if rows is None or rows.empty or stocks is None:
        return None
    foreign = rows[rows["investor"] == "foreign"]
    known = set(stocks.closes.columns)
    symbols = sorted(set(foreign["symbol"].unique()) & known)
    if not symbols:
        return None
    spread = Spread(foreign["period"], foreign["symbol"], dates, symbols)
    own = rows[rows["investor"] == "proprietary"]
    desks = Spread(own["period"], own["symbol"], dates, symbols)
    part = rows[rows["investor"] == MATCHED]
    matched = Spread(part["period"], part["symbol"], dates, symbols)
    values = stocks.values.reindex(columns=symbols)
    through = stocks.put_throughs.reindex(columns=symbols)
    return FlowPanel(
        buys=spread.wide(foreign["buy_bn"], symbols),
        sells=spread.wide(foreign["sell_bn"], symbols),
        traded=values.fillna(0.0).add(through.fillna(0.0)).where(values.notna() | through.notna()),
        room_full=room_full(spread.wide(foreign["own_pct"], symbols)),
        proprietary_net=desks.wide(own["buy_bn"] - own["sell_bn"], symbols),
        matched_net=None if part.empty else matched.wide(part["buy_bn"] - part["sell_bn"], symbols),
    )


def _table(kind: Dataset, frames: Frames) -> Table | None:
    rows = frames.get(kind)
    if rows is None or rows.empty:
        return None
    told = [name for name in OPTIONAL_COLUMNS.get(kind, ()) if name in rows]
    columns = [*TABLE_COLUMNS[kind], *told]
    first = [name for name in ("known_at", "period") if name in columns]
    keys = [
        name for name in TABLE_COLUMNS[kind] if name not in (*first, "value", "assumed", "value_bn")
    ]
    ordered = rows[columns].sort_values([*first, *keys], kind="stable", ignore_index=True)
    return Table(kind, ordered)
