"""A kept report as a message: told once a sink, harmless, with its PDF."""

import re
from pathlib import Path

import pytest

from app.delivery.letters import pdf_of, report_key, report_message
from app.delivery.message import Message
from core.records.report import Report
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report

QUESTION = "Which sectors? see https://elsewhere.example/x and www.more.example/y"


@pytest.fixture(scope="module")
def report() -> Report:
    """A report that answers a question with addresses in it."""
    plain = full_report()
    return plain.model_copy(update={"request": plain.request.model_copy(update={"text": QUESTION})})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home letters are written into."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def letter(report: Report, home: Path) -> Message:
    """The report as a message."""
    names = {name: universe(name) for name in report.request.universes}
    return report_message(report, names, sink="desk", home=home)


def test_a_report_is_a_letter_with_its_page_and_its_pdf(
    letter: Message, report: Report, home: Path
) -> None:
    assert letter.kind == "report"
    assert str(report.as_of[0]) in letter.subject
    assert letter.attachments == (str(pdf_of(Path(), report)),)
    assert pdf_of(home, report).read_bytes().startswith(b"%PDF")
    assert letter.html is not None
    assert len(letter.html.encode()) < 300_000
    headline = next(one.text for one in report.sentences if one.section == "headline")
    assert headline in letter.text


def test_equal_reports_have_one_key_a_sink_and_other_sinks_and_reports_others(
    letter: Message, report: Report
) -> None:
    assert letter.key == report_key(report.model_copy(), "desk")
    assert letter.key.endswith(":desk:en")
    others = {report_key(report, "risk"), report_key(full_report(language="vi"), "desk")}
    assert len(others | {letter.key}) == 3


def test_synthetic_data_are_told_in_the_subject(letter: Message) -> None:
    assert letter.subject.startswith("SYNTHETIC DATA · ")
    assert letter.text.startswith("SYNTHETIC DATA")


def test_a_question_s_address_does_not_reach_a_mail(letter: Message) -> None:
    html = letter.html or ""
    assert "Which sectors?" in html
    assert "elsewhere" not in html
    assert not re.search(r"https?://|www\.", html)
