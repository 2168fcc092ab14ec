"""A bound whose number has no sign, or that names no sector, is asked back wherever it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestError
from tests.core.asking import asked, unmarked


@pytest.mark.parametrize(
    "text",
    ["bđs tối đa 10, cân lại giúp", "tech max 25, weights", "cap tech at 25, exclude energy",
     "max 25 tech, weights please", "tech max 25 energy max 10 show weights",
     "giới hạn công nghệ 20 rồi cân lại", "keep tech under 25 for now and drop energy",
     "tech min 5 but energy max 10%", "turnover under 10", "vòng quay tối đa 10",
     "actually make it 20 but zero energy"],
)  # fmt: skip
def test_a_number_without_a_sign_is_asked_back_wherever_its_clause_ends(text: str) -> None:
    for said in (text, unmarked(text)):
        with pytest.raises(RequestError, match=r"said to be a percentage|phần trăm"):
            asked(said, "us")


@settings(max_examples=40)
@given(
    st.sampled_from(["tech max {n}", "cap tech at {n}", "tech at least {n}", "max {n} tech",
                     "công nghệ tối đa {n}", "giới hạn công nghệ ở {n}", "limit tech to {n}"]),
    st.integers(5, 99),
    st.sampled_from(["", ", weights", ", no energy", " and drop energy", ", cân lại giúp", ".",
                     ", what changes?", " then rebalance", ", energy max 10%"]),
)  # fmt: skip
def test_no_bare_bound_is_lost_by_what_follows(form: str, number: int, end: str) -> None:
    with pytest.raises(RequestError):
        asked(form.format(n=number) + end, "us")


@pytest.mark.parametrize(
    "text",
    ["max 15% in any single one", "no more than 15% in any one", "trần 20%", "cap 20%",
     "đặt trần 20% thôi nhé", "cap at 20% please", "tối đa 20% mỗi cái",
     "at most 20% in each of them"],
)  # fmt: skip
def test_a_bound_of_nothing_named_is_asked_back(text: str) -> None:
    for said in (text, unmarked(text)):
        with pytest.raises(RequestError, match=r"names no sector|không nêu ngành"):
            asked(said, "us")


def test_another_number_without_a_sign_is_asked_back_after_limits() -> None:
    before = asked("tech at most 25%", "us")

    for text in ("make it 20", "make it 20 but zero energy", "hạ xuống 20"):
        with pytest.raises(RequestError):
            asked(text, "us", before)


@pytest.mark.parametrize(
    "text",
    ["tech under 3 months", "show at most 10 tech stocks", "top 10 tech", "hold tech 2 more weeks",
     "dưới 20%?", "is tech under 25 PE?", "giữ công nghệ 3 mã thôi", "market cap 20%",
     "which sectors returned at most 5% each?"],
)  # fmt: skip
def test_what_is_counted_shown_or_asked_is_no_bound(text: str) -> None:
    for said in (text, unmarked(text)):
        assert asked(said, "us").patch is None


@pytest.mark.parametrize("text", ["at most 20% in any sector", "tối đa 20% mỗi ngành"])
def test_a_bound_of_every_sector_is_read(text: str) -> None:
    patch = asked(text, "us").patch

    assert patch is not None
    assert {row.cap for row in patch.caps} == {0.2}
