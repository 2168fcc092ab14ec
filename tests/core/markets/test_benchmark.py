from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CallerError
from core.markets.benchmark import Measured, constant, equal_weighted, measured, named_benchmark
from core.panel import MarketPanels
from core.records.universe import Benchmark, Universe
from core.rotation.rrg import relative_rotation
from tests.core.market import framed, prices, small, universe

NAN = float("nan")


def mark(name: str, **fields: object) -> Benchmark:
    given = {"treatment": "total_return"} | fields
    return Benchmark.model_validate({"id": name, "name_en": name, "name_vi": name} | given)


def market_with(*marks: Benchmark) -> MarketPanels:
    closes = framed({"autos": [1.0, 2.0, 3.0], "banks": [3.0, 2.0, 1.0]})
    panels = small(prices(closes))
    levels = pd.DataFrame({item.id: [100.0, 101.0, 102.0] for item in marks}, closes.index)
    of = panels.universe.model_copy(update={"benchmarks": marks})
    return replace(panels, universe=of, benchmark=prices(levels))


def drawn(seed: int, n_days: int = 60, n_sectors: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    shape = (n_days, n_sectors)
    levels = 50 * np.exp(rng.normal(0, 0.02, shape).cumsum(axis=0))
    levels[rng.random(shape) < 0.1] = NAN
    return framed({f"s{n}": levels[:, n].tolist() for n in range(n_sectors)})


def test_equal_weight_holds_the_sectors_in_equal_parts_each_day() -> None:
    closes = framed({"a": [10.0, 11.0, 11.0, 12.1], "b": [20.0, 20.0, NAN, 22.0]})
    level = equal_weighted(closes)
    assert np.isnan(level.iloc[0])
    assert level.iloc[1:].tolist() == pytest.approx([105.0, 105.0, 105.0 * 1.1])


def test_a_sector_enters_equal_weight_with_its_first_return() -> None:
    closes = framed({"a": [10.0, 11.0, 12.1], "b": [NAN, 5.0, 6.0]})
    assert equal_weighted(closes).iloc[1:].tolist() == pytest.approx([110.0, 110.0 * 1.15])


def test_a_day_without_any_close_has_no_level_and_the_chain_goes_on() -> None:
    level = equal_weighted(framed({"a": [10.0, 11.0, NAN, 12.1]}))
    assert np.isnan(level.iloc[2])
    assert level.iloc[3] == pytest.approx(121.0)


@given(seed=st.integers(0, 10_000), cut=st.integers(2, 60))
@settings(max_examples=40)
def test_equal_weight_never_sees_the_future(seed: int, cut: int) -> None:
    closes = drawn(seed)
    assert equal_weighted(closes[:cut]).equals(equal_weighted(closes)[:cut])


@given(seed=st.integers(0, 10_000), scale=st.floats(1e-3, 1e3))
@settings(max_examples=30)
def test_the_unit_of_a_sector_does_not_move_equal_weight(seed: int, scale: float) -> None:
    closes = drawn(seed)
    units = closes * np.array([scale, 1.0, 1.0, 1.0])
    pd.testing.assert_series_equal(equal_weighted(units), equal_weighted(closes), rtol=1e-10)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_against_the_constant_a_sectors_place_is_a_function_of_its_own_price(seed: int) -> None:
    closes = drawn(seed).ffill().bfill()
    found = relative_rotation(closes, constant(closes.index))
    own = 100 * closes.rolling(10).mean() / closes.rolling(30).mean()
    pd.testing.assert_frame_equal(found.rs_ratio, own, rtol=1e-10)
    others = closes.assign(s1=drawn(seed + 1)["s1"].ffill().bfill())
    moved = relative_rotation(others, constant(closes.index))
    assert moved.rs_ratio["s0"].equals(found.rs_ratio["s0"])
    assert moved.rs_momentum["s0"].equals(found.rs_momentum["s0"])


def test_an_unknown_benchmark_lists_those_there_are() -> None:
    of = universe().model_copy(update={"benchmarks": (mark("one"), mark("two"))})
    assert named_benchmark(of, None).id == "one"
    assert named_benchmark(of, "two").id == "two"
    with pytest.raises(CallerError, match=r"no benchmark 'three': use one of one, two"):
        named_benchmark(of, "three")


def test_sectors_are_measured_against_a_benchmark_of_their_own_treatment() -> None:
    panels = market_with(mark("one"), mark("two"))
    found = measured(panels, panels.universe.benchmarks[1])
    assert isinstance(found, Measured)
    pd.testing.assert_frame_equal(found.sectors, panels.sectors.closes)
    assert found.level.tolist() == [100.0, 101.0, 102.0]


def test_dividends_on_one_side_only_are_refused() -> None:
    for own, other in (("total_return", "price"), ("price", "total_return")):
        panels = market_with(mark("one", treatment=own), mark("two", treatment=other))
        assert measured(panels, panels.universe.benchmarks[1]) == "mixed_treatment"


def test_a_price_benchmark_is_measured_against_sectors_without_dividends() -> None:
    panels = market_with(mark("one"), mark("two", treatment="price"))
    bare = prices(panels.sectors.closes * 0.9)
    found = measured(replace(panels, price_sectors=bare), panels.universe.benchmarks[1])
    assert isinstance(found, Measured)
    pd.testing.assert_frame_equal(found.sectors, bare.closes)


def test_a_benchmark_without_a_series_is_not_covered() -> None:
    panels = market_with(mark("one"), mark("two"))
    levels = panels.benchmark.closes.assign(two=NAN)
    unpriced = replace(panels, benchmark=prices(levels))
    assert measured(unpriced, panels.universe.benchmarks[1]) == "not_covered"
    absent = replace(panels, benchmark=prices(levels[["one"]]))
    assert measured(absent, panels.universe.benchmarks[1]) == "not_covered"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"kind": "series"}, "needs a ticker"),
        ({"kind": "basket", "ticker": "SPY"}, "needs a ticker"),
        ({"kind": "ex_group"}, "without"),
        ({"kind": "constant", "without": ("VIC",)}, "without"),
    ],
)
def test_a_benchmark_that_contradicts_its_kind_is_refused(
    fields: dict[str, object], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        mark("one", **fields)


def test_without_kind_and_ticker_a_benchmark_is_the_basket_of_members() -> None:
    assert mark("one").kind == "basket"
    whole = universe().model_dump() | {"built_from_members": False}
    with pytest.raises(ValueError, match="needs built_from_members"):
        Universe.model_validate(whole)


def test_two_benchmarks_of_one_id_are_refused() -> None:
    row = mark("one").model_dump()
    with pytest.raises(ValueError, match="benchmark ids repeat"):
        Universe.model_validate(universe().model_dump() | {"benchmarks": (row, row)})
