"""A list of holdings of which a part has no sign, or is money, is asked back, never shortened."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestError
from tests.core.asking import asked, unmarked


@pytest.mark.parametrize(
    "text",
    ["im 40 xlk 25 xlf 15 xle rest cash", "I'm 40 tech 25 financials 15 energy, rest cash",
     "40 xlk 25 xlf 15 xle rest cash", "xlk 40 xlf 25 xle 15 rest cash", "40 tech 60 energy",
     "30% tech, 20 energy, rest cash", "30% tech 20% energy 10 utilities", "half tech, 20 energy",
     "half tech, a fifth energy, 10 utilities, 10 staples, bal in cash",
     "10 energy, half tech, rest cash", "im 40 tech 30 energy",
     "200 tỷ: 80 tỷ công nghệ, 50 tỷ tiện ích, dư tiền mặt",
     "tôi có 200 tỷ: 80 tỷ công nghệ, 50 tỷ tiện ích, còn lại tiền mặt",
     "danh mục: 80 tỷ công nghệ, 50 tỷ tiện ích", "công nghệ 40, tiện ích 30, còn lại tiền mặt"],
)  # fmt: skip
def test_a_list_that_is_half_read_is_asked_back(text: str) -> None:
    for said in (text, unmarked(text)):
        with pytest.raises(RequestError, match=r"could not be read|không đọc được"):
            asked(said, "us")


@settings(max_examples=40)
@given(
    st.sampled_from(["", "i hold ", "my portfolio is ", "im "]),
    st.lists(st.sampled_from(["40% {}", "30 {}", "half {}", "a fifth of it {}", "10 {}", "{} 20",
                              "20% {}"]), min_size=2, max_size=4),
    st.sampled_from([", ", " "]),
    st.sampled_from(["", ", rest cash", ", bal in cash", " the rest in cash"]),
)  # fmt: skip
def test_no_part_of_a_stated_list_passes_for_cash(
    opening: str, forms: list[str], joiner: str, end: str
) -> None:
    names = ("tech", "energy", "utilities", "staples")
    text = opening + joiner.join(map(str.format, forms, names)) + end
    try:
        holdings = asked(text, "us").holdings
    except RequestError:
        return
    assert holdings is None or len(holdings.positions) == len(forms), text


@pytest.mark.parametrize(
    ("text", "cash"),
    [("half tech, a fifth energy, bal in cash", 0.3), ("60% tech bal cash", 0.4),
     ("60% công nghệ, dư tiền mặt", 0.4)],
)  # fmt: skip
def test_the_balance_is_the_rest(text: str, cash: float) -> None:
    for said in (text, unmarked(text)):
        holdings = asked(said, "us").holdings
        assert holdings is not None
        assert holdings.cash_weight == pytest.approx(cash)


@pytest.mark.parametrize(
    "text",
    ["khối ngoại mua 80 tỷ công nghệ, 50 tỷ tiện ích", "top 5 tech, 3 energy",
     "compare 3 tech, 2 energy", "tech 3 months, energy 1 month", "tech and energy 60/40 odds"],
)  # fmt: skip
def test_numbers_beside_sectors_that_nobody_holds_are_no_holdings(text: str) -> None:
    for said in (text, unmarked(text)):
        assert asked(said, "us").holdings is None


@pytest.mark.parametrize(
    "text", ["I hold 30% tech 20% energy, 3 months", "I hold 30% tech 20% energy; top 5 tech?"]
)
def test_a_number_after_a_list_that_is_none_of_it_is_left(text: str) -> None:
    holdings = asked(text, "us").holdings

    assert holdings is not None
    assert len(holdings.positions) == 2


@pytest.mark.parametrize(
    "text",
    ["Chỉ muốn đổi tối đa 10% NAV", "change at most 10% of NAV", "chỉ đổi tối đa 10% danh mục",
     "I want to trade at most 10% of the portfolio", "trade no more than 10% of my book"],
)  # fmt: skip
def test_what_of_the_whole_is_traded_is_the_turnover(text: str) -> None:
    for said in (text, unmarked(text)):
        patch = asked(said, "us").patch
        assert patch is not None
        assert patch.turnover == pytest.approx(0.1)
