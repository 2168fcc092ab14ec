"""A market small enough to check by hand: two sectors, five stocks, business days of 2023-24."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.markets.basket import sector_baskets
from core.panel import FlowPanel, MarketPanels, PricePanel, Table
from core.records.universe import Benchmark, Sector, Universe
from tools.context import ToolContext
from tools.storage.models import ModelStore
from tools.storage.store import Store

SYMBOLS = ["B1", "B2", "B3", "T1", "T2"]
SECTOR_OF = {"B1": "banks", "B2": "banks", "B3": "banks", "T1": "technology", "T2": "technology"}
N_SESSIONS = 300
TODAY = date(2030, 1, 2)


@pytest.fixture(scope="session")
def tiny_universe() -> Universe:
    return Universe(
        id="tiny",
        regions=("TN", "Việt Tí"),
        name_en="Tinyland",
        name_vi="Xứ Tí",
        taxonomy="icb2",
        currency="VND",
        money_unit="bn",
        timezone="UTC",
        close_time="15:00",
        built_from_members=True,
        min_members=3,
        foreign_flow=True,
        sectors=(
            Sector(
                id="banks",
                ticker="BNK",
                code="8300",
                name_en="Banks",
                name_vi="Ngân hàng",
                rollups=("financials",),
            ),
            Sector(
                id="technology",
                ticker="TEC",
                name_en="Technology",
                name_vi="Công nghệ",
                aliases=("tech",),
            ),
        ),
        benchmarks=(
            Benchmark(id="all", name_en="all", name_vi="tất cả", treatment="total_return"),
        ),
    )


@pytest.fixture(scope="session")
def tiny_panels(tiny_universe: Universe) -> MarketPanels:
    """Prices rise 1 % a session in banks, stand still in technology; every stock trades 10 bn."""
    index = pd.bdate_range("2023-01-02", periods=N_SESSIONS).as_unit("us")
    grow = np.where([SECTOR_OF[name] == "banks" for name in SYMBOLS], 1.01, 1.0)
    closes = pd.DataFrame(100.0 * grow ** np.arange(N_SESSIONS)[:, None], index, SYMBOLS)
    flat = pd.DataFrame(1.0, index, SYMBOLS)
    stocks = PricePanel(closes, 1000.0 * flat, 10.0 * flat, 0.0 * flat)
    members = Table(
        "members",
        pd.DataFrame(
            {
                "symbol": SYMBOLS,
                "sector": [SECTOR_OF[name] for name in SYMBOLS],
                "start": pd.Timestamp("1900-01-01"),
                "end": pd.Series([pd.NaT] * 5, dtype="datetime64[us]"),
            }
        ),
    )
    baskets = sector_baskets(stocks, members, tiny_universe)
    return MarketPanels(
        universe=tiny_universe,
        sectors=baskets.sectors,
        benchmark=baskets.benchmark,
        stocks=stocks,
        members=members,
        flows=FlowPanel(2.0 * flat, flat, 10.0 * flat, 0.0 * flat, np.nan * flat),
    )


@pytest.fixture
def context_of(tmp_path: Path) -> Callable[[MarketPanels], ToolContext]:
    """Return a context whose only universe holds the panels; its store and models are empty."""

    def build(panels: MarketPanels) -> ToolContext:
        context = ToolContext(
            store=Store(tmp_path / "store"),
            universes={panels.universe.id: panels.universe},
            models=ModelStore(tmp_path / "models"),
            default_universe=panels.universe.id,
        )
        return replace(context, today=lambda: TODAY, load=lambda store, universe: panels)

    return build
