"""Holdings said in parts, or all in one thing, are read; numbers without a sign are asked back."""

import pytest

from core.errors import RequestError
from tests.core.asking import asked


def held(text: str, default: str = "us") -> dict[str, float] | None:
    holdings = asked(text, default).holdings
    if holdings is None:
        return None
    return {row.sector or row.symbol or "": round(row.weight or 0, 4) for row in holdings.positions}


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("7 parts tech, 3 parts energy", {"technology": 0.7, "energy": 0.3}),
        ("my book is 2 parts tech 1 part energy", {"technology": 0.6667, "energy": 0.3333}),
        ("tk em 7 phần công nghệ 3 phần y tế", {"technology": 0.7, "health_care": 0.3}),
        ("công nghệ bảy phần, y tế ba phần", {"technology": 0.7, "health_care": 0.3}),
        ("1 phần 3 công nghệ 2 phần 3 y tế", {"technology": 0.3333, "health_care": 0.6667}),
        ("im all in tech, bad idea?", {"technology": 1.0}),
        ("im 100% tech", {"technology": 1.0}),
        ("I'm 30% in tech now", {"technology": 0.3}),
        ("đang full công nghệ, có nên giảm ko", {"technology": 1.0}),
        ("own tech and energy 50/50", {"technology": 0.5, "energy": 0.5}),
        ("giữ 1/2 công nghệ 1/2 y tế", {"technology": 0.5, "health_care": 0.5}),
        ("đang kẹp 100% công nghệ", {"technology": 1.0}),
        ("all in công nghệ rồi ad ơi", {"technology": 1.0}),
        ("port em 40% công nghệ 60% y tế", {"technology": 0.4, "health_care": 0.6}),
    ],
)
def test_parts_and_the_whole_are_shares(text: str, weights: dict[str, float]) -> None:
    assert held(text) == weights


def test_all_of_it_in_cash_is_held() -> None:
    holdings = asked("port mình 100% cash, h vào j", "vn").holdings

    assert holdings is not None
    assert (holdings.positions, holdings.cash_weight) == ((), 1.0)


@pytest.mark.parametrize(
    "text", ["70% tech 30% cash", "70/30 tech/cash", "cầm 70% công nghệ 30% tiền"]
)
def test_one_sector_and_cash_are_a_list(text: str) -> None:
    holdings = asked(text).holdings

    assert held(text) == {"technology": 0.7}
    assert holdings is not None
    assert holdings.cash_weight == 0.3


@pytest.mark.parametrize(
    "text",
    ["i got 30k in tech", "cơ cấu hiện tại: công nghệ 40, y tế 60",
     "my portfolio: tech 40 energy 60", "danh mục của tôi: công nghệ 30, y tế 20, tiền 50"],
)  # fmt: skip
def test_a_list_of_numbers_without_a_sign_is_asked_back(text: str) -> None:
    with pytest.raises(RequestError, match=r"could not be read|không đọc được"):
        asked(text)


@pytest.mark.parametrize(
    "text",
    ["should I be all in tech", "all in all tech is fine", "im all in tech and energy",
     "nên chia 7 phần công nghệ 3 phần y tế không", "should i go 7 parts tech 3 parts energy",
     "im 60% sure tech leads", "we are 20% up in tech", "I am 5% down on energy",
     "thinkin of goin 50% semis"],
)  # fmt: skip
def test_what_is_wished_or_told_is_not_held(text: str) -> None:
    assert held(text) is None


def test_a_share_somebody_thinks_of_is_a_target() -> None:
    request = asked("thinkin of goin 50% semis")

    assert (request.patch, request.topics[0]) == (None, "target")


def test_words_with_marks_are_vietnamese() -> None:
    assert asked("7 phần bank 3 phần chứng", "vn").language == "vi"
