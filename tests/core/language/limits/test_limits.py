"""Limits in words: of every sector alike, in basis points, tighter ones, and limits at odds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestError
from core.records.mandate import MandatePatch, SectorCap
from tests.core.asking import UNIVERSES, asked

DEMO = next(universe for universe in UNIVERSES if universe.id == "demo")


def caps(text: str) -> dict[str, float]:
    patch = asked(text, "demo").patch or MandatePatch()
    return {row.sector: row.cap for row in patch.caps}


@pytest.mark.parametrize(
    "text",
    [
        "What if no sector may exceed 12 %?", "cap every sector at 12%", "at most 12 % per sector",
        "each sector capped at 12%", "all sectors at most 12%",
        "Nếu mọi ngành tối đa 12 % thì sao?", "không ngành nào vượt quá 12%",
        "giới hạn mỗi ngành ở mức 12%", "tối đa 12% mỗi ngành",
    ],
)  # fmt: skip
def test_a_cap_of_every_sector_alike_caps_each(text: str) -> None:
    assert caps(text) == dict.fromkeys(DEMO.sector_ids, 0.12)


def test_one_sectors_own_cap_and_its_exclusion_stand_beside_that_of_all() -> None:
    patch = asked("cap every sector at 12% and technology at 20%, exclude energy", "demo").patch

    assert patch is not None
    others = set(DEMO.sector_ids) - {"energy", "technology"}
    assert {row.sector: row.cap for row in patch.caps} == (
        dict.fromkeys(others, 0.12) | {"technology": 0.2}
    )
    assert patch.excluded == ("energy",)


@pytest.mark.parametrize(
    "text",
    [
        "did any sector exceed 12%?",
        "why is no sector above 12%?",
        "which sectors gained over 12 %?",
    ],
)
def test_a_question_about_all_sectors_caps_none(text: str) -> None:
    assert caps(text) == {}


@pytest.mark.parametrize(
    ("text", "cap"),
    [
        ("cap technology at 500 basis points", 0.05), ("cap technology at 250bps", 0.025),
        ("Giới hạn công nghệ ở mức 500 điểm cơ bản", 0.05), ("cap technology at 1 bp", 0.0001),
        ("Cap technology at ２０ ％", 0.2),
    ],
)  # fmt: skip
def test_a_limit_in_basis_points_or_wide_digits_is_read_in_its_unit(text: str, cap: float) -> None:
    assert caps(text) == pytest.approx({"technology": cap})


@pytest.mark.parametrize(
    "text",
    ["cap technology at -5 %", "cap technology at −5%", "giới hạn công nghệ ở mức -5%",
     "limit energy to -0.5 percent"],
)  # fmt: skip
def test_a_limit_below_zero_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="-"):
        asked(text, "demo")


def test_a_dash_before_a_limit_is_no_sign() -> None:
    assert caps("cap technology - 20 %, energy below 10 %")["energy"] == 0.1


def test_of_two_bounds_on_one_sector_the_tighter_stands() -> None:
    assert caps("cap technology at 10 % and cap technology at 20 %") == {"technology": 0.1}
    patch = asked("at least 5% banks, at least 10% banks", "vn").patch
    assert patch is not None
    assert [row.floor for row in patch.floors] == [0.1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "cap technology at 20 % and keep at least 30 % technology",
            "at most 20 % and at least 30",
        ),
        ("công nghệ tối đa 20% và ít nhất 30% công nghệ", "tối đa 20 % vừa tối thiểu 30 %"),
        ("at least 60 % technology and at least 60 % financials", "add up to 120 %"),
        ("ít nhất 60% công nghệ và ít nhất 60% tài chính", "cộng lại thành 120 %"),
        ("at least 20 % technology, no sector may exceed 12 %", "at most 12 % and at least 20"),
    ],
)
def test_limits_no_weights_can_keep_are_refused_with_both(text: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        asked(text, "demo")


def test_a_floor_above_the_threads_cap_is_refused_until_that_is_lifted() -> None:
    first = asked("cap technology at 10 %", "demo")

    with pytest.raises(RequestError, match="at most 10 % and at least 15 %"):
        asked("at least 15% technology", "demo", first)
    lifted = asked("lift the technology cap", "demo", first)
    assert asked("at least 15% technology", "demo", lifted).patch is not None


@settings(max_examples=60)
@given(st.integers(0, 100), st.integers(0, 100))
def test_a_cap_and_a_floor_hold_together_or_are_refused(cap: int, floor: int) -> None:
    text = f"cap technology at {cap} % and at least {floor} % technology"
    if floor > cap:
        with pytest.raises(RequestError):
            asked(text, "demo")
        return
    patch = asked(text, "demo").patch
    assert patch is not None
    assert patch.caps == (SectorCap(sector="technology", cap=cap / 100),)
    assert patch.floors[0].floor <= patch.caps[0].cap


@pytest.mark.parametrize(
    ("text", "excluded", "capped", "floored"),
    [
        ("Weights with banks and energy left alone, ban industrials entirely",
         {"industrials"}, {}, {}),
        ("giả sử cấm hẳn ngành công nghệ", {"technology"}, {}, {}),
        ("without energy, industrials no more than 20%", {"energy"}, {"industrials": 0.2}, {}),
        ("utilities at most a fifth of my portfolio", set(), {"utilities": 0.2}, {}),
        ("keep energy between 4 and 11 percent", set(), {"energy": 0.11}, {"energy": 0.04}),
        ("năng lượng từ 4 đến 11%", set(), {"energy": 0.11}, {"energy": 0.04}),
        ("at most 15% in technology, at least 6% in energy, no utilities",
         {"utilities"}, {"technology": 0.15}, {"energy": 0.06}),
        ("technology at most 15%, energy at least 6%", set(), {"technology": 0.15},
         {"energy": 0.06}),
    ],
)  # fmt: skip
def test_limits_beside_each_other_bound_each_its_own(
    text: str, excluded: set[str], capped: dict[str, float], floored: dict[str, float]
) -> None:
    request = asked(text, "demo")
    patch = request.patch or MandatePatch()
    assert request.horizon == "1M"
    assert set(patch.excluded) == excluded
    assert {row.sector: row.cap for row in patch.caps} == capped
    assert {row.sector: row.floor for row in patch.floors} == floored
