"""A portfolio in free words: parts, ratios, equal parts; and what only sounds like one."""

import pytest

from core.errors import RequestError
from core.records.request import Request
from tests.core.asking import asked, unmarked


def held(request: Request) -> tuple[dict[str, float], float | None]:
    assert request.holdings is not None
    named = {
        row.sector or row.symbol or "": round(row.weight or 0.0, 3)
        for row in request.holdings.positions
    }
    return named, request.holdings.cash_weight


BANKS, TECH, OIL = "banks", "technology", "oil_gas"
READ: tuple[tuple[str, dict[str, float], float | None], ...] = (
    ("I hold 60/40 tech/energy", {TECH: 0.6, OIL: 0.4}, None),
    ("tech and energy 60/40, what should I change?", {TECH: 0.6, OIL: 0.4}, None),
    ("I own 50/30/20 banks, tech and cash", {BANKS: 0.5, TECH: 0.3}, 0.2),
    ("Tôi giữ 60/40 công nghệ và năng lượng", {TECH: 0.6, OIL: 0.4}, None),
    ("half my money in banks", {BANKS: 0.5}, None),
    ("half of my portfolio is tech and a quarter of it energy", {TECH: 0.5, OIL: 0.25}, None),
    ("80% of my money is in tech, the rest in cash", {TECH: 0.8}, 0.2),
    ("all my money is in tech", {TECH: 1.0}, None),
    ("I've put half my money into banks", {BANKS: 0.5}, None),
    ("Half in banks, half in energy. What should I change?", {BANKS: 0.5, OIL: 0.5}, None),
    ("two thirds banks, one third tech", {BANKS: 0.667, TECH: 0.333}, None),
    ("I have three quarters in tech and a quarter in cash", {TECH: 0.75}, 0.25),
    ("60% banks, the rest in tech", {BANKS: 0.6, TECH: 0.4}, None),
    ("I own tech and energy equally", {TECH: 0.5, OIL: 0.5}, None),
    ("my portfolio is split evenly between banks and tech", {BANKS: 0.5, TECH: 0.5}, None),
    ("I hold 30% each in banks, tech and energy", {BANKS: 0.3, TECH: 0.3, OIL: 0.3}, None),
    ("what if half my money is in banks?", {BANKS: 0.5}, None),
    ("nửa danh mục là ngân hàng", {BANKS: 0.5}, None),
    ("Tôi có một nửa tiền trong ngân hàng", {BANKS: 0.5}, None),
    ("một nửa ngân hàng, một nửa công nghệ, nên làm gì?", {BANKS: 0.5, TECH: 0.5}, None),
    ("hai phần ba ngân hàng, một phần ba công nghệ", {BANKS: 0.667, TECH: 0.333}, None),
    ("toàn bộ tiền của tôi ở ngân hàng", {BANKS: 1.0}, None),
    ("danh mục của tôi chia đều cho ngân hàng, công nghệ", {BANKS: 0.5, TECH: 0.5}, None),
    ("tôi giữ ngân hàng và công nghệ mỗi ngành 30%", {BANKS: 0.3, TECH: 0.3}, None),
    ("1/2 tiền ở ngân hàng, 1/4 ở thép, còn lại tiền mặt",
     {BANKS: 0.5, "basic_resources": 0.25}, 0.25),
)  # fmt: skip


@pytest.mark.parametrize(("text", "named", "cash"), READ, ids=lambda value: str(value)[:30])
def test_parts_of_what_is_owned_are_holdings(
    text: str, named: dict[str, float], cash: float | None
) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "vn")
        found, left = held(request)
        assert found == named
        assert left == (None if cash is None else pytest.approx(cash, abs=1e-5))
        assert (request.topics[0], request.patch, request.horizon) == ("holdings", None, "1M")
        assert any(row.field == "holdings" for row in request.inferred)


@pytest.mark.parametrize(
    "text",
    ["should I put half my money in banks?", "should I hold 60/40 tech/energy?",
     "is 60/40 tech/energy better than 50/50?", "I want to hold 60/40 tech/energy",
     "I want 30% banks and 20% tech", "Half of the banks lead, why?", "what is a 60/40 portfolio?",
     "half of banks and half of tech are weakening", "a third of tech stocks lead",
     "half the market is in energy", "compare tech and energy equally",
     "do tech and energy weigh equally?", "tech and energy 60/40 odds to outperform",
     "half banks and half tech lead this week", "một nửa ngân hàng, một nửa công nghệ đang giảm",
     "the index holds 60/40 tech/energy",
     "tôi muốn một nửa ngân hàng, một nửa công nghệ", "một nửa số ngành đang dẫn dắt",
     "nửa tiền vào ngân hàng có nên không?", "có nên giữ một nửa công nghệ?"],
)  # fmt: skip
def test_what_is_wished_asked_or_said_of_others_is_not_held(text: str) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "demo")
        assert (request.holdings, request.patch) == (None, None)


@pytest.mark.parametrize(
    "text",
    ["put half my money in banks", "I want half my money in banks", "I want 30% banks, 20% tech",
     "tôi muốn một nửa ngân hàng, một nửa công nghệ", "đặt nửa danh mục vào ngân hàng"],
)  # fmt: skip
def test_a_part_that_is_to_be_held_is_a_target(text: str) -> None:
    for said in (text, unmarked(text)):
        assert asked(said, "demo").topics[0] == "target"


@pytest.mark.parametrize(
    ("text", "said"),
    [("I hold 60 tech and 40 energy", "'60 tech'"), ("I hold $5000 of tech", "'5000 of tech'"),
     ("I hold 60/30 tech/energy", "could not be read"),
     ("we own 200 shares of FPT and banks", "'200 of fpt'"),
     ("tôi giữ 100 triệu ngân hàng", "theo phần trăm"),
     ("half in tech, rest in bonds", "rest in bonds"),
     ("30% ngân hàng, 20% thép, còn lại vàng", "con lai vang")],
)  # fmt: skip
def test_holdings_that_cannot_be_read_are_asked_back(text: str, said: str) -> None:
    for written in (text, unmarked(text)):
        with pytest.raises(RequestError, match=said):
            asked(written, "vn")


@pytest.mark.parametrize(
    "text",
    ["I own banks and tech, what should I change?", "is half my money in banks too much?",
     "half my money is in the bank", "tôi đang ôm ngân hàng và thép, nên làm gì?"],
)  # fmt: skip
def test_holdings_without_a_size_are_said_to_be_unread(text: str) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "vn")
        assert (request.holdings, request.topics[0]) == (None, "holdings")


@pytest.mark.parametrize(
    "text",
    ["I own XLK, is it weakening?", "we hold that banks are strong", "I have 3 questions on banks",
     "should I own banks?", "which banks do foreigners own?", "khối ngoại đang giữ ngân hàng nào?"],
)  # fmt: skip
def test_what_needs_no_holdings_is_answered_as_asked(text: str) -> None:
    assert "holdings" not in asked(text, "vn").topics


@pytest.mark.parametrize(
    ("text", "horizon"),
    [("Outlook for a quarter in technology", "3M"), ("next quarter in cash or banks?", "3M"),
     ("a quarter in tech, a quarter in banks, half in cash", "1M")],
)  # fmt: skip
def test_a_quarter_of_the_whole_is_no_horizon_and_one_of_a_year_is(text: str, horizon: str) -> None:
    assert asked(text, "demo").horizon == horizon


def test_a_list_beside_a_limit_is_read_where_it_is_opened_and_asked_back_where_it_is_not() -> None:
    for opening in ("danh mục của tôi", "dm cua toi", "my portfolio is"):
        request = asked(f"{opening} 40% tech 25% banks 15% energy, energy max 10%")
        assert request.holdings is not None
        assert len(request.holdings.positions) == 3
    with pytest.raises(RequestError, match="Holdings were heard"):
        asked("40% tech 25% banks 15% energy rest cash, energy max 10%, what to change")


def test_a_list_of_limits_is_no_portfolio() -> None:
    request = asked("at most 10% energy, 20% tech, 15% banks")
    assert request.holdings is None
    assert request.patch is not None
    assert len(request.patch.caps) == 3
