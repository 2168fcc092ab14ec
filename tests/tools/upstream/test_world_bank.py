from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd
import pytest

from app.files.universes import load_universes
from core.records.universe import Universe
from tests.servers.world_bank import WorldBankServer
from tools.sources.lags import declared_lags
from tools.upstream.errors import EmptyAnswerError, UnavailableError, UnknownSymbolError
from tools.upstream.http import Clock, Http
from tools.upstream.protocol import Fetched
from tools.upstream.published import published
from tools.upstream.wire import Manners
from tools.upstream.world_bank import WorldBankUpstream

GROWTH = "NY.GDP.MKTP.KD.ZG"

Fetch = Callable[..., Fetched]


@pytest.fixture
def bank() -> Iterator[WorldBankServer]:
    growth: dict[int, float | None] = {year: float(year - 2000) for year in range(2010, 2024)}
    server = WorldBankServer(
        {("USA", GROWTH): growth | {2024: None}, ("USA", "FP.CPI.TOTL.ZG"): {2020: None}}
    )
    with server.serving():
        yield server


@pytest.fixture
def fetch(bank: WorldBankServer, us: Universe, quick: Manners) -> Fetch:
    http = Http("World Bank", bank.base_url, manners=quick, clock=Clock(sleep=lambda seconds: None))

    def one(series: str) -> Fetched:
        (answer,) = WorldBankUpstream(http).fetch(
            us,
            "macro",
            symbols=(series,),
            since=date(1900, 1, 1),
            until=date(2024, 6, 28),
            tell=lambda what: None,
        )
        return answer

    return one


def test_all_pages_are_read_and_years_end_in_december(fetch: Fetch, bank: WorldBankServer) -> None:
    rows = fetch("WB_GDP_GROWTH").rows
    assert rows["value"].tolist() == [float(year - 2000) for year in range(2010, 2024)]
    assert rows["period"].iloc[-1] == pd.Timestamp("2023-12-31")
    assert rows["assumed"].all()
    assert len(bank.requests) == 5


def test_a_refusal_a_silence_and_a_web_page_are_told_apart(
    fetch: Fetch, bank: WorldBankServer
) -> None:
    assert isinstance(fetch("WB_UNEMPLOYMENT").problem, UnknownSymbolError)
    assert isinstance(fetch("WB_CPI_INFLATION").problem, EmptyAnswerError)
    bank.faults = ["html"] * 9
    with pytest.raises(UnavailableError, match="web page"):
        fetch("WB_GDP_GROWTH")


def test_every_published_series_has_a_declared_lag_and_every_universe_exists() -> None:
    table, lags, universes = published(), declared_lags().series, load_universes()
    series = {name for names in table.fred.values() for name in names} | set(table.market_rates)
    series |= {item.series for item in table.indicators}
    assert series <= set(lags)
    assert set(table.fred) | set(table.economies) <= set(universes)
