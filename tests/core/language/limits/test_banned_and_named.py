"""What is banned is out, what a strange word does is asked back, and short names are sectors."""

import pytest

from core.errors import RequestError
from tests.core.asking import asked, unmarked


@pytest.mark.parametrize(
    "text",
    ["Mỹ: cấm năng lượng, tech tối đa 25%, fin tối đa 15%",
     "cấm năng lượng, công nghệ tối đa 25%, tài chính tối đa 15%",
     "ban energy, tech max 25%, fin max 15%", "forbid energy, fin 15% max, tech 25% max",
     "prohibit fossil, tech at most 25%, fins at most 15%",
     "no fossil fuels; cap tech at 25%; cap fin at 15%"],
)  # fmt: skip
def test_what_is_banned_is_out_and_what_follows_is_bound(text: str) -> None:
    patch = asked(text, "us").patch

    assert patch is not None
    assert patch.excluded == ("energy",)
    assert {row.sector: row.cap for row in patch.caps} == {"technology": 0.25, "financials": 0.15}


@pytest.mark.parametrize(
    "text",
    ["cam nang luong, cong nghe toi da 25%", "cam nang luong", "no-go energy, tech max 25%",
     "kill energy, tech max 25%", "zap energy and tech at most 25%", "love energy, tech max 25%",
     "could you zap energy, tech at least 5%?", "khoá năng lượng, công nghệ tối đa 25%",
     "gạch tên năng lượng, công nghệ tối đa 25%", "xả năng lượng, công nghệ tối đa 25%"],
)  # fmt: skip
def test_a_word_that_does_something_to_the_first_of_a_list_is_asked_back(text: str) -> None:
    for said in (text, unmarked(text)):
        with pytest.raises(RequestError):
            asked(said, "us")


def test_what_is_not_banned_is_neither_out_nor_bound_by_the_next() -> None:
    with pytest.raises(RequestError):
        asked("không cấm năng lượng, công nghệ tối đa 10%", "us")


@pytest.mark.parametrize(
    "text",
    ["energy, tech max 25%", "energy and tech max 25%", "what if energy, tech max 25%",
     "rebalance with energy, tech max 25%", "please keep energy, tech under 25%",
     "cân lại: năng lượng, công nghệ tối đa 25%"],
)  # fmt: skip
def test_a_list_shares_its_bound(text: str) -> None:
    patch = asked(text, "us").patch

    assert patch is not None
    assert {row.sector: row.cap for row in patch.caps} == {"technology": 0.25, "energy": 0.25}


@pytest.mark.parametrize(
    "text",
    ["cầm năng lượng, công nghệ có nên bán không?", "tôi cầm năng lượng", "lệnh cấm năng lượng",
     "Mỹ cấm dầu Nga thì ngành nào lợi?"],
)  # fmt: skip
def test_what_is_held_or_banned_by_others_is_no_limit(text: str) -> None:
    assert asked(text, "us").patch is None


@pytest.mark.parametrize(
    ("text", "sectors"),
    [("energy, fin, tech over 3 months", {"energy", "financials", "technology"}),
     ("tech and fin over 3 months", {"technology", "financials"}),
     ("how is fossil doing?", {"energy"}), ("utes or fins?", {"utilities", "financials"}),
     ("fintech and energy over 3 months", {"energy"})],
)  # fmt: skip
def test_short_names_are_sectors_where_they_stand_in_a_list(text: str, sectors: set[str]) -> None:
    assert {row.sector for row in asked(text, "us").focus} == sectors
