import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from core.records.mandate import MandatePatch
from tests.core.asking import asked, unmarked

Bounds = dict[str, float]
HEALTH, TECH, ENERGY, BANKS = "health_care", "technology", "energy", "financials"


def _patch(text: str) -> MandatePatch:
    return asked(text).patch or MandatePatch()


def _caps(patch: MandatePatch) -> Bounds:
    return {row.sector: row.cap for row in patch.caps}


def _floors(patch: MandatePatch) -> Bounds:
    return {row.sector: row.floor for row in patch.floors}


@pytest.mark.parametrize(
    ("text", "caps", "floors"),
    [
        ("max 10% energy, tech max 25%", {ENERGY: 0.1, TECH: 0.25}, {}),
        ("at least 20% health care, tech at most 25%", {TECH: 0.25}, {HEALTH: 0.2}),
        ("at least 20% health care and tech at most 25%", {TECH: 0.25}, {HEALTH: 0.2}),
        ("max 10% energy, tech at least 25%", {ENERGY: 0.1}, {TECH: 0.25}),
        ("at most 10% energy, at least 25% tech", {ENERGY: 0.1}, {TECH: 0.25}),
        ("max 10% energy, max 25% tech", {ENERGY: 0.1, TECH: 0.25}, {}),
        ("energy max 10%, tech min 25%", {ENERGY: 0.1}, {TECH: 0.25}),
        ("max 10% energy and banks, max 25% tech", {ENERGY: 0.1, BANKS: 0.1, TECH: 0.25}, {}),
        ("max 5% energy, tech max 25%, banks max 9%", {ENERGY: 0.05, TECH: 0.25, BANKS: 0.09}, {}),
        ("at most 15% in energy and tech", {ENERGY: 0.15, TECH: 0.15}, {}),
        ("cap tech at 20%, energy at 10%", {TECH: 0.2, ENERGY: 0.1}, {}),
        ("tối đa 10% năng lượng, công nghệ tối đa 25%", {ENERGY: 0.1, TECH: 0.25}, {}),
        ("ít nhất 20% y tế, công nghệ không quá 25%", {TECH: 0.25}, {HEALTH: 0.2}),
        ("energy can't exceed 10%", {ENERGY: 0.1}, {}),
        ("energy cannot go over a tenth", {ENERGY: 0.1}, {}),
        ("năng lượng đừng quá 10%", {ENERGY: 0.1}, {}),
        ("y tế ít nhất một phần năm", {}, {HEALTH: 0.2}),
    ],
)
def test_each_bound_is_of_its_own_sectors(text: str, caps: Bounds, floors: Bounds) -> None:
    for said in (text, unmarked(text)):
        patch = _patch(said)
        assert (_caps(patch), _floors(patch), patch.excluded) == (caps, floors, ())


def test_what_is_out_beside_a_bound_is_left_out_and_not_bounded() -> None:
    patch = _patch("max 10% energy, utilities out")
    assert (_caps(patch), patch.excluded) == ({ENERGY: 0.1}, ("utilities",))
    assert _patch("keep it simple: tech in, energy out?") == MandatePatch()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max 10% energy, banks, tech max 25%", "could be read in two ways"),
        ("tối đa 10% năng lượng, ngân hàng, công nghệ tối đa 25%", "hai cách"),
        ("keep tech below a quarter", "A limit was heard"),
        ("10% instead of 15 for energy", "A limit was heard"),
        ("y tế ít nhất 1/5", "giới hạn"),
    ],
)
def test_a_limit_that_could_be_read_in_two_ways_or_in_none_is_asked_back(
    text: str, said: str
) -> None:
    with pytest.raises(RequestError, match=said):
        asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "which sectors gained at least 20% this year?",
        "why is energy at most 10%, and tech at most 25%?",
        "is tech under pressure a quarter after the cut?",
    ],
)
def test_a_question_about_bounds_states_none(text: str) -> None:
    assert _patch(text) == MandatePatch()


NAMES = {"energy": ENERGY, "tech": TECH, "banks": BANKS, "health care": HEALTH}


@given(
    st.permutations(sorted(NAMES)),
    st.lists(
        st.tuples(st.sampled_from(["at most", "at least"]), st.integers(1, 24), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([", ", " and ", "; "]),
)
def test_however_bounds_are_ordered_each_sector_has_its_own_or_the_user_is_asked(
    names: list[str], bounds: list[tuple[str, int, bool]], joiner: str
) -> None:
    said = joiner.join(
        f"{word} {number}% {name}" if first else f"{name} {word} {number}%"
        for name, (word, number, first) in zip(names, bounds, strict=False)
    )
    stated = [
        (NAMES[name], word, number / 100)
        for name, (word, number, _) in zip(names, bounds, strict=False)
    ]
    try:
        patch = _patch(said)
    except RequestError:
        return
    assert _caps(patch) == {name: cap for name, word, cap in stated if word == "at most"}
    assert _floors(patch) == {name: low for name, word, low in stated if word == "at least"}


@pytest.mark.parametrize(
    "text", ["make it 10% and exclude utilities", "lower the cap to 10%, no utilities"]
)
def test_another_number_for_a_limit_nobody_names_is_asked_back(text: str) -> None:
    capped = asked("cap tech at 15%: what changes?")
    with pytest.raises(RequestError, match="A limit was heard"):
        asked(text, previous=capped)
