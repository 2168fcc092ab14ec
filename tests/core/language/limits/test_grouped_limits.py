"""Bounds on several sectors together, on their number, and others' advice are asked back."""

import pytest

from core.errors import RequestError
from tests.core.asking import asked, unmarked


@pytest.mark.parametrize(
    "text",
    ["at most 30% in tech and financials combined", "at most 30% in tech and energy together",
     "tech and financials at most 30% in total", "the sum of tech and energy under 30%",
     "combined tech and financials no more than 30%", "tech + financials <= 30% total",
     "at least 10% in staples, health care and utilities combined",
     "cap tech and energy at 30% overall", "tech and energy jointly capped at 30%",
     "năng lượng và công nghệ tổng cộng tối đa 30%", "công nghệ và năng lượng cộng lại tối đa 30%",
     "gộp năng lượng và công nghệ không quá 30%", "tổng năng lượng và tiện ích dưới 30%",
     "tối đa 30% cho cả công nghệ và năng lượng cộng lại"],
)  # fmt: skip
def test_a_bound_on_several_sectors_together_is_none_on_each(text: str) -> None:
    for said in (text, unmarked(text)):
        with pytest.raises(RequestError, match="groups"):
            asked(said, "us")


def test_two_bounds_beside_a_question_of_the_whole_are_read() -> None:
    patch = asked("tech at most 30% and energy at most 20%, how do I look in total?", "us").patch

    assert patch is not None
    assert {row.sector: row.cap for row in patch.caps} == {"technology": 0.3, "energy": 0.2}


@pytest.mark.parametrize(
    "text",
    ["no more than 5 sectors held", "tối đa 5 ngành", "hold at most 5 sectors",
     "keep no more than four sectors", "giữ tối đa 5 ngành thôi", "at most 6 sectors please",
     "không quá 5 ngành trong danh mục", "giữ ít nhất 4 ngành", "at least 4 sectors held"],
)  # fmt: skip
def test_a_limit_on_how_many_sectors_are_held_is_asked_back(text: str) -> None:
    for said in (text, unmarked(text)):
        with pytest.raises(RequestError, match="sector_cap"):
            asked(said, "us")


@pytest.mark.parametrize(
    "text",
    [
        "show at most 5 sectors",
        "top 5 sectors",
        "which 5 sectors lead",
        "liệt kê tối đa 5 ngành",
        "are at least 4 sectors leading?",
    ],
)
def test_how_many_sectors_are_shown_or_asked_of_is_no_limit(text: str) -> None:
    for said in (text, unmarked(text)):
        assert asked(said, "us").patch is None


@pytest.mark.parametrize(
    "text", ["TE under 3", "TE under 3%", "te max 3%", "tracking error under 3", "TE tối đa 3"]
)
def test_a_bound_on_the_tracking_error_needs_no_sign(text: str) -> None:
    with pytest.raises(RequestError, match="tracking_error_pct"):
        asked(text, "us")


def test_an_economy_is_no_tracking_error() -> None:
    assert asked("kinh te duoi 3 thang qua ra sao", "us").patch is None
    assert asked("tracking error under 3 months of data?", "us").patch is None


@pytest.mark.parametrize("text", ["vợ bảo bỏ tiện ích", "mẹ em kêu đừng mua năng lượng"])
def test_marks_tell_whose_advice_it_is(text: str) -> None:
    with pytest.raises(RequestError, match="của người khác"):
        asked(text, "demo")


@pytest.mark.parametrize(
    "text",
    ["my broker says avoid energy", "my advisor told me to avoid energy", "our banker said no tech",
     "my friend says drop energy", "my broker says cap tech at 10%", "avoid energy, my broker says",
     "the press says avoid energy", "môi giới của tôi bảo tránh công nghệ",
     "broker của em khuyên bỏ năng lượng", "anh bạn bảo bỏ tiện ích", "vợ em bảo bỏ tiện ích"],
)  # fmt: skip
def test_what_another_advises_is_asked_back(text: str) -> None:
    for said in (text, unmarked(text)):
        with pytest.raises(RequestError, match=r"another advises|của người khác"):
            asked(said, "us")


@pytest.mark.parametrize(
    "text",
    ["client wants no energy", "the client wants no energy", "my boss says no energy",
     "our clients want no energy", "sếp bảo loại năng lượng",
     "khách hàng muốn không có năng lượng", "my broker says tech is great; exclude energy"],
)  # fmt: skip
def test_the_mandate_of_a_client_is_a_limit(text: str) -> None:
    for said in (text, unmarked(text)):
        patch = asked(said, "us").patch
        assert patch is not None
        assert patch.excluded == ("energy",)


@pytest.mark.parametrize(
    "text",
    ["tech, energy and utilities: max 40% all together",
     "at most 30% in tech and energy put together",
     "tech and energy should not exceed 30% between them", "công nghệ cộng năng lượng tối đa 40%",
     "limit to 5 sectors", "chỉ giữ 5 ngành", "giới hạn 5 ngành", "only hold 5 sectors",
     "TE budget 3%", "tech, energy: max 20%", "cấm tuyệt đối năng lượng, công nghệ tối đa 20%",
     "né năng lượng, công nghệ max 20%", "no position over 15%",
     "holding 40 tech, 30 fin, 30 cash"],
)  # fmt: skip
def test_what_is_half_understood_is_asked_back(text: str) -> None:
    with pytest.raises(RequestError):
        asked(text, "us")


@pytest.mark.parametrize(
    "text", ["don't trade more than 10% of NAV", "move no more than 10% of assets"]
)
def test_what_is_not_to_be_traded_is_the_turnover(text: str) -> None:
    patch = asked(text, "us").patch

    assert patch is not None
    assert patch.turnover == pytest.approx(0.1)
