import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.chat.records import (
    Event,
    FailedEvent,
    FinishedEvent,
    PlanEvent,
    SentenceEvent,
    StepEvent,
    StoppedEvent,
    UnderstoodEvent,
)
from app.files.universes import load_universes
from app.web.openai.telling import Telling, plain
from app.web.pages.page import words
from core.errors import ConflictError, EmptyStoreError, ProviderError, RequestError
from core.records.approval import Approval, PlannedCall
from core.records.report import Section, Span
from core.records.request import Intent, Language, Request

UNIVERSES = load_universes()
CALL = PlannedCall(step="us-heat", tool="get_sector_heatmap", universe="us", sector="technology")
PLAN = PlanEvent(
    approval=Approval(steps=(CALL,), servers=(), author="rules", model=None), waiting=False
)


def _understood(
    universe: str = "us", *, intent: Intent = "question", language: Language = "en"
) -> UnderstoodEvent:
    request = Request(
        text="Which sectors lead?", language=language, intent=intent, universes=(universe,)
    )
    return UnderstoodEvent(run="run-1", request=request)


def _sentence(text: str, section: Section = "answer") -> SentenceEvent:
    return SentenceEvent(
        section=section, universe="us", entity="technology", spans=(Span(text=text),),
        author="template",
    )  # fmt: skip


def _finished() -> FinishedEvent:
    return FinishedEvent(
        run="run-1", seconds=1.0, synthetic=False, evidence_count=1, reused_count=0, gaps_count=0,
        language="en",
    )  # fmt: skip


def _told(*events: Event, picture: bool = False) -> tuple[str, str]:
    telling = Telling(UNIVERSES, picture_ignored=picture)
    pieces = [piece for event in events for piece in telling.told(event)]
    return (
        "".join(piece.text for piece in pieces if piece.kind == "progress"),
        "".join(piece.text for piece in pieces if piece.kind == "answer"),
    )


def test_both_languages_say_the_same_things() -> None:
    assert words("clients", "en").keys() == words("clients", "vi").keys()


def test_progress_and_answer_are_told_apart() -> None:
    done = StepEvent(node="heatmap", call="us-heat", state="finished", seconds=0.84)
    progress, answer = _told(
        _understood(), PLAN, done, _sentence("Technology leads."), _sentence("It may turn."),
        _sentence("Rates rise.", "macro"), _finished(),
    )  # fmt: skip
    assert "Sector heatmap" in progress
    assert "0.8 s" in progress
    assert answer.startswith("**Answer**\n\n- Technology leads.\n- It may turn.\n")
    assert "Rates rise." not in answer
    assert "run-1" in answer


def test_a_report_asked_for_is_told_whole() -> None:
    _, answer = _told(_understood(intent="report"), _sentence("Rates rise.", "macro"))
    assert "**Macro**" in answer
    assert "Rates rise." in answer


def test_a_synthetic_market_is_said_to_be_one_before_anything_else() -> None:
    _, answer = _told(_understood("demo"))
    assert answer.startswith("**SYNTHETIC DATA")


def test_the_answer_speaks_the_language_of_the_question() -> None:
    progress, answer = _told(_understood(language="vi"), PLAN, picture=True)
    assert "Kế hoạch" in progress
    assert "không được đọc" in answer


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (FailedEvent(error="no server", exit_code=ProviderError.exit_code), ProviderError),
        (FailedEvent(error="no data", exit_code=EmptyStoreError.exit_code), RequestError),
        (StoppedEvent(), ConflictError),
    ],
)
def test_a_run_without_a_report_is_an_error(event: Event, error: type[Exception]) -> None:
    with pytest.raises(error):
        _told(_understood(), event)


HOSTILE = (
    "![x](https://evil.example/?q=1)", "[x](javascript:alert(1))", "<img src=x onerror=a()>",
    "https://evil.example", "www.evil.example", "evil.example", "mail@evil.example", "# Heading",
    "1. one", "> quote", "- item", "*a* _b_ `c` ~d~ | e |", "[a]: https://evil.example",
    "<https://evil.example>", "&#104;ttps://evil.example", "a\nb", "+ x",
)  # fmt: skip
texts = st.lists(
    st.sampled_from(HOSTILE) | st.text(max_size=12), min_size=1, max_size=4
).map("".join)  # fmt: skip


@given(texts)
def test_no_text_is_more_than_a_line_of_words(text: str) -> None:
    line = plain(text)
    html = MarkdownIt("commonmark").enable("table").render(f"- {line}")
    assert set(re.findall(r"</?(\w+)", html)) <= {"ul", "li"}
    assert "://" not in line
    assert "www." not in line.lower()
    assert not re.search(r"[A-Za-z]\.[A-Za-z]{2}", line)


def test_words_and_numbers_are_left_as_they_are() -> None:
    said = "Technology: +2.5% since 3 Nov 2026, RS-Ratio 103.2; BRK.B (12 bars)."
    assert plain(said) == said
