"""A limit that was heard is read or refused: none is dropped without a word."""

import pytest

from core.errors import RequestError
from tests.core.asking import asked


@pytest.mark.parametrize(
    "text",
    ["Exclude gadgets", "leave out the worst sector", "Sectors excluding FPT", "Exclude it",
     "Exclude utilities and gadgets", "exclude utilities, gadgets.", "Loại trừ các ngành yếu nhất",
     "Avoid utilities and gadgets", "Avoid gadgets. Which sectors lead?",
     "Show the sectors and skip the gadgets", "Cap gadgets at 15 %",
     "Cap energy at 15 % and gadgets at 5 %",
     "cap gadgets at 0.15 by sector",
     "limit the sectors to 700 bps", "At most 10 % in gadgets of any sector",
     "Giới hạn nhóm đồ chơi ở mức 10 % cho các ngành"],
)  # fmt: skip
def test_a_limit_on_nothing_known_is_refused_with_what_is_known(text: str) -> None:
    with pytest.raises(RequestError, match=r"sectors: |các ngành: "):
        asked(text, "demo")


@pytest.mark.parametrize(
    "text",
    ["Exclude nothing from the sectors", "Sector returns excluding dividends",
     "Foreign flow excluding put-through", "Should I exclude gadgets from the sectors?",
     "Why does the cap at 15 % bind?", "Sectors with a market cap above 5 % of energy",
     "Exclude utilities please", "Drop utilities",
     "Which sectors should I avoid?", "Remove the cap", "Skip the forecast of the sectors",
     "Exclude utilities and rank the sectors"],
)  # fmt: skip
def test_what_is_no_limit_or_is_read_is_not_refused(text: str) -> None:
    assert asked(text, "demo").intent != "off_topic"


@pytest.mark.parametrize(
    ("text", "excluded"),
    [("Exclude util\u0456ties", "utilities"), ("avoid \u0435nergy", "energy"),
     ("no materi\u0430ls, show the sectors", "materials"),
     ("drop h\u03b5alth care", "health_care")],
)  # fmt: skip
def test_letters_of_another_script_that_look_alike_lose_no_limit(text: str, excluded: str) -> None:
    patch = asked(text, "demo").patch

    assert patch is not None
    assert patch.excluded == (excluded,)


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [("excldue energy", "excldue", "exclude"), ("what if I exclued energy?", "exclued", "exclude"),
     ("US sectors wihtout utilities", "wihtout", "without"), ("aviod banks", "aviod", "avoid"),
     ("limti energy to 20%", "limti", "limit"), ("keep energy udner 20%", "udner", "under"),
     ("hãy excldue ngân hàng giúp tôi", "excldue", "exclude")],
)  # fmt: skip
def test_a_misspelt_limit_is_asked_back_not_guessed(text: str, said: str, meant: str) -> None:
    with pytest.raises(RequestError, match=f"'{said}' .*'{meant}'"):
        asked(text, "demo")


@pytest.mark.parametrize(
    "text",
    ["why did you exculde energy?", "an avid reader of energy news in the sectors",
     "limited energy supply, which sectors lead?", "Which sectors excel, energy or utilities?",
     "thống kê các ngành", "I expect energy to lead"],
)  # fmt: skip
def test_a_word_that_is_no_slip_of_a_limit_is_answered(text: str) -> None:
    assert asked(text, "demo").patch is None
