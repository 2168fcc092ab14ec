"""A portfolio stated in words, as it is understood or refused."""

import pytest

from core.errors import RequestError
from core.records.holdings import Position
from core.records.mandate import MandatePatch, SectorCap
from core.records.request import Request
from tests.core.asking import UNIVERSES, asked, unmarked

VIETNAMESE = "Danh mục: 30% bank, 20% bđs, 10% thép, còn lại tiền mặt. Chỉnh gì?"
ENGLISH = "I hold 30% banks, 20% property, rest cash: what should I change?"


def held(request: Request) -> tuple[dict[str, float], float | None]:
    assert request.holdings is not None
    named = {
        row.sector or row.symbol or "": row.weight or 0.0 for row in request.holdings.positions
    }
    return named, request.holdings.cash_weight


@pytest.mark.parametrize("text", [VIETNAMESE, unmarked(VIETNAMESE), VIETNAMESE.upper()])
def test_a_portfolio_in_vietnamese_becomes_holdings_by_sector(text: str) -> None:
    request = asked(text, "vn")

    assert held(request) == ({"banks": 0.3, "real_estate": 0.2, "basic_resources": 0.1}, 0.4)
    assert request.holdings is not None
    assert (request.holdings.universe, request.holdings.dated) == ("vn", None)
    assert request.holdings.source == "question"
    assert request.topics[0] == "holdings"
    assert (request.intent, request.patch) == ("question", None)


def test_a_portfolio_in_english_becomes_holdings_and_each_alias_is_shown() -> None:
    request = asked(ENGLISH, "vn")
    shown = {row.field: row.value for row in request.inferred if row.why == "from_words"}

    assert held(request) == ({"banks": 0.3, "real_estate": 0.2}, 0.5)
    assert [row.said for row in request.focus] == ["banks", "property"]
    assert shown["holdings"] == "banks 30 %, real_estate 20 %, cash 50 %"
    assert "property = vn/real_estate" in {row.value for row in request.inferred}


@pytest.mark.parametrize(
    ("text", "named", "cash"),
    [
        ("tôi đang giữ ngân hàng 30% và bđs 20%", {"banks": 0.3, "real_estate": 0.2}, None),
        ("my portfolio is 40% banks, 40% retail and 20% cash", {"banks": 0.4, "retail": 0.4}, 0.2),
        ("30% bank, 20% nhà băng, 10% tiền mặt", {"banks": 0.5}, 0.1),
        ("Danh mục của tôi hiện có 12,5% chứng, phần còn lại là tiền mặt, chỉnh gì?",
         {"financial_services": 0.125}, 0.875),
        ("what if I hold 30% banks, the rest in cash", {"banks": 0.3}, 0.7),
        ("Danh mục: 30% FPT, 20% bank, còn lại tiền mặt", {"banks": 0.2, "FPT": 0.3}, 0.5),
        ("danh muc gom 20 phan tram BĐS KCN va 10% đầu tư công",
         {"real_estate": 0.2, "construction_materials": 0.1}, None),
    ],
)  # fmt: skip
def test_lists_are_read_in_either_order(
    text: str, named: dict[str, float], cash: float | None
) -> None:
    assert held(asked(text, "vn")) == (named, cash)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Danh mục: 70% bank, 40% bđs", "110 %"),
        ("Danh mục: 30% tài chính, còn lại tiền mặt", "từng ngành"),
        ("I hold 30% financials, 20% steel", "say how much of each"),
        ("Danh mục: 30% bank, 10% vàng, còn lại tiền mặt", "10 % vang"),
        ("I hold 30% banks and 10% gold", "10 % gold"),
    ],
)
def test_what_cannot_be_held_as_said_is_refused(text: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        asked(text, "vn")


def test_a_sector_the_market_does_not_have_is_refused() -> None:
    with pytest.raises(RequestError, match="real estate"):
        asked("I hold 30% real estate, rest cash", "europe")


@pytest.mark.parametrize(
    "text",
    ["should I hold 30% banks and 20% steel?", "hold banks at 10%", "cap banks at 20%, steel 10%",
     "banks are 30% of the index", "banks up 8%, steel up 5% this month"],
)  # fmt: skip
def test_what_is_no_list_of_holdings_is_none(text: str) -> None:
    assert asked(text, "vn").holdings is None


def test_limits_after_a_portfolio_are_limits() -> None:
    request = asked("Tôi giữ 30% bank, 20% bđs. Giới hạn bank ở mức 25%?", "vn")

    assert held(request) == ({"banks": 0.3, "real_estate": 0.2}, None)
    assert request.patch == MandatePatch(caps=(SectorCap(sector="banks", cap=0.25),))


def test_holdings_stay_in_the_thread_of_their_market_until_forgotten() -> None:
    first = asked(ENGLISH, "vn")
    second = asked("and three months instead of one?", "vn", first)

    assert second.holdings == first.holdings
    assert "holdings" in second.topics
    assert asked("Which US sectors lead?", "vn", first).holdings is None
    assert asked("forget my holdings, which sectors lead?", "vn", first).holdings is None
    assert ("holdings", "from_thread") in {(row.field, row.why) for row in second.inferred}


def test_symbols_held_are_not_asked_about() -> None:
    request = asked("Danh mục: 30% FPT, 20% bank, còn lại tiền mặt", "vn")

    assert request.symbols == ()
    assert request.holdings is not None
    assert Position(symbol="FPT", weight=0.3) in request.holdings.positions


def test_every_market_reads_its_own_sectors() -> None:
    for universe in UNIVERSES:
        first, second = universe.sectors[0], universe.sectors[1]
        text = f"I hold 30% {first.name_en}, 20% {second.name_en}, rest cash"
        named, cash = held(asked(text, universe.id))
        assert named == {first.id: 0.3, second.id: 0.2}
        assert cash == 0.5
