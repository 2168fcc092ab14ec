import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DataError
from core.markets.basket import Baskets, sector_baskets, sector_shares
from core.panel import PricePanel, Table
from core.records.universe import Benchmark, Sector, Universe

SECTORS = ("tech", "bank", "media")
Spell = tuple[str, str, str, str | None]


def universe(ticker: str | None = None, without: tuple[str, ...] = ()) -> Universe:
    """A universe of three sectors; with `without` a second benchmark leaves those stocks out."""
    rest = Benchmark(
        id="rest", kind="ex_group", without=without or ("NONE",), name_en="r", name_vi="r",
        treatment="price",
    )  # fmt: skip
    return Universe(
        id="test",
        regions=("test",),
        name_en="Test",
        name_vi="Thử",
        taxonomy="icb2",
        currency="VND",
        money_unit="bn",
        timezone="Asia/Ho_Chi_Minh",
        close_time="15:00",
        built_from_members=True,
        foreign_flow=False,
        sectors=tuple(Sector(id=name, ticker=name, name_en=name, name_vi=name) for name in SECTORS),
        benchmarks=(
            Benchmark(id="own", ticker=ticker, name_en="o", name_vi="o", treatment="price"),
            *((rest,) if without else ()),
        ),
    )


def members(*spells: Spell) -> Table:
    rows = pd.DataFrame(spells, columns=["symbol", "sector", "start", "end"])
    return Table(
        "members",
        rows.assign(start=pd.to_datetime(rows["start"]), end=pd.to_datetime(rows["end"])),
    )


def panel(
    closes: dict[str, list[float]],
    values: dict[str, list[float]],
    put_throughs: dict[str, list[float]] | None = None,
) -> PricePanel:
    n_days = len(next(iter(closes.values())))
    dates = pd.bdate_range("2024-01-01", periods=n_days)
    frame = pd.DataFrame(closes, index=dates, dtype=np.float64)
    traded = pd.DataFrame(values, index=dates, dtype=np.float64)
    negotiated = pd.DataFrame(put_throughs or {}, index=dates, columns=frame.columns)
    return PricePanel(frame, traded * 10, traded, negotiated.astype(np.float64))


def random_market(seed: int, n_days: int, n_stocks: int = 6, missing: float = 0.0) -> PricePanel:
    rng = np.random.default_rng(seed)
    shape = (n_days, n_stocks)
    dates = pd.bdate_range("2020-01-01", periods=n_days)
    symbols = [f"S{n}" for n in range(n_stocks)]
    closed = pd.DataFrame(rng.random(shape) < missing, index=dates, columns=symbols)

    def frame(cells: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(cells, index=dates, columns=symbols)

    closes = frame(20 * np.exp(rng.normal(0, 0.02, shape).cumsum(axis=0))).mask(closed)
    values = frame(rng.lognormal(1, 1, shape)).mask(closed)
    put_throughs = frame(rng.lognormal(0, 2, shape)).mask(frame(rng.random(shape)) < 0.8)
    return PricePanel(closes, values * 7, values, put_throughs)


def spread(n_stocks: int = 6) -> Table:
    """Stocks dealt to two sectors, the last one moving from one to the other."""
    fixed: list[Spell] = [
        (f"S{n}", SECTORS[n % 2], "2000-01-01", None) for n in range(n_stocks - 1)
    ]
    last = f"S{n_stocks - 1}"
    return members(
        *fixed,
        (last, "tech", "2000-01-01", "2020-02-20"),
        (last, "bank", "2020-02-20", None),
    )


def same_bits(left: Baskets, right: Baskets) -> bool:
    return left.weights.equals(right.weights) and all(
        getattr(getattr(left, part), name).equals(getattr(getattr(right, part), name))
        for part in ("sectors", "benchmark")
        for name in ("closes", "volumes", "values", "put_throughs")
    )


TWO = members(("A", "tech", "2000-01-01", None), ("B", "tech", "2000-01-01", None))
CALM = {"A": [10.0] * 5, "B": [10.0] * 5}


def test_a_day_is_weighted_by_the_liquidity_known_the_day_before() -> None:
    closes = {"A": [*CALM["A"], 11.0, 11.0], "B": [*CALM["B"], 10.0, 9.0]}
    values = {"A": [3.0] * 5 + [63.0, 1e9], "B": [1.0] * 7}
    found = sector_baskets(panel(closes, values), TWO, universe())
    level = found.sectors.closes["tech"]
    assert level.isna().tolist() == [True] * 5 + [False] * 2
    assert found.weights.iloc[5].tolist() == pytest.approx([0.75, 0.25])
    assert found.weights.iloc[6].tolist() == pytest.approx([13 / 14, 1 / 14])
    assert level.tolist()[5:] == pytest.approx([107.5, 107.5 * (1 - 0.1 / 14)])


def test_liquidity_is_the_mean_of_twenty_sessions() -> None:
    values = {"A": [1e6] + [2.0] * 21, "B": [2.0] * 22}
    found = sector_baskets(panel({"A": [10.0] * 22, "B": [10.0] * 22}, values), TWO, universe())
    assert found.weights["A"].iloc[20] == pytest.approx(1000038 / 1000078)
    assert found.weights["A"].iloc[21] == 0.5


def test_put_throughs_count_and_their_absence_is_no_gap() -> None:
    nan = np.nan
    found = sector_baskets(
        panel(
            {"A": [10.0] * 6, "B": [10.0] * 6},
            {"A": [1.0] * 6, "B": [1.0] * 6},
            {"A": [nan, 10.0, nan, nan, nan, nan], "B": [nan] * 6},
        ),
        TWO,
        universe(),
    )
    assert found.weights.iloc[5].tolist() == [0.75, 0.25]
    assert found.sectors.put_throughs["tech"].tolist()[:2] == pytest.approx(
        [nan, 10.0], nan_ok=True
    )


def test_sums_are_over_members_and_missing_when_none_is_known() -> None:
    nan = np.nan
    found = sector_baskets(
        panel(CALM, {"A": [1.0, nan, nan, 2.0, 0.0], "B": [2.0, 5.0, nan, nan, 0.0]}),
        TWO,
        universe(),
    )
    assert found.sectors.values["tech"].tolist() == pytest.approx([3, 5, nan, 2, 0], nan_ok=True)
    assert found.sectors.volumes["tech"].tolist() == pytest.approx(
        [30, 50, nan, 20, 0], nan_ok=True
    )


def test_a_return_over_a_gap_is_counted_on_the_day_trading_resumes() -> None:
    nan = np.nan
    closes = {"A": [10.0] * 6 + [nan, 12.0], "B": [10.0] * 8}
    values = {"A": [1.0] * 6 + [nan, 1.0], "B": [1.0] * 8}
    found = sector_baskets(panel(closes, values), TWO, universe())
    assert found.weights["B"].tolist()[5:] == [0.5, 1.0, 0.5]
    assert np.isnan(found.weights["A"].iloc[6])
    assert found.sectors.closes["tech"].tolist()[5:] == pytest.approx([100.0, 100.0, 110.0])


def test_a_stock_away_too_long_must_trade_five_sessions_before_it_counts() -> None:
    n_away = 16
    closes = {"A": [10.0] * 6 + [np.nan] * n_away + [30.0] * 8, "B": [10.0] * (14 + n_away)}
    values = {"A": [1.0] * 6 + [np.nan] * n_away + [1.0] * 8, "B": [1.0] * (14 + n_away)}
    found = sector_baskets(panel(closes, values), TWO, universe())
    back = 6 + n_away
    assert found.weights["A"].iloc[back : back + 8].isna().tolist() == [True] * 5 + [False] * 3
    assert found.sectors.closes["tech"].iloc[-1] == 100.0


def test_a_basket_without_any_return_is_missing_that_day_and_goes_on_from_its_level() -> None:
    nan = np.nan
    only = members(("A", "tech", "2000-01-01", None))
    found = sector_baskets(
        panel({"A": [10.0] * 5 + [11.0, nan, 12.0]}, {"A": [1.0] * 6 + [nan, 1.0]}),
        only,
        universe(),
    )
    assert found.sectors.closes["tech"].tolist()[5:] == pytest.approx(
        [110.0, nan, 120.0], nan_ok=True
    )


def test_a_spell_includes_its_start_and_excludes_its_end() -> None:
    flat = {"A": [10.0] * 9, "B": [10.0] * 9}
    table = members(
        ("A", "tech", "2000-01-01", "2024-01-10"),
        ("A", "bank", "2024-01-10", None),
        ("B", "tech", "2024-01-09", "2024-01-11"),
    )
    found = sector_baskets(panel(flat, {"A": [1.0] * 9, "B": [1.0] * 9}), table, universe())
    days = {str(stamp.date()): row for row, stamp in enumerate(found.weights.index)}
    weights = found.weights.to_numpy()
    assert weights[days["2024-01-08"]].tolist() == pytest.approx([1.0, np.nan], nan_ok=True)
    assert weights[days["2024-01-09"]].tolist() == [0.5, 0.5]
    assert weights[days["2024-01-10"]].tolist() == [1.0, 1.0]
    assert weights[days["2024-01-11"]].tolist() == pytest.approx([1.0, np.nan], nan_ok=True)


def test_every_sector_has_its_column_even_without_a_member() -> None:
    found = sector_baskets(panel(CALM, CALM), TWO, universe())
    assert tuple(found.sectors.closes.columns) == SECTORS
    assert found.sectors.closes[["bank", "media"]].isna().all().all()
    assert found.sectors.values[["bank", "media"]].isna().all().all()


def test_the_benchmark_is_the_basket_of_all_members() -> None:
    table = members(("A", "tech", "2000-01-01", None), ("B", "bank", "2000-01-01", None))
    closes = {"A": [10.0] * 5 + [11.0], "B": [10.0] * 6, "C": [10.0] * 5 + [99.0]}
    values = {"A": [1.0] * 6, "B": [3.0] * 6, "C": [50.0] * 6}
    found = sector_baskets(panel(closes, values), table, universe())
    assert list(found.benchmark.closes.columns) == ["own"]
    assert found.benchmark.closes["own"].iloc[-1] == pytest.approx(102.5)
    assert found.benchmark.values["own"].iloc[-1] == 4.0
    assert found.weights.iloc[-1].tolist() == pytest.approx([1.0, 1.0, np.nan], nan_ok=True)


def test_the_basket_never_takes_the_name_of_an_index() -> None:
    found = sector_baskets(panel(CALM, CALM), TWO, universe(ticker="VNINDEX"))
    assert list(found.benchmark.closes.columns) == ["test_basket"]


def test_unknown_symbols_and_sectors_are_left_out() -> None:
    table = members(
        ("A", "tech", "2000-01-01", None),
        ("Z", "tech", "2000-01-01", None),
        ("B", "elsewhere", "2000-01-01", None),
    )
    closes = {"A": [10.0] * 6, "B": [10.0] * 6}
    found = sector_baskets(panel(closes, closes), table, universe())
    assert found.weights.iloc[-1].tolist() == pytest.approx([1.0, np.nan], nan_ok=True)


def test_a_stock_in_two_sectors_on_one_day_is_refused() -> None:
    table = members(("A", "tech", "2000-01-01", None), ("A", "bank", "2024-01-03", None))
    with pytest.raises(DataError, match="A is in bank and in another sector on one day"):
        sector_baskets(panel(CALM, CALM), table, universe())


def test_a_table_of_another_kind_is_refused() -> None:
    columns = ["manager", "symbol", "period", "known_at", "assumed", "shares", "value_bn"]
    table = Table("positions", pd.DataFrame(columns=columns))
    with pytest.raises(ValueError, match="kind must be members, got positions"):
        sector_baskets(panel(CALM, CALM), table, universe())


@given(seed=st.integers(0, 10_000), cut=st.integers(1, 79))
@settings(max_examples=40)
def test_the_past_never_sees_the_future(seed: int, cut: int) -> None:
    stocks, table = random_market(seed, 80, missing=0.1), spread()
    as_of = stocks.closes.index[cut - 1].date()
    of = universe(without=("S1", "S5"))
    whole = sector_baskets(stocks, table, of)
    cut_off = sector_baskets(stocks.until(as_of), table.until(as_of), of)
    assert same_bits(
        cut_off,
        Baskets(whole.sectors.until(as_of), whole.benchmark.until(as_of), whole.weights[:cut]),
    )


@given(seed=st.integers(0, 10_000), later=st.integers(1, 20))
@settings(max_examples=20)
def test_stocks_that_list_later_change_no_bit(seed: int, later: int) -> None:
    stocks, table = random_market(seed, 40, n_stocks=40, missing=0.1), spread(40)
    rng = np.random.default_rng(seed)
    unlisted = list(rng.choice(stocks.closes.columns, size=later, replace=False))
    listed = stocks.only([name for name in stocks.closes.columns if name not in unlisted])
    blank = listed.only(list(stocks.closes.columns))
    some, all_of = (sector_baskets(panel, table, universe()) for panel in (listed, blank))
    kept = all_of.weights[listed.closes.columns]
    assert same_bits(some, Baskets(all_of.sectors, all_of.benchmark, kept))
    assert all_of.weights[unlisted].isna().to_numpy().all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30)
def test_weights_of_a_sector_sum_to_one_on_every_day_it_has_a_level(seed: int) -> None:
    stocks = random_market(seed, 60, missing=0.2)
    found = sector_baskets(stocks, spread(), universe())
    fixed = {"tech": ["S0", "S2", "S4"], "bank": ["S1", "S3"]}
    moved = found.weights.index >= pd.Timestamp("2020-02-20")
    for sector, symbols in fixed.items():
        guest = found.weights["S5"].where(moved == (sector == "bank")).fillna(0.0)
        totals = found.weights[symbols].sum(axis=1) + guest
        listed = found.sectors.closes[sector].notna()
        assert np.allclose(totals[listed], 1.0, rtol=0, atol=1e-12)
        assert (totals[~listed] == 0.0).all()


@given(seed=st.integers(0, 10_000), order=st.permutations(list(range(6))))
@settings(max_examples=30)
def test_the_order_of_stocks_does_not_matter(seed: int, order: list[int]) -> None:
    stocks = random_market(seed, 50, missing=0.05)
    symbols = [str(stocks.closes.columns[n]) for n in order]
    whole = sector_baskets(stocks, spread(), universe())
    moved = sector_baskets(stocks.only(symbols), spread(), universe())
    pd.testing.assert_frame_equal(moved.sectors.closes, whole.sectors.closes, rtol=1e-12)
    pd.testing.assert_frame_equal(moved.weights[whole.weights.columns], whole.weights, rtol=1e-12)


@given(seed=st.integers(0, 10_000), scale=st.floats(1e-3, 1e3))
@settings(max_examples=30)
def test_the_unit_of_prices_and_of_money_does_not_matter(seed: int, scale: float) -> None:
    stocks = random_market(seed, 50)
    scaled = PricePanel(
        stocks.closes * scale, stocks.volumes, stocks.values / scale, stocks.put_throughs / scale
    )
    whole, other = (sector_baskets(market, spread(), universe()) for market in (stocks, scaled))
    pd.testing.assert_frame_equal(other.sectors.closes, whole.sectors.closes, rtol=1e-10)


def test_thirteen_years_of_a_hundred_and_fifty_stocks_take_well_under_two_seconds() -> None:
    stocks = random_market(1, 3_250, 150, missing=0.02)
    start = time.process_time()
    sector_baskets(stocks, spread(150), universe())
    assert time.process_time() - start < 2.0


def test_a_group_left_out_weighs_nothing_and_the_others_stand_in_for_it() -> None:
    """B doubles on the last day; without it the basket moves as A and C, three to one."""
    closes = {"A": [10.0] * 6 + [11.0], "B": [10.0] * 6 + [20.0], "C": [10.0] * 6 + [12.0]}
    values = {"A": [3.0] * 7, "B": [6.0] * 7, "C": [1.0] * 7}
    table = members(*((name, "tech", "2000-01-01", None) for name in "ABC"))
    found = sector_baskets(panel(closes, values), table, universe(without=("B",)))
    assert list(found.benchmark.closes.columns) == ["own", "rest"]
    last = found.benchmark.closes.iloc[-1]
    assert last["rest"] == pytest.approx(100.0 * (1 + 0.75 * 0.1 + 0.25 * 0.2))
    assert last["own"] == pytest.approx(100.0 * (1 + 0.3 * 0.1 + 0.6 * 1.0 + 0.1 * 0.2))
    assert found.benchmark.values["rest"].iloc[-1] == 4.0


@given(seed=st.integers(0, 10_000), without=st.sets(st.sampled_from(["S0", "S1", "S5", "X"])))
@settings(max_examples=40)
def test_sectors_by_their_shares_make_the_baskets_last_return(seed: int, without: set[str]) -> None:
    stocks, left = random_market(seed, 60, missing=0.1), tuple(sorted(without)) or ("X",)
    found = sector_baskets(stocks, spread(), universe(without=left))
    kept = [name for name in stocks.closes.columns if name not in left]
    shares = sector_shares(stocks, spread(), universe(), without=left)
    alone = sector_baskets(stocks.only(kept), spread(), universe())
    steps = alone.sectors.closes.ffill().pct_change(fill_method=None).iloc[-1]
    level = found.benchmark.closes["rest"].ffill()
    assert sum(shares.values()) == pytest.approx(1.0)
    expected = sum(share * steps[sector] for sector, share in shares.items())
    assert level.iloc[-1] / level.iloc[-2] - 1.0 == pytest.approx(expected, abs=1e-12)


def test_shares_of_a_day_nobody_trades_are_none() -> None:
    stocks = panel({"A": [10.0] * 7, "B": [10.0] * 7}, {"A": [1.0] * 7, "B": [1.0] * 7})
    assert sector_shares(stocks, TWO, universe()) == {"tech": 1.0}
    assert sector_shares(stocks, TWO, universe(), without=("A", "B")) == {}
    still = panel({"A": [10.0] * 6 + [np.nan]}, {"A": [1.0] * 6 + [np.nan]})
    assert sector_shares(still, TWO, universe()) == {}
