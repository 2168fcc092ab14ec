"""Shorthand of chats is read as the plain words it stands for, and shown; what is open is not."""

import pytest

from core.records.mandate import MandatePatch
from tests.core.asking import asked


def closed(text: str, default: str = "us") -> dict[str, object]:
    request = asked(text, default)
    focus = tuple((row.universe, row.sector) for row in request.focus)
    return {**request.model_dump(exclude={"text", "inferred", "focus"}), "focus": focus}


@pytest.mark.parametrize(
    ("short", "plain"),
    [
        ("whos leading rn", "who is leading now"),
        ("wat shud i overweight nxt mo", "what should I overweight next month"),
        ("tech vs fins, whos stronger", "technology vs financials, who is stronger"),
        ("r banks still gettin bought by ppl", "are banks still getting bought by people"),
        ("u/w utes o/w semis?", "underweight utilities overweight semiconductors?"),
        ("OW utes, UW semis?", "overweight utilities, underweight semiconductors?"),
        ("idk wat to do w/ my money rn", "I do not know what to do with my money now"),
        ("hows comm svcs doin this qtr", "how is communications doing this quarter"),
        ("why is healthcare laggin b/c of rates", "why is healthcare lagging because of rates"),
        ("whooo is leadinggg", "who is leading"),
        ("tech w/o energy", "tech without energy"),
        ("wats leading ytd", "what is leading this year"),
    ],
)
def test_english_shorthand_is_the_words_it_stands_for(short: str, plain: str) -> None:
    assert closed(short) == closed(plain)


@pytest.mark.parametrize(
    ("short", "plain"),
    [
        ("nn mua ròng gì tuần này", "nước ngoài mua ròng gì tuần này"),
        ("kn gom nhóm nào 1 tháng qua", "khối ngoại gom nhóm nào 1 tháng qua"),
        ("bđs còn xúc dc ko", "bất động sản còn mua được không"),
        ("hpg mua dc chưa", "hpg mua được chưa"),
        ("vnindex tuần sau bnhiu điểm", "vnindex tuần sau bao nhiêu điểm"),
        ("ngành nào khoẻ hnay ntn", "ngành nào khoẻ hôm nay ra sao"),
        ("nhóm dược sao r", "nhóm dược phẩm sao rồi"),
        ("cty nào trong ngành công nghệ", "công ty nào trong ngành công nghệ"),
        ("30% ck, 30% bđs, 40% tm", "30% chứng khoán, 30% bđs, 40% tiền mặt"),
    ],
)
def test_vietnamese_shorthand_is_the_words_it_stands_for(short: str, plain: str) -> None:
    assert closed(short, "vn") == closed(plain, "vn")


@pytest.mark.parametrize(
    ("text", "default", "patch"),
    [
        ("no fins n no re plz", "us", MandatePatch(excluded=("financials", "real_estate"))),
        ("ex-fins n ex-re, who leads", "us", MandatePatch(excluded=("financials", "real_estate"))),
        ("ko mua bđs", "vn", MandatePatch(excluded=("real_estate",))),
        ("KO mua bđs nhé", "vn", MandatePatch(excluded=("real_estate",))),
        ("hok nắm bank", "vn", MandatePatch(excluded=("banks",))),
    ],
)
def test_a_limit_in_shorthand_is_not_lost(text: str, default: str, patch: MandatePatch) -> None:
    assert asked(text, default).patch == patch


@pytest.mark.parametrize(
    ("text", "default", "cap"),
    [("bank <= 30%", "vn", 0.3), ("bank ≤ 30%", "vn", 0.3)],
)
def test_a_mark_that_bounds_is_read(text: str, default: str, cap: float) -> None:
    patch = asked(text, default).patch

    assert patch is not None
    assert [(row.sector, row.cap) for row in patch.caps] == [("banks", cap)]


@pytest.mark.parametrize(
    ("text", "previous"),
    [
        ("No, technology!", "How are US banks doing?"),
        ("ngân hàng tốt không, bất động sản thì sao", None),
        ("ngân hàng ổn ko, bất động sản thế nào", None),
        ("ngân hàng tốt không\nbất động sản thì sao", None),
        ("mua năng lượng chưa, hay không, công nghệ nhỉ", None),
    ],
)
def test_an_answer_or_a_question_before_a_comma_leaves_nothing_out(
    text: str, previous: str | None
) -> None:
    assert asked(text, "us", asked(previous) if previous else None).patch is None


def test_without_a_comma_the_same_words_leave_out() -> None:
    assert asked("no technology").patch == MandatePatch(excluded=("technology",))
    assert asked("không công nghệ").patch == MandatePatch(excluded=("technology",))


@pytest.mark.parametrize(
    ("text", "symbols"),
    [("should I hold KO and MO", ("KO", "MO")), ("RE and HC, any news?", ("RE", "HC"))],
)
def test_what_is_in_capitals_stays_a_symbol(text: str, symbols: tuple[str, ...]) -> None:
    assert asked(text).symbols in (symbols, ())
    assert asked(text).focus == ()


@pytest.mark.parametrize("text", ["they're leading in banks", "re banks, who leads?"])
def test_re_is_real_estate_only_where_that_is_settled(text: str) -> None:
    assert [row.sector for row in asked(text).focus] == ["financials"]
    assert asked(text).patch is None


def test_kn_alone_is_two_things_and_stays_unread() -> None:
    assert "foreign_flow" not in asked("kn mua bank", "vn").topics


def test_shorthand_of_a_topic_is_shown() -> None:
    told = [row.value for row in asked("nn mua gì", "vn").inferred if row.field == "topic"]

    assert told == ["nn = foreign_flow"]


def test_the_users_own_word_is_shown_for_a_sector() -> None:
    (focus,) = asked("how are fins doing").focus

    assert (focus.sector, focus.said) == ("financials", "fins")


def test_a_word_of_neither_language_is_read_in_the_threads() -> None:
    thread = asked("Khối ngoại mua gì?", "vn")

    assert "foreign_flow" in asked("nn?", "vn", thread).topics
    assert "foreign_flow" not in asked("nn?", "us").topics


@pytest.mark.parametrize("text", ["tối đa bank 20%", "bank đừng quá 30%", "trừ bank ra"])
def test_a_loan_word_does_not_make_a_sentence_english(text: str) -> None:
    assert asked(text, "vn").language == "vi"
