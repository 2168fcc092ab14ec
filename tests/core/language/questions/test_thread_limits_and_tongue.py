"""What follows a question in its thread changes or lifts its limits, or its language; or is new."""

import pytest

from core.errors import RequestError
from core.records.mandate import MandatePatch, SectorCap
from core.records.request import Request
from tests.core.asking import asked

CAPPED = asked("What if I cap technology at 20 % and exclude real estate in the US?")
ONE = asked("What if I cap technology at 20 %?")


@pytest.mark.parametrize(
    "text",
    ["What is the capital of France?", "What is the population of Germany?",
     "who is the president of Brazil", "Thủ đô của Nhật Bản là thành phố nào?"],
)  # fmt: skip
def test_another_subject_in_another_country_is_no_continuation(text: str) -> None:
    request = asked(text, "us", CAPPED)

    assert (request.intent, request.patch) == ("off_topic", None)


@pytest.mark.parametrize(
    "text", ["and in Japan?", "What about Germany?", "how does it look in India"]
)
def test_another_market_in_a_continuation_still_is_one(text: str) -> None:
    request = asked(text, "us", asked("Which US sectors are leading?"))

    assert (request.intent == "off_topic", request.topics) == (False, ("rotation",))


@pytest.mark.parametrize(
    "text",
    ["drop those limits", "drop the limits", "forget all the limits", "without any limits",
     "bỏ giới hạn đó đi", "bỏ hết giới hạn", "remove these constraints"],
)  # fmt: skip
def test_limits_are_lifted(text: str) -> None:
    request = asked(text, "us", CAPPED)

    assert (request.intent, request.patch) == ("what_if", None)


def test_only_the_kind_of_limit_that_is_named_is_lifted() -> None:
    for text in ("and without the cap?", "drop that cap", "bỏ trần"):
        assert asked(text, "us", CAPPED).patch == MandatePatch(excluded=("real_estate",)), text
    assert asked("drop the exclusion", "us", CAPPED).patch == ONE.patch
    assert asked("and without the cap?", "us", ONE).patch is None


@pytest.mark.parametrize(
    "text",
    ["and 10 %?", "change it to 10 %", "make it 10 %", "vậy 10 % thì sao?", "what about 10 %?",
     "and with 10% instead?", "10 %"],
)  # fmt: skip
def test_a_percentage_alone_is_the_one_cap_that_stands(text: str) -> None:
    caps = (SectorCap(sector="technology", cap=0.1),)
    request = asked(text, "us", ONE)

    assert (request.intent, request.patch) == ("what_if", MandatePatch(caps=caps))
    both = asked(text, "us", CAPPED).patch
    assert both == MandatePatch(caps=caps, excluded=("real_estate",))


@pytest.mark.parametrize(
    "first",
    ["Cap technology at 20 % and energy at 5 %", "Hold at least 10 % energy",
     "Cap technology at 20 %, turnover under 10 %"],
)  # fmt: skip
def test_a_percentage_that_could_be_anothers_is_asked_back(first: str) -> None:
    for text in ("and 10 %?", "change it to 10 %", "make it 10 %"):
        with pytest.raises(RequestError):
            asked(text, "us", asked(first))


@pytest.mark.parametrize(
    ("text", "language"),
    [("tiếng Việt nhé", "vi"), ("now in Vietnamese please", "vi"), ("Tiếng Việt", "vi"),
     ("in Vietnamese", "vi"), ("bằng tiếng Anh đi", "en"), ("trả lời bằng tiếng Việt", "vi"),
     ("in English please", "en"), ("please answer in English", "en")],
)  # fmt: skip
def test_a_language_alone_asks_the_same_again_in_it(text: str, language: str) -> None:
    for previous in (CAPPED, asked("Which demo sectors lead over 3 months?", "demo")):
        request = asked(text, "us", previous)

        assert request.language == language
        assert _said(request) == _said(previous)


def test_a_language_beside_a_question_is_its_answers_and_no_market() -> None:
    request = asked("Which US sectors are leading? Answer in Vietnamese please")

    assert (request.language, request.universes) == ("vi", ("us",))
    assert asked("Which sectors lead in Vietnamese stocks?").universes == ("vn",)


def test_how_good_such_calls_were_is_ours_alone_and_in_a_thread() -> None:
    first = asked("Which US sectors should beat the market over the next month?")
    for previous in (None, first):
        request = asked("How good were such calls before?", "us", previous)
        assert (request.intent, request.topics) == ("question", ("record",))
    both = asked("Which US sectors should lead, and how good were such calls before?")
    assert "record" not in both.topics


def test_a_sector_after_the_record_is_asked_about_itself() -> None:
    record = asked("How good have your calls been?", "demo")
    request = asked("what about energy?", "demo", record)

    assert "record" in record.topics
    assert "record" not in request.topics
    assert [row.sector for row in request.focus] == ["energy"]


def _said(request: Request) -> dict[str, object]:
    return request.model_dump(exclude={"text", "language", "inferred"})


@pytest.mark.parametrize("text", ["up 5%?", "5% more", "thêm 5% nhé", "giảm 5%"])
def test_a_difference_is_no_cap_and_is_asked_back(text: str) -> None:
    with pytest.raises(RequestError):
        asked(text, "us", ONE)
