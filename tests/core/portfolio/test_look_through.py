import pytest

from core.errors import MandateError
from core.portfolio.allocation import allocate
from core.portfolio.holdings import valued
from core.portfolio.look_through import is_fund, look_through
from core.records.decision import Allocation
from core.records.holdings import Holdings
from core.records.mandate import GroupLimit, Mandate
from core.records.trading import TradingResult
from tests.core.portfolio.desk import DAY, ROWS, SECTORS, holdings, part, row, trading, universe
from tests.core.portfolio.test_allocation import card_of

FUNDS = universe(built_from_members=False)
FUND_ROWS = (
    row("BNK", "banks", 60.0, 100.0),
    row("EST", "estate", 20.0, 100.0),
    row("STL", "steel", 40.0, 100.0),
)


def made(
    conditions: TradingResult | None, held: Holdings | None = None, **limits: object
) -> Allocation:
    mandate = Mandate.model_validate({"id": "own", "version": 1} | limits)
    portfolio = None if held is None else valued(held, FUNDS, conditions, as_of=DAY)
    card = card_of({name: float(place) for place, name in enumerate(SECTORS)}, of=FUNDS)
    return allocate(FUNDS, card, None, mandate, portfolio=portfolio, trading=conditions)


def kin(*symbols: str, cap: float) -> tuple[GroupLimit, ...]:
    return (GroupLimit(name="vin", symbols=symbols, cap=cap),)


def test_a_sectors_own_fund_is_no_issuer_and_the_only_stock_of_a_basket_is_one() -> None:
    assert all(is_fund(one, FUNDS) for one in FUND_ROWS)
    assert not any(is_fund(one, universe()) for one in ROWS)
    assert not is_fund(row("BNK", "steel", 60.0, 100.0), FUNDS)
    assert not is_fund(row("BNK", "banks", 60.0, 40.0), FUNDS)
    assert not is_fund(row("BNK", None, 60.0, 100.0), FUNDS)
    look = look_through(FUNDS, trading(*FUND_ROWS, row("EEE", "estate", 9.0, 5.0)), None)
    assert sorted(look.shares) == list(look.telling) == ["EEE"]


def test_an_issuer_cap_is_kept_where_funds_stand_beside_stocks() -> None:
    capped = made(trading(*FUND_ROWS, row("EEE", "estate", 9.0, 30.0)), issuer_cap=0.1)
    assert capped.lines[1].target_weight <= 0.333
    assert {event.name for event in capped.limits} <= {None, "EEE"}


def test_where_only_funds_are_known_an_issuer_cap_cannot_be_measured() -> None:
    for held in (None, holdings(part("BNK", 0.5), part("steel", 0.5))):
        with pytest.raises(MandateError, match="issuer_cap cannot be kept without the shares"):
            made(trading(*FUND_ROWS), held, issuer_cap=0.1)


def test_a_group_may_name_funds_and_is_kept() -> None:
    found = made(trading(*FUND_ROWS), groups=kin("BNK", "STL", cap=0.65))
    assert found.lines[0].target_weight + found.lines[2].target_weight <= 0.65


def test_a_stock_held_directly_counts_for_its_issuer_whatever_its_sector_gets() -> None:
    rows = trading(*FUND_ROWS, row("AAA", "banks", 25.0))
    held = holdings(part("AAA", 0.08), part("banks", 0.25), part("EST", 0.33), part("STL", 0.34))
    look = look_through(FUNDS, rows, valued(held, FUNDS, rows, as_of=DAY))
    assert look.beside == pytest.approx({"AAA": 0.08})
    assert made(rows, held, issuer_cap=0.09).outside_weight == 0.0
    with pytest.raises(MandateError, match=r"issuer_cap \(AAA\) 5 % cannot hold"):
        made(rows, held, issuer_cap=0.05)
    found = made(rows, held, groups=kin("AAA", "EST", cap=0.3))
    assert found.lines[1].target_weight <= 0.22


def test_a_group_of_symbols_nobody_knows_is_refused_by_their_names() -> None:
    with pytest.raises(MandateError, match=r"groups.vin names YYY, ZZZ, neither held nor traded"):
        made(trading(*FUND_ROWS), groups=kin("BNK", "ZZZ", "YYY", cap=0.9))
    held = holdings(part("ZZZ", 0.2), part("BNK", 0.8))
    loose = {"sector_cap": 1.0, "active_cap": 1.0, "turnover": 1.0}
    assert made(trading(*FUND_ROWS), held, groups=kin("ZZZ", cap=0.3), **loose).outside_weight
    traded = trading(*FUND_ROWS, row("ZZZ", None, 1.0))
    assert made(traded, groups=kin("ZZZ", cap=0.3)).turnover >= 0.0
