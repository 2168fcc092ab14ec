from pathlib import Path

import pytest
from pydantic import SecretStr

from app.files.universes import load_universes
from app.settings import Settings
from app.upstreams import UPSTREAMS, upstream_of
from core.records.request import Request
from core.request import parse_request
from tools.upstream.published import published

UNIVERSES = load_universes()
REAL = [name for name, universe in UNIVERSES.items() if not universe.synthetic]


def asked(text: str) -> Request:
    return parse_request(text, tuple(UNIVERSES.values()), default_universe="us", previous=None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        sec_identity="Jane Doe jane@example.com",
        ssi_id=SecretStr("i" * 32),
        ssi_secret=SecretStr("s" * 32),
    )


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("source", ["yahoo", "ssi"])
def test_every_universe_has_a_source_that_knows_its_sectors_and_benchmark(
    settings: Settings, name: str, source: str
) -> None:
    universe = UNIVERSES[name]
    if (universe.currency == "VND") != (source == "ssi"):
        return
    subjects = upstream_of(settings, source).subjects(universe, "prices", ())
    sectors = [] if universe.built_from_members else [s.ticker for s in universe.sectors]
    assert all(subjects[ticker] for ticker in sectors)
    if universe.benchmark.ticker:
        assert subjects[universe.benchmark.ticker]


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("source", sorted(UPSTREAMS))
def test_no_source_is_asked_for_a_name_of_another_market(
    settings: Settings, name: str, source: str
) -> None:
    universe, upstream = UNIVERSES[name], upstream_of(settings, source)
    told = {
        subject
        for dataset in upstream.datasets
        for subject in upstream.subjects(universe, dataset, ("AAA",))
    }
    own = {s.ticker for s in universe.sectors} | {m.ticker for m in universe.benchmarks} | {"AAA"}
    published_ids = set(published().fred.get(name, ())) | {
        item.series for item in published().indicators
    }
    assert told <= own | published_ids | set(settings.sec_managers)


def test_a_universe_of_macro_series_is_one_that_exists() -> None:
    assert set(published().fred) | set(published().economies) <= set(UNIVERSES)


@pytest.mark.parametrize(
    ("text", "universes"),
    [
        ("Which sectors lead in Europe?", ("europe",)),
        ("Which sectors lead worldwide?", ("world",)),
        ("Which sectors lead in developed markets?", ("world_spdr",)),
        ("Luân chuyển ngành ở các nước phát triển?", ("world_spdr",)),
        ("Ngành nào dẫn dắt toàn cầu?", ("world",)),
        ("Compare the world with developed markets", ("world", "world_spdr")),
        ("MSCI World sector rotation", ("world_spdr",)),
        ("WTEC.L this month?", ("world_spdr",)),
        ("IXN this month?", ("world",)),
        ("SPYK.DE this month?", ("europe",)),
        ("Is wind power doing well in the US?", ("us",)),
    ],
)
def test_each_market_is_found_by_its_own_words(text: str, universes: tuple[str, ...]) -> None:
    assert asked(text).universes == universes
