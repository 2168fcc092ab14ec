"""A standard report costs two questions to the model and at most 8,000 tokens, in and out.

A scripted endpoint counts what it reads and writes in pieces no longer than a vocabulary's
(`agents.llm.tokens`): texts, the form asked for, and the answer; which is more than vocabularies
in use count.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from agents.llm.openai_model import OpenAIModel
from agents.llm.tokens import pieces_count
from app.awaiting import awaited
from app.compose import Composition
from app.files.universes import load_universes
from app.research import research
from app.settings import load_settings
from core.records.report import Report
from core.records.request import Language, Request
from evals.kit.asked import Body, read_tokens
from evals.kit.endpoint import FaultyEndpoint
from evals.kit.good import Good
from evals.kit.model import over_http
from tests.agents.bench import Bench, a_request

CALLS, TOKENS = 2, 8_000
QUESTIONS: dict[Language, str] = {
    "en": "Which sectors are rotating into leadership, and are foreigners confirming it?",
    "vi": "Ngành nào đang luân chuyển lên dẫn dắt, và khối ngoại có xác nhận không?",
}


@dataclass
class Bill:
    """What the endpoint counted."""

    calls: int = 0
    read: int = 0
    wrote: int = 0

    @property
    def total(self) -> int:
        """In and out."""
        return self.read + self.wrote


@contextmanager
def an_endpoint(bill: Bill) -> Iterator[str]:
    """Yield the URL of an endpoint that writes as a model would, and counts."""

    write = over_http(Good())

    def answer(body: Body) -> str:
        text = write(body)
        bill.calls += 1
        bill.read += read_tokens(body)
        bill.wrote += pieces_count(text)
        return text

    with FaultyEndpoint(answer=answer).serving() as url:
        yield url


def modelled(report: Report) -> int:
    return sum(sentence.author == "model" for sentence in report.sentences)


def test_a_report_takes_two_questions_and_few_tokens_and_the_models_sentences_stand() -> None:
    bill = Bill()
    with an_endpoint(bill) as url:
        model = OpenAIModel("scripted", api_key="k", base_url=url)
        report = Bench().run(a_request(), model=model)
        awaited(model.close())
    assert bill.calls == CALLS
    assert bill.total <= TOKENS
    assert modelled(report) >= 8
    assert not any(sentence.repaired for sentence in report.sentences)


@pytest.mark.prove
@pytest.mark.real_data
@pytest.mark.timeout(1200)
def test_a_standard_report_on_real_data_costs_at_most_8000_tokens(
    real_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print("\nuniverse language calls  tokens in  tokens out  total  model's sentences")
    over = []
    for universe in ("us", "vn"):
        for language in QUESTIONS:
            bill = Bill()
            with an_endpoint(bill) as url:
                monkeypatch.setenv("OPENAI_BASE_URL", url)
                monkeypatch.setenv("SECTORWISE_HOME", str(real_home))
                base = f"sqlite:///{tmp_path}/{universe}-{language}.sqlite"
                monkeypatch.setenv("SECTORWISE_DATABASE_URL", base)
                report = standard(universe, language)
            print(
                f"{universe:8} {language:8} {bill.calls:5} {bill.read:10,} {bill.wrote:11,}"
                f" {bill.total:6,} {modelled(report):18}"
            )
            over += [(universe, language)] * (bill.total > TOKENS or bill.calls > CALLS)
            assert modelled(report) >= 10
    assert over == []


def standard(universe: str, language: Language) -> Report:
    """Return a report with a model, at a date that no later performance is told of."""
    settings = load_settings()
    composition = Composition(settings, load_universes(settings.universe_files))
    request = Request(
        text=QUESTIONS[language], language=language, intent="report", universes=(universe,),
        as_of=date(2018, 12, 28),
    )  # fmt: skip
    return awaited(research(request, composition)).report
