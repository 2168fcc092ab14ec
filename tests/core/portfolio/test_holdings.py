"""What stated holdings are worth: sums to one, nothing guessed."""

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CallerError, DataError
from core.portfolio.holdings import valued
from core.records.holdings import Holdings, Portfolio, StatedMoney
from tests.core.portfolio.desk import DAY, ROWS, holdings, part, row, shares, trading, universe


def of(stated: Holdings, *, priced: bool = True) -> Portfolio:
    return valued(stated, universe(), trading() if priced else None, as_of=DAY)


def weight_of(portfolio: Portfolio, sector: str) -> float:
    return next(item.weight for item in portfolio.sectors if item.sector == sector)


def total(portfolio: Portfolio) -> float:
    weights = (item.weight for item in portfolio.sectors)
    return fsum([*weights, portfolio.cash_weight, portfolio.outside_weight])


def test_quantities_and_cash_are_worth_their_prices() -> None:
    found = of(holdings(shares("AAA", 2_000_000), shares("EEE", 1_000_000), cash_bn=10.0))
    assert found.nav_bn == pytest.approx(100.0)
    assert weight_of(found, "banks") == pytest.approx(0.5)
    assert weight_of(found, "estate") == pytest.approx(0.4)
    assert weight_of(found, "steel") == 0.0
    assert found.cash_weight == pytest.approx(0.1)
    assert [item.value_bn for item in found.positions] == pytest.approx([50.0, 40.0])


def test_a_stated_net_asset_value_leaves_the_rest_in_cash() -> None:
    found = of(holdings(shares("AAA", 2_000_000), nav_bn=200.0))
    assert found.nav_bn == 200.0
    assert weight_of(found, "banks") == pytest.approx(0.25)
    assert found.cash_weight == pytest.approx(0.75)


def test_what_neither_positions_nor_a_stated_cash_explain_lies_outside() -> None:
    found = of(holdings(shares("AAA", 2_000_000), nav_bn=200.0, cash_bn=50.0))
    assert found.cash_weight == pytest.approx(0.25)
    assert found.outside_weight == pytest.approx(0.5)


def test_cash_and_net_asset_value_are_kept_as_stated() -> None:
    found = of(holdings(shares("AAA", 2_000_000), nav_bn=45.0))
    assert found.stated == StatedMoney(nav_bn=45.0)
    told = of(holdings(shares("AAA", 2_000_000), cash_bn=10.0))
    assert told.stated == StatedMoney(cash_bn=10.0)


def test_weights_without_a_value_stay_weights() -> None:
    found = of(holdings(part("banks", 0.3), part("estate", 0.2), part("steel", 0.1)))
    assert found.nav_bn is None
    assert found.cash_weight == pytest.approx(0.4)
    assert all(item.value_bn is None for item in found.positions)


def test_a_symbol_held_by_weight_belongs_to_its_sector() -> None:
    found = of(holdings(part("AAA", 0.25), part("banks", 0.25), nav_bn=40.0))
    assert weight_of(found, "banks") == pytest.approx(0.5)
    assert [item.value_bn for item in found.positions] == pytest.approx([10.0, 10.0])


def test_a_symbol_of_no_sector_is_outside() -> None:
    stated = holdings(shares("ZZZ", 1_000_000), shares("AAA", 1_000_000))
    priced = trading(*ROWS, row("ZZZ", None, 75_000.0))
    found = valued(stated, universe(), priced, as_of=DAY)
    assert found.outside_weight == pytest.approx(0.75)
    assert total(found) == pytest.approx(1.0, abs=1e-12)


def test_a_symbol_without_a_price_is_named_and_not_counted() -> None:
    found = of(holdings(shares("AAA", 2_000_000), shares("NOPE", 5), cash_bn=50.0))
    assert found.unpriced == ("NOPE",)
    assert found.nav_bn == pytest.approx(100.0)
    assert [item.symbol for item in found.positions] == ["AAA"]


def test_a_funds_own_ticker_is_its_sector_even_without_a_row() -> None:
    market = universe(built_from_members=False)
    found = valued(holdings(part("BNK", 0.6)), market, None, as_of=DAY)
    assert weight_of(found, "banks") == pytest.approx(0.6)


def test_weights_beside_quantities_take_the_value_from_what_is_left() -> None:
    stated = holdings(shares("AAA", 2_000_000), part("estate", 0.3), cash_weight=0.2)
    found = of(stated)
    assert found.nav_bn == pytest.approx(100.0)
    assert total(found) == pytest.approx(1.0, abs=1e-12)


def test_prices_may_have_carried_positions_beyond_an_older_net_asset_value() -> None:
    found = of(holdings(shares("AAA", 2_000_000), nav_bn=45.0))
    assert found.nav_bn == pytest.approx(50.0)
    assert found.cash_weight == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("stated", "error", "message"),
    [
        (holdings(part("banks", 0.7), part("estate", 0.4)), CallerError, "110.00 %"),
        (holdings(part("banks", 0.7), cash_weight=0.4), CallerError, "may not exceed 100 %"),
        (holdings(part("oil", 0.7)), CallerError, "no sector of toy"),
        (holdings(shares("AAA", 2_000_000), nav_bn=0.05), CallerError, "check the units"),
        (holdings(shares("AAA", 1), part("estate", 0.3)), CallerError, "NAV or a CASH row"),
        (holdings(shares("NO", 1), shares("AAA", 1), nav_bn=9.0), CallerError, "add a CASH row"),
        (holdings(shares("NO", 1)), DataError, "NO has a price"),
        (holdings(part("banks", 1.0), cash_bn=5.0), CallerError, "leaves nothing"),
        (holdings(part("banks", 0.5), universe="us"), CallerError, "cannot be valued in toy"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    stated: Holdings, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        of(stated)


def test_printed_weights_that_round_to_a_little_over_one_are_scaled() -> None:
    found = of(holdings(part("banks", 0.3334), part("estate", 0.3334), part("steel", 0.3334)))
    assert total(found) == pytest.approx(1.0, abs=1e-12)


@given(
    quantities=st.lists(st.integers(1, 10**8), min_size=1, max_size=6),
    cash=st.floats(0.0, 1e4),
    extra=st.floats(0.0, 1e4),
)
def test_sectors_cash_and_outside_always_sum_to_one(
    quantities: list[int], cash: float, extra: float
) -> None:
    positions = [shares(ROWS[i].symbol, float(n)) for i, n in enumerate(quantities)]
    free = of(holdings(*positions, cash_bn=cash))
    assert free.nav_bn is not None
    stated = of(holdings(*positions, cash_bn=cash, nav_bn=free.nav_bn + extra))
    for found in (free, stated):
        assert abs(total(found) - 1.0) <= 1e-12
        held = (item.held_weight for item in found.positions)
        assert fsum(held) == pytest.approx(fsum(item.weight for item in found.sectors), abs=1e-12)


@given(st.lists(st.floats(0.0, 0.3), min_size=1, max_size=3))
def test_weights_are_kept_as_stated(weights: list[float]) -> None:
    names = ("banks", "estate", "steel")
    found = of(holdings(*(part(names[i], w) for i, w in enumerate(weights))), priced=False)
    assert abs(total(found) - 1.0) <= 1e-12
    assert [weight_of(found, names[i]) for i in range(len(weights))] == pytest.approx(weights)
