from datetime import date

import pytest

from agents.toolbox.money import wrong_unit
from core.records.payloads import FlowResult, FlowRow

SYMBOLS = ("AAA", "BBB", "CCC", "DDD")


def flows(scale: float, *, currency: str = "VND", sessions: int = 1) -> FlowResult:
    rows = tuple(
        FlowRow(
            sector="banks",
            symbol=symbol,
            sessions=sessions,
            net_bn=20.0 * scale,
            buy_bn=120.0 * scale,
            sell_bn=100.0 * scale,
            traded_bn=None,
            intensity_pct=None,
            streak_sessions=None,
            room_full_pct=None,
            state="not_measurable",
        )
        for symbol in SYMBOLS
    )
    return FlowResult(
        tool="get_foreign_flow",
        universe="vn",
        universe_hash="0" * 64,
        as_of=date(2026, 4, 24),
        currency=currency,
        synthetic=False,
        rows=rows,
    )


def test_money_of_a_market_is_let_through() -> None:
    assert wrong_unit(flows(1.0), whole_market=True) is None


@pytest.mark.parametrize("off", [1e3, 1e6, 1e-3, 1e-9])
def test_money_a_thousand_times_off_is_seen_either_way(off: float) -> None:
    assert wrong_unit(flows(off), whole_market=True) is not None


def test_a_month_may_hold_twenty_times_a_session() -> None:
    assert wrong_unit(flows(500.0, sessions=20), whole_market=True) is None
    assert wrong_unit(flows(500.0, sessions=1), whole_market=True) == "buy_bn"


def test_a_sectors_small_names_may_trade_less_than_a_market() -> None:
    assert wrong_unit(flows(1e-3), whole_market=False) is None
    assert wrong_unit(flows(1e6), whole_market=False) is not None


def test_a_synthetic_market_has_no_limits() -> None:
    assert wrong_unit(flows(1e6, currency="XXX"), whole_market=True) is None
