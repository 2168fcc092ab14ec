"""Spans of flows, kinds of statements, lengths that look either way, shares without a sign."""

import pytest

from core.errors import RequestError
from core.records.plan import StatementType
from core.records.universe import Horizon
from tests.core.asking import asked, unmarked


@pytest.mark.parametrize(
    ("text", "window", "why"),
    [("foreign flow this week", "1W", None),
     ("foreign buying over the last 5 sessions", "1W", None),
     ("khối ngoại 20 phiên gần đây", "1M", None), ("Khối ngoại quý này", "3M", None),
     ("whales in the past three months", "3M", None), ("foreign net flow, 10 sessions", "1W",
     "out_of_range"), ("foreign selling over two years", "3M", "out_of_range"),
     ("foreign buying, 20 trading sessions", "1M", None),
     ("what whales did over 5 business days", "1W", None),
     ("Khối ngoại 5 phiên giao dịch vừa qua", "1W", None),
     ("foreign selling over a fortnight", "1W", "out_of_range"),
     ("Do foreigners buy technology?", None, None), ("Which sectors lead this week?", None, None),
     ("Which sectors outperform next quarter, and what did foreigners buy last week?", "1W", None)],
)  # fmt: skip
def test_the_span_of_flows_is_the_one_named(
    text: str, window: Horizon | None, why: str | None
) -> None:
    request = asked(text, "demo")

    assert request.window == window
    assert [row.why for row in request.inferred if row.field == "window"] == ([why] if why else [])


def test_a_span_behind_and_a_horizon_ahead_stand_side_by_side() -> None:
    request = asked("Outlook for next quarter, and foreign flow over the last week?", "demo")

    assert (request.horizon, request.window) == ("3M", "1W")


@pytest.mark.parametrize(
    ("text", "window"),
    [("Which sectors have foreigners been selling over the past three months?", "3M"),
     ("foreign selling over the past week", "1W"), ("khối ngoại bán ròng 3 tháng qua", "3M"),
     ("cá mập gom gì tuần qua?", "1W"), ("tự doanh mua ròng quý này", "3M")],
)  # fmt: skip
def test_what_investors_did_over_is_no_horizon(text: str, window: Horizon) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "demo")
        assert (request.window, request.horizon) == (window, "1M")
        assert ("horizon", "default") in {(row.field, row.why) for row in request.inferred}


@pytest.mark.parametrize(
    ("text", "horizon"),
    [("Outlook for next quarter, and foreign flow over the last week?", "3M"),
     ("Which sectors led over the past three months?", "3M"),
     ("Khối ngoại mua gì tuần qua và ngành nào vượt trội quý tới?", "3M")],
)  # fmt: skip
def test_a_length_of_anything_else_stays_the_horizon(text: str, horizon: Horizon) -> None:
    for said in (text, unmarked(text)):
        assert asked(said, "demo").horizon == horizon


def test_a_follow_up_keeps_the_horizon_beside_a_span_of_flows() -> None:
    first = asked("Which sectors outperform next quarter?", "demo")

    assert asked("and what did foreigners sell last week?", "demo", first).horizon == "3M"


def test_a_follow_up_keeps_the_span_or_names_another() -> None:
    first = asked("foreign flow over the past quarter", "demo")
    kept, other = (
        asked("and for energy?", "demo", first),
        asked("and the last week?", "demo", first),
    )

    assert (kept.window, other.window) == ("3M", "1W")


def test_a_running_period_is_no_horizon() -> None:
    request = asked("Technology is up 8 % this quarter, why is it weakening?", "demo")

    assert request.horizon == "1M"


@pytest.mark.parametrize(
    "text",
    ["Forecast energy over 4 years", "Which sectors outperform over five months?",
     "triển vọng các ngành trong 5 năm"],
)  # fmt: skip
def test_an_unserved_length_of_a_forecast_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        asked(text, "demo")


def test_a_past_length_of_a_record_is_no_forecast() -> None:
    assert asked("How accurate was the forecast over 4 years?", "demo").horizon == "3M"


@pytest.mark.parametrize(
    ("text", "kinds", "annual"),
    [("Cash flow statements of the banks", ("cash_flow",), False),
     ("yearly balance sheet of FPT", ("balance_sheet",), True),
     ("Income statement and balance sheet of FPT", ("income_statement", "balance_sheet"), False),
     ("Bảng cân đối kế toán cả năm của FPT", ("balance_sheet",), True),
     ("Báo cáo lưu chuyển tiền tệ của FPT", ("cash_flow",), False),
     ("financial statements of FPT", (), False), ("Which sectors lead?", (), False)],
)  # fmt: skip
def test_statements_are_those_named(
    text: str, kinds: tuple[StatementType, ...], annual: bool
) -> None:
    request = asked(text, "vn")

    assert (request.statements, request.annual) == (kinds, annual)


@pytest.mark.parametrize(
    ("text", "cap"),
    [("Limit energy to 0.15", 0.15), ("ngành năng lượng tối đa 0,1", 0.1),
     ("Limit energy to 0.5 %", 0.005)],
)  # fmt: skip
def test_a_limit_below_one_without_a_sign_is_a_share_of_the_whole(text: str, cap: float) -> None:
    patch = asked(text, "demo").patch

    assert patch is not None
    assert {row.sector: row.cap for row in patch.caps} == {"energy": pytest.approx(cap)}
