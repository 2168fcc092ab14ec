"""Makes the synthetic market in the stored schemas; same seed and universe, same rows.

The planted answer: `PLANTED_LEADERS` lead at the end, with foreigners and managers buying them.
Financials follow technology and materials follow industrials by ten sessions; drifts persist for
two months; styles take turns with the regimes.
"""

import hashlib

import numpy as np
import pandas as pd

from core.records.result import Dataset
from core.records.universe import Universe
from tools.sources.demo_market import PLANTED_LEADERS, DemoMarket, demo_market
from tools.sources.demo_reports import macro_rows, position_rows, statement_rows
from tools.storage.partition import Lot
from tools.storage.schema import EARLIEST, MATCHED, SCHEMAS
from tools.storage.store import Store

__all__ = ["PLANTED_LEADERS", "SEED", "demo_frames", "ensure_demo"]

SEED = 1
ORIGIN = "synthetic"
"""How the origin of a drawn partition begins; a file a user imports is named by its own name."""

EDITION = 3
"""Raised with any change of what is drawn, so that a stored market is drawn again."""

INDUSTRIES = ("producers", "services")
"""The finer parts of every sector, its stocks in turn."""


def demo_frames(universe: Universe, *, seed: int = SEED) -> dict[Dataset, pd.DataFrame]:
    """Return every data set of one synthetic market, in the store's schemas.

    Args:
        universe: its sectors become the market's, four to six stocks each.
        seed: of numpy's PCG64.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    market = demo_market(universe, random)
    return {
        "prices": _price_rows(market, random),
        "flows": _flow_rows(market),
        "members": _member_rows(market, universe),
        "fundamentals": statement_rows(market, random),
        "macro": macro_rows(market, random),
        "positions": position_rows(market, universe, random),
    }


def ensure_demo(store: Store, universe: Universe) -> None:
    """Store the market unless this very one is stored; another edition of it is replaced.

    What a user imported beside it stays.

    Raises:
        ValueError: the universe is not synthetic; a real one is never filled with drawn numbers.
    """
    if not universe.synthetic:
        raise ValueError(f"{universe.id} is a real market; only synthetic ones are drawn")
    tickers = ",".join(f"{sector.id}:{sector.ticker}" for sector in universe.sectors)
    edition = hashlib.sha256(f"demo {EDITION} {SEED} {tickers}".encode()).hexdigest()
    drawn = [part for part in store.partitions(universe.id) if part.origin.startswith(ORIGIN)]
    wanted = {"prices", "flows", "members", "fundamentals", "macro", "positions"}
    if any(part.input_sha256 != edition for part in drawn):
        store.remove(universe.id, drawn)
    elif {part.dataset for part in drawn} == wanted:
        return
    for dataset, rows in demo_frames(universe).items():
        lot = Lot(
            dataset=dataset,
            origin=f"{ORIGIN} seed {SEED}",
            input_sha256=edition,
            recipe_sha256=edition,
        )
        store.write(universe.id, rows, lot)


def _long(
    market: DemoMarket, columns: dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]]
) -> pd.DataFrame:
    n_sessions, n_stocks = market.closes.shape
    periods = np.tile(market.sessions.to_numpy(), n_stocks)
    return pd.DataFrame(
        {
            "symbol": np.repeat(np.array(market.symbols, dtype=object), n_sessions),
            "period": periods,
            "known_at": periods,
            **{name: values.T.reshape(-1) for name, values in columns.items()},
        }
    )


def _price_rows(market: DemoMarket, random: np.random.Generator) -> pd.DataFrame:
    closes = market.closes
    opens = np.round(closes * np.exp(random.normal(0.0, 0.003, closes.shape)), 4)
    reach = np.abs(random.normal(0.0, 0.006, (2, *closes.shape)))
    rows = _long(
        market,
        {
            "open": opens,
            "high": np.round(np.maximum(opens, closes) * (1.0 + reach[0]), 4),
            "low": np.round(np.minimum(opens, closes) * (1.0 - reach[1]), 4),
            "close": closes,
            "adj_close": np.full(closes.shape, np.nan),
            "volume": market.volumes,
            "value_bn": market.values_bn,
            "put_through_bn": market.put_throughs_bn,
            "dividend": market.dividends,
            "split": market.splits,
        },
    )
    return rows[[*SCHEMAS["prices"].columns]]


def _flow_rows(market: DemoMarket) -> pd.DataFrame:
    foreign = _long(
        market,
        {
            "buy_bn": market.foreign_buys_bn,
            "sell_bn": market.foreign_sells_bn,
            "own_pct": market.own_pct,
        },
    ).assign(investor="foreign")
    traded = market.values_bn + market.put_throughs_bn
    matched_share = np.divide(market.values_bn, traded, out=np.ones_like(traded), where=traded > 0)
    matched = _long(
        market,
        {
            "buy_bn": market.foreign_buys_bn * matched_share,
            "sell_bn": market.foreign_sells_bn * matched_share,
            "own_pct": np.full(traded.shape, np.nan),
        },
    ).assign(investor=MATCHED)
    nets = market.desk_nets_bn
    desks = _long(
        market,
        {
            "buy_bn": np.clip(nets, 0.0, None),
            "sell_bn": np.clip(-nets, 0.0, None),
            "own_pct": np.full(nets.shape, np.nan),
        },
    ).assign(investor="proprietary")
    return pd.concat([foreign, matched, desks], ignore_index=True)[[*SCHEMAS["flows"].columns]]


def _member_rows(market: DemoMarket, universe: Universe) -> pd.DataFrame:
    sectors = [universe.sectors[place] for place in market.sector_of]
    names = [
        f"{sector.name_en} {symbol.removeprefix(sector.ticker)} (demo)"
        for sector, symbol in zip(sectors, market.symbols, strict=True)
    ]
    industries = [
        f"{sector.name_en} {INDUSTRIES[place % len(INDUSTRIES)]} (demo)"
        for place, sector in enumerate(sectors)
    ]
    rows = pd.DataFrame(
        {
            "symbol": list(market.symbols),
            "sector": [sector.id for sector in sectors],
            "name": names,
            "exchange": "DEMO",
            "industry": industries,
            "start": EARLIEST.as_unit("us"),
            "end": pd.Series(np.datetime64("NaT", "us"), range(len(sectors))),
        }
    )
    return rows[[*SCHEMAS["members"].columns]]
