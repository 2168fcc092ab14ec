"""The universes shipped with the package."""

import csv
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.language.words.fold import phrase_key
from core.markets.universe import parse_universe
from core.records.universe import Move, Universe

NAMES = ("demo", "europe", "us", "vn", "vn_hose", "world", "world_spdr")


def shipped(name: str) -> Universe:
    return parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_universe_file_parses_under_its_own_name(name: str) -> None:
    universe = shipped(name)

    assert universe.id == name
    assert universe.synthetic == (name == "demo")
    assert universe.horizons == ("1W", "1M", "3M")


@pytest.mark.parametrize("name", NAMES)
def test_no_sector_repeats_a_ticker_or_one_of_its_own_names(name: str) -> None:
    universe = shipped(name)
    tickers = [sector.ticker for sector in universe.sectors]

    assert len(set(tickers)) == len(tickers)
    for sector in universe.sectors:
        said = [phrase_key(alias) for alias in sector.aliases]
        assert len(set(said)) == len(said), sector.id
        assert all(said), sector.id


@pytest.mark.parametrize("name", NAMES)
def test_every_sector_has_a_name_in_both_languages(name: str) -> None:
    for sector in shipped(name).sectors:
        assert sector.name_en.strip()
        assert sector.name_vi.strip()


def test_two_universes_share_no_region_name() -> None:
    said: dict[tuple[str, ...], str] = {}
    for name in NAMES:
        for key in {phrase_key(region) for region in shipped(name).regions}:
            assert said.setdefault(key, name) == name


def test_late_us_sectors_have_their_listing_dates() -> None:
    late = {s.id: s.listed_from for s in shipped("us").sectors if s.listed_from}

    assert late == {
        "real_estate": date(2015, 10, 8),
        "communication_services": date(2018, 6, 19),
    }


@pytest.mark.parametrize(
    ("name", "suffix", "first"),
    [("europe", ".DE", date(2014, 12, 5)), ("world_spdr", ".L", date(2016, 4, 29))],
)
def test_european_listings_carry_their_exchange_and_the_day_their_funds_began(
    name: str, suffix: str, first: date
) -> None:
    universe = shipped(name)
    tickers = [sector.ticker for sector in universe.sectors]
    tickers += [mark.ticker for mark in universe.benchmarks if mark.ticker]

    assert all(ticker.endswith(suffix) for ticker in tickers)
    assert {sector.listed_from for sector in universe.sectors} == {first}
    assert len(universe.sectors) == 10


def test_the_two_worlds_share_a_taxonomy_and_no_fund() -> None:
    ishares, spdr = shipped("world"), shipped("world_spdr")

    assert ishares.sector_ids == spdr.sector_ids
    assert ishares.taxonomy == spdr.taxonomy
    assert not {s.ticker for s in ishares.sectors} & {s.ticker for s in spdr.sectors}
    assert not {m.ticker for m in ishares.benchmarks} & {m.ticker for m in spdr.benchmarks} - {None}


def test_us_reclassifications_are_dated_and_name_known_sectors() -> None:
    universe = shipped("us")

    assert [row.effective for row in universe.reclassifications] == [
        date(2016, 9, 19),
        date(2018, 9, 24),
        date(2023, 3, 17),
    ]
    for row in universe.reclassifications:
        assert set(row.sectors) <= set(universe.sector_ids)


def test_funds_and_their_benchmark_have_the_same_dividend_treatment() -> None:
    for name in ("us", "world", "world_spdr", "europe"):
        assert shipped(name).benchmark.treatment == "total_return"
    assert shipped("vn_hose").benchmark.treatment == "price"


def test_vietnam_is_measured_against_its_own_basket_first() -> None:
    universe = shipped("vn")

    assert universe.benchmark.id == "vn_basket"
    assert universe.benchmark.ticker is None
    assert [(row.id, row.kind) for row in universe.benchmarks] == [
        ("vn_basket", "basket"),
        ("vnindex", "series"),
        ("vn30", "series"),
        ("equal_weight", "equal_weight"),
        ("ex_vingroup", "ex_group"),
        ("constant", "constant"),
    ]
    assert universe.built_from_members
    assert universe.foreign_flow


@pytest.mark.parametrize("name", NAMES)
def test_every_universe_has_an_equal_weight_and_an_absolute_view_of_its_own_treatment(
    name: str,
) -> None:
    universe = shipped(name)
    of_kind = {row.kind: row.treatment for row in universe.benchmarks if row.ticker is None}

    assert of_kind["equal_weight"] == of_kind["constant"] == universe.benchmark.treatment
    assert len({row.id for row in universe.benchmarks}) == len(universe.benchmarks)


def test_vietnam_has_the_nineteen_icb_sectors_and_financials_roll_up() -> None:
    universe = shipped("vn")
    financials = [row.id for row in universe.sectors if "financials" in row.rollups]

    assert len(universe.sectors) == 19
    assert all(row.ticker == f"ICB{row.code}" for row in universe.sectors)
    assert financials == ["banks", "insurance", "financial_services"]


def test_icb_and_gics_sectors_of_vietnam_are_never_of_one_taxonomy() -> None:
    assert shipped("vn").taxonomy != shipped("vn_hose").taxonomy


def test_a_move_between_unknown_sectors_is_refused() -> None:
    universe = shipped("us")
    stray = Move(symbols=("V",), was="technology", is_now="payments")
    change = universe.reclassifications[-1].model_copy(update={"moves": (stray,)})
    fields = universe.model_dump() | {"reclassifications": (change,)}
    with pytest.raises(ValidationError, match="payments"):
        Universe.model_validate(fields)


@pytest.mark.parametrize("told", [{}, {"symbols": ("V",), "all_of": True}])
def test_a_move_names_symbols_or_all_of_a_sector(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="name symbols, or say all_of"):
        Move.model_validate({"was": "technology", "is_now": "financials", **told})


def test_only_markets_with_a_foreign_flow_statistic_say_so() -> None:
    assert {name for name in NAMES if shipped(name).foreign_flow} == {"demo", "vn"}


@pytest.mark.real_data
def test_vietnamese_names_are_those_of_the_published_map(shared_data: Path) -> None:
    with (shared_data / "D_vn_icb_map.csv").open(encoding="utf-8") as rows:
        published = {
            (row["icb2_code"], row["icb2_name_vi"], row["icb2_name_en"])
            for row in csv.DictReader(rows)
            if row["icb2_code"]
        }

    assert {(s.code, s.name_vi, s.name_en) for s in shipped("vn").sectors} == published
