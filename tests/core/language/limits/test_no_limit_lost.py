"""However limits are said, those stated are read or asked back; others' doings state none."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestError
from core.records.mandate import MandatePatch
from tests.core.asking import asked

ENGLISH = {"energy": "energy", "technology": "technology", "real estate": "real_estate",
           "utilities": "utilities"}  # fmt: skip
VIETNAMESE = {"năng lượng": "energy", "công nghệ": "technology", "bất động sản": "real_estate",
              "tiện ích": "utilities"}  # fmt: skip
CAPS = (
    "cap {s} at {n}%", "{s} capped at {n}%", "{s} is capped at {n}%", "{s} at most {n}%",
    "at most {n}% {s}", "at most {n}% in {s}", "{s} {n}% max", "{n}% max {s}", "max {s} {n}%",
    "{s} <= {n}%", "a {n}% cap on {s}", "{s} with a {n}% cap", "keep {s} under {n}%",
    "{s} should not exceed {n}%", "limit {s} to {n}%", "no more than {n}% {s}",
    "don't let {s} exceed {n}%", "never let {s} go above {n}%", "{s} less than {n}%",
    "{s} no greater than {n}%", "keep {s} at or below {n}%", "{s} should stay below {n}%",
    "{s} {n}% or less",
)  # fmt: skip
FLOORS = (
    "{s} at least {n}%", "at least {n}% {s}", "at least {n}% in {s}", "{s} {n}% min",
    "{s} >= {n}%", "min {n}% {s}", "{s} with a {n}% floor", "floor {s} at {n}%",
    "{s} {n}% or more", "keep {s} at or above {n}%",
)  # fmt: skip
OUTS = (
    "exclude {s}", "{s} excluded", "{s} is excluded", "without {s}", "no {s}", "avoid {s}",
    "{s} left out", "leave {s} out", "{s} out", "excluding {s}", "remove {s}", "{s} is not allowed",
    "stay out of {s}", "drop {s}", "forbid {s}", "prohibit {s}", "blacklist {s}",
)  # fmt: skip
CAPS_VI = (
    "{s} tối đa {n}%", "tối đa {n}% {s}", "giới hạn {s} ở {n}%", "trần {s} {n}%",
    "{s} không quá {n}%", "{s} bị chặn ở {n}%", "chặn {s} ở mức {n}%", "{s} trần {n}%",
    "{s} dưới {n}%", "không quá {n}% {s}", "không để {s} quá {n}%", "{s} không được quá {n}%",
    "{s} không nên vượt {n}%", "{s} ít hơn {n}%", "đừng cho {s} vượt {n}%",
)  # fmt: skip
FLOORS_VI = ("{s} ít nhất {n}%", "ít nhất {n}% {s}", "{s} tối thiểu {n}%", "{s} sàn {n}%")
OUTS_VI = (
    "loại {s}", "bỏ {s}", "{s} bị loại", "loại bỏ {s}", "không mua {s}", "tránh {s}",
    "loại trừ {s}", "không nắm giữ {s}", "{s} bị loại bỏ", "không có {s}",
    "cấm {s}", "cấm mua {s}", "{s} bị cấm", "đừng mua {s}", "đừng nắm giữ {s}",
)  # fmt: skip


class Said(NamedTuple):
    """A clause with its sector, and its bound in percent where it is none of leaving out."""

    clause: str
    sector: str
    kind: str
    percent: int


def _clauses(
    names: dict[str, str], *forms: tuple[str, tuple[str, ...]]
) -> st.SearchStrategy[list[Said]]:
    pairs = [(kind, form) for kind, many in forms for form in many]

    def said(order: list[str], rows: list[tuple[tuple[str, str], int]]) -> list[Said]:
        return [
            Said(form.format(s=name, n=percent), names[name], kind, percent)
            for name, ((kind, form), percent) in zip(order, rows, strict=False)
        ]

    rows = st.lists(
        st.tuples(st.sampled_from(pairs), st.integers(1, 24)), min_size=1, max_size=len(names)
    )
    return st.builds(said, st.permutations(sorted(names)), rows)


IN_ENGLISH = _clauses(ENGLISH, ("cap", CAPS), ("floor", FLOORS), ("out", OUTS))
IN_VIETNAMESE = _clauses(VIETNAMESE, ("cap", CAPS_VI), ("floor", FLOORS_VI), ("out", OUTS_VI))


def _is_read_or_asked_back(text: str, stated: list[Said]) -> bool:
    """Tell whether the limits of the text are those stated, or none was taken but asked for."""
    try:
        patch = asked(text, "demo").patch or MandatePatch()
    except RequestError:
        return False
    caps = {row.sector: round(100 * row.cap) for row in patch.caps}
    floors = {row.sector: round(100 * row.floor) for row in patch.floors}
    assert caps == {row.sector: row.percent for row in stated if row.kind == "cap"}, text
    assert floors == {row.sector: row.percent for row in stated if row.kind == "floor"}, text
    assert set(patch.excluded) == {row.sector for row in stated if row.kind == "out"}, text
    return True


TEXTS = {
    "en": (IN_ENGLISH, [", ", " and ", "; ", ", and ", " but "],
           ["", "What if ", "show the weights with ", "please "]),
    "vi": (IN_VIETNAMESE, [", ", " và ", "; ", ", và ", " nhưng "],
           ["", "nếu ", "tỷ trọng các ngành khi ", "hãy "]),
}  # fmt: skip
"""Clauses, what joins them, and how a text opens."""


@pytest.mark.prove
@pytest.mark.parametrize("language", TEXTS)
@settings(max_examples=20_000)
@given(st.data())
def test_of_twenty_thousand_texts_none_loses_a_limit(language: str, data: st.DataObject) -> None:
    clauses, joiners, openings = TEXTS[language]
    stated = data.draw(clauses)
    joiner, opening = data.draw(st.sampled_from(joiners)), data.draw(st.sampled_from(openings))
    _is_read_or_asked_back(opening + joiner.join(row.clause for row in stated), stated)


@settings(max_examples=50)
@given(IN_ENGLISH, *map(st.sampled_from, TEXTS["en"][1:]))
def test_in_english_the_limits_stated_are_read_or_asked_back(
    stated: list[Said], joiner: str, opening: str
) -> None:
    _is_read_or_asked_back(opening + joiner.join(row.clause for row in stated), stated)


@settings(max_examples=50)
@given(IN_VIETNAMESE, *map(st.sampled_from, TEXTS["vi"][1:]))
def test_in_vietnamese_the_limits_stated_are_read_or_asked_back(
    stated: list[Said], joiner: str, opening: str
) -> None:
    _is_read_or_asked_back(opening + joiner.join(row.clause for row in stated), stated)


@pytest.mark.parametrize("form", [*CAPS, *FLOORS, *OUTS, *CAPS_VI, *FLOORS_VI, *OUTS_VI])
def test_each_form_alone_is_read(form: str) -> None:
    forms = {"cap": CAPS + CAPS_VI, "floor": FLOORS + FLOORS_VI, "out": OUTS + OUTS_VI}
    kind = next(kind for kind, many in forms.items() if form in many)
    name = "energy" if form in CAPS + FLOORS + OUTS else "năng lượng"
    opening = "" if kind != "out" or form[-3:] != "out" else "tech at most 20%; "
    stated = [Said("", "energy", kind, 7)]
    stated += [Said("", "technology", "cap", 20)] if opening else []

    assert _is_read_or_asked_back(opening + form.format(s=name, n=7), stated), form


@pytest.mark.parametrize(
    ("text", "caps", "excluded"),
    [("What if energy is excluded and industrials capped at 20%?", {"industrials": 20}, "energy"),
     ("Cap technology at 8% and real estate excluded", {"technology": 8}, "real_estate"),
     ("max 10% energy, utilities out", {"energy": 10}, "utilities"),
     ("what should I do if real estate is excluded and tech capped at 8%?", {"technology": 8},
      "real_estate"),
     ("How would the allocation look without energy?", {}, "energy"),
     ("How should I allocate with technology at most 20%?", {"technology": 20}, ""),
     ("technology should not exceed 17%, utilities should not exceed 8%",
      {"technology": 17, "utilities": 8}, ""),
     ("khối ngoại tránh ngân hàng, công nghệ tối đa 8%", {"technology": 8}, ""),
     ("show foreign flow, exclude energy", {}, "energy"),
     ("bỏ tiện ích, công nghệ trần 21%", {"technology": 21}, "utilities"),
     ("công nghệ bị chặn ở 8% và loại năng lượng", {"technology": 8}, "energy")],
)  # fmt: skip
def test_every_limit_of_a_text_is_read(text: str, caps: dict[str, int], excluded: str) -> None:
    patch = asked(text, "demo").patch

    assert patch is not None
    assert {row.sector: round(100 * row.cap) for row in patch.caps} == caps
    assert patch.excluded == ((excluded,) if excluded else ())


def test_equal_bounds_on_either_side_of_their_sectors_are_not_exchanged() -> None:
    patch = asked(
        "ít nhất 2% bất động sản, ít nhất 2% công nghệ, ít nhất 1% năng lượng, tiện ích sàn 2%",
        "demo",
    ).patch

    assert patch is not None
    assert {row.sector: round(100 * row.floor) for row in patch.floors} == {
        "real_estate": 2, "technology": 2, "energy": 1, "utilities": 2
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["cap technology and energy at 10% and 5%", "at most 8% technology and energy excluded",
     "tech, energy excluded", "drop utilities, and technology at most 22%",
     "giới hạn công nghệ ở 8%, loại tiện ích, ít nhất 21% năng lượng",
     "technology's weight must stay below 10%, energy out"],
)  # fmt: skip
def test_limits_that_could_be_read_otherwise_are_asked_back(text: str) -> None:
    with pytest.raises(RequestError, match=r"A limit was heard|giới hạn"):
        asked(text, "demo")


@pytest.mark.parametrize(
    "text",
    ["should i avoid energy?", "Which sectors should I avoid?", "why is energy excluded?",
     "is technology capped at 20%?", "keep it simple: tech in, energy out?",
     "bank không thép không", "bank không thép không chứng khoán không?",
     "energy gained at least 20% last year, why?", "energy is excluded by the index",
     "should energy be excluded?", "Sectors with a market cap above 5 % of energy"],
)  # fmt: skip
def test_a_question_states_no_limit(text: str) -> None:
    assert asked(text, "demo").patch is None


@settings(max_examples=50)
@given(
    st.sampled_from(
        ["foreigners", "they", "people", "hedge funds", "whales", "analysts", "other investors",
         "the fund X", "traders", "everyone"]
    ),
    st.sampled_from(["", "are ", "will ", "still ", "do not ", "have been ", "say ", "want to "]),
    st.sampled_from(["avoid", "avoiding", "exclude", "drop", "cap", "limit", "ban", "stay out of",
                     "remove", "keep away from"]),
    st.sampled_from(sorted(ENGLISH)),
    st.sampled_from(["", ", why?", " over three months", " at 20%"]),
)  # fmt: skip
def test_in_english_what_others_do_states_no_limit(
    who: str, when: str, does: str, name: str, end: str
) -> None:
    assert asked(f"{who} {when}{does} {name}{end}", "demo").patch is None


@settings(max_examples=50)
@given(
    st.sampled_from(
        ["khối ngoại", "tây", "họ", "tự doanh", "cá mập", "nước ngoài", "các quỹ", "mọi người",
         "nhà đầu tư nước ngoài", "ai"]
    ),
    st.sampled_from(["", "đang ", "đã ", "vẫn ", "sẽ ", "gần đây "]),
    st.sampled_from(["không mua", "bỏ", "tránh", "loại", "không cầm", "bán", "loại bỏ"]),
    st.sampled_from(sorted(VIETNAMESE)),
    st.sampled_from(["", ", vì sao?", " ba tháng qua", " à"]),
)  # fmt: skip
def test_in_vietnamese_what_others_do_states_no_limit(
    who: str, when: str, does: str, name: str, end: str
) -> None:
    assert asked(f"{who} {when}{does} {name}{end}", "demo").patch is None


@pytest.mark.parametrize(
    ("text", "field"),
    [("max tracking error 1%", "tracking_error_pct"),
     ("cap tech at 20% with tracking error under 2%", "tracking_error_pct"),
     ("sai số theo dõi tối đa 2%", "tracking_error_pct"),
     ("keep TE < 4", "tracking_error_pct"), ("giữ TE < 3", "tracking_error_pct"),
     ("no single stock above 5%", "issuer_cap"), ("max 5% per name", "issuer_cap"),
     ("limit each name to 5%", "issuer_cap"), ("single name cap 5%", "issuer_cap"),
     ("no position bigger than 5%", "issuer_cap"), ("max 5% in any one stock", "issuer_cap"),
     ("tech at most 20% and no stock over 5%", "issuer_cap"),
     ("không mã nào quá 5%", "issuer_cap"), ("mỗi cổ phiếu không quá 5%", "issuer_cap"),
     ("tech at most 5 pp over benchmark", "active_cap"),
     ("keep every sector within 3% of the benchmark", "active_cap"),
     ("keep cash above 10%", "cash_floor"), ("giữ ít nhất 10% tiền mặt", "cash_floor")],
)  # fmt: skip
def test_a_limit_of_the_mandate_alone_is_refused_with_where_it_is_stated(
    text: str, field: str
) -> None:
    with pytest.raises(RequestError, match=f"mandate.*{field}"):
        asked(text, "demo")


@pytest.mark.parametrize(
    "text",
    ["no stock rose more than 5% last week", "which stocks are above 5% of the index?",
     "no stock fell more than 5% below its high", "which sectors are within 2% of the index?",
     "stocks with P/E < 10", "sectors with RSI > 70", "tech rsi > 70", "is tech RS-Ratio > 100?"],
)  # fmt: skip
def test_a_number_of_something_else_is_no_limit(text: str) -> None:
    assert asked(text, "demo").patch is None


@pytest.mark.parametrize(
    "text",
    ["tech < 20", "energy > 10", "no sector above 20", "each sector max 20", "max 20 per sector",
     "cap every sector at 15", "không ngành nào quá 20", "more than 10% in energy",
     "energy has to be over 10%", "năng lượng phải trên 10%", "dung mua nang luong"],
)  # fmt: skip
def test_what_may_be_a_limit_is_asked_back(text: str) -> None:
    with pytest.raises(RequestError, match=r"A limit was heard|Có một giới hạn"):
        asked(text, "demo")


def test_each_of_two_sectors_is_bounded_and_no_other() -> None:
    for text in (
        "tech and energy each at most 10%",
        "công nghệ và năng lượng mỗi ngành tối đa 10%",
    ):
        patch = asked(text, "demo").patch
        assert patch is not None
        assert [row.sector for row in patch.caps] == ["energy", "technology"]


def test_a_sign_over_a_span_may_be_a_limit_or_a_return_and_is_asked_back() -> None:
    with pytest.raises(RequestError, match="A limit was heard"):
        asked("tech < 20% over 3 months", "demo")
    for text in ("tech < 5% this month?", "which of tech and energy is < 5% over 3 months?",
                 "is the tracking error of tech below 2%?"):  # fmt: skip
        assert asked(text, "demo").patch is None


def test_holdings_after_what_to_do_with_them_are_read() -> None:
    holdings = asked(
        "what should I do with my 30% industrials 20% technology rest cash portfolio?", "demo"
    ).holdings

    assert holdings is not None
    assert [(row.sector, row.weight) for row in holdings.positions] == [
        ("industrials", 0.3), ("technology", 0.2)
    ]  # fmt: skip
    assert holdings.cash_weight == pytest.approx(0.5)
