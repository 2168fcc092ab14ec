"""Limits as people say them in passing are read; one that could be read otherwise is asked back."""

import pytest

from core.errors import RequestError
from core.records.mandate import MandatePatch, SectorCap, SectorFloor
from tests.core.asking import asked


def cap(sector: str, percent: float) -> MandatePatch:
    return MandatePatch(caps=(SectorCap(sector=sector, cap=percent),))


@pytest.mark.parametrize(
    ("text", "patch"),
    [
        ("tech 20% max", cap("technology", 0.2)),
        ("20% tech max", cap("technology", 0.2)),
        ("tech 20% tops please", cap("technology", 0.2)),
        ("I don't want tech above 20%", cap("technology", 0.2)),
        ("dont want more than 20% in tech", cap("technology", 0.2)),
        ("no more then 20% in tech", cap("technology", 0.2)),
        ("không muốn công nghệ quá 20%", cap("technology", 0.2)),
        (
            "tech 5% min, energy 10% max",
            MandatePatch(
                caps=(SectorCap(sector="energy", cap=0.1),),
                floors=(SectorFloor(sector="technology", floor=0.05),),
            ),
        ),
        (
            "no energy and tech max 20%",
            MandatePatch(
                caps=(SectorCap(sector="technology", cap=0.2),), excluded=("energy",)
            ),
        ),
        ("I don't want any energy", MandatePatch(excluded=("energy",))),
        ("k lấy năng lượng nữa", MandatePatch(excluded=("energy",))),
        ("mình không muốn có năng lượng", MandatePatch(excluded=("energy",))),
        ("không thích năng lượng, loại ra giúp em", MandatePatch(excluded=("energy",))),
        ("năng lượng với công nghệ bỏ ra giùm", MandatePatch(excluded=("energy", "technology"))),
        ("không mua năng lượng với công nghệ", MandatePatch(excluded=("energy", "technology"))),
    ],
)  # fmt: skip
def test_a_limit_said_in_passing_is_read(text: str, patch: MandatePatch) -> None:
    assert asked(text).patch == patch


def test_a_cap_of_brokers_is_not_lost_to_words_it_is_folded_with() -> None:
    patch = asked("ko bank, chứng tối đa 20%", "vn").patch

    assert patch is not None
    assert patch.excluded == ("banks",)
    assert [(row.sector, row.cap) for row in patch.caps] == [("financial_services", 0.2)]


def test_ten_percent_in_any_one_sector_caps_each() -> None:
    patch = asked("no more than 10 pct in any one sector").patch

    assert patch is not None
    assert {row.cap for row in patch.caps} == {0.1}
    assert len(patch.caps) == 11


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cap tech at 20", "20"),
        ("tech max 15", "15"),
        ("keep tech under 20 please", "20"),
        ("at least 15 staples", "15"),
        ("cap tech at 20 next month", "20"),
        ("năng lượng tối đa 20", "20"),
        ("giới hạn năng lượng 20 thôi", "20"),
    ],
)
def test_a_bound_without_a_percent_sign_is_asked_back(text: str, said: str) -> None:
    with pytest.raises(RequestError, match=f"{said} %"):
        asked(text)


@pytest.mark.parametrize(
    "text",
    ["tech 20% max energy", "tech 20% max energy 10%", "tech 20% max, rest whatever",
     "tech 20% max or energy", "min 10% gold and max 20% tech"],
)  # fmt: skip
def test_a_limit_that_could_be_anothers_is_asked_back(text: str) -> None:
    with pytest.raises(RequestError):
        asked(text)


@pytest.mark.parametrize(
    "text",
    ["make it 25%", "25 pct", "actually 25%", "thôi 25% đi", "nâng lên 25% được không"],
)
def test_a_percentage_alone_after_one_cap_is_that_cap(text: str) -> None:
    request = asked(text, "us", asked("Cap US tech at 20%"))

    assert request.patch == asked("Cap US tech at 25%").patch


@pytest.mark.parametrize("text", ["25% for tech", "and energy 10%"])
def test_a_percentage_and_a_sector_after_a_limit_are_asked_back(text: str) -> None:
    with pytest.raises(RequestError, match=r"tech at most 20 %|công nghệ tối đa 20 %"):
        asked(text, "us", asked("Cap US tech at 20%"))


@pytest.mark.parametrize(
    "text", ["tech up 5% this month?", "forecast over 3 months", "and energy?", "what about 1 week"]
)
def test_what_sets_no_number_keeps_the_limits(text: str) -> None:
    thread = asked("Cap US tech at 20%")

    assert asked(text, "us", thread).patch == thread.patch


@pytest.mark.parametrize(
    "text",
    ["I don't want to lose money in tech", "tech gained 20% max", "at least 3 banks",
     "which banks are under 20 pe", "did tech gain at most 20", "nên bỏ năng lượng ra không",
     "nên loại năng lượng chưa", "sao không mua năng lượng",
     "năng lượng bỏ ra 500 tỷ mua cổ phiếu quỹ"],
)  # fmt: skip
def test_what_only_sounds_like_a_limit_is_none(text: str) -> None:
    assert asked(text).patch is None


@pytest.mark.parametrize(
    "text",
    ["ditch energy", "get rid of energy please", "please stay away from energy", "leave energy out",
     "keep energy out of it", "anything but energy", "tránh xa năng lượng giúp mình",
     "năng lượng thì bỏ đi"],
)  # fmt: skip
def test_who_is_sent_off_is_left_out(text: str) -> None:
    assert asked(text).patch == MandatePatch(excluded=("energy",))


@pytest.mark.parametrize(
    "text",
    ["people avoid energy", "they drop energy, why", "tây ko chơi năng lượng nữa à",
     "ai bỏ năng lượng ra vậy", "tech < 5% this month?", "foreigners dump energy",
     "should I ditch energy", "did they leave energy out",
     "energy is anything but cheap", "why stay away from energy"],
)  # fmt: skip
def test_what_others_do_or_might_be_done_leaves_nothing_out(text: str) -> None:
    assert asked(text).patch is None


@pytest.mark.parametrize(
    "text",
    ["max tech 20%", "tối đa công nghệ 20%", "tech < 20%", "tech <20% pls", "công nghệ 20% đổ lại",
     "công nghệ đừng để quá 20%", "tech 20% or less"],
)  # fmt: skip
def test_a_cap_is_read_wherever_its_words_stand(text: str) -> None:
    assert asked(text).patch == cap("technology", 0.2)


def test_a_bound_of_each_of_several_bounds_each() -> None:
    patch = asked("at least 5% each in tech and energy").patch

    assert patch is not None
    assert {row.sector: row.floor for row in patch.floors} == {"technology": 0.05, "energy": 0.05}


def test_real_estate_after_a_percentage_is_not_lost() -> None:
    patch = asked("max 20% in tech n 10% in re").patch

    assert patch is not None
    assert {row.sector: row.cap for row in patch.caps} == {"technology": 0.2, "real_estate": 0.1}
