"""A model is asked in turn, for so long, and within what may be spent; what it read is counted."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import pytest

from agents.llm.bounded import BoundedModel, Bounds
from agents.llm.openai_model import ModelLimits, OpenAIModel
from agents.llm.protocol import LanguageModel, ModelAnswer
from agents.llm.scripted import ScriptedModel
from agents.llm.tokens import pieces_count
from agents.toolbox.purse import Purse
from core.errors import LimitError, ModelOutputError, OverBudgetError, ProviderError
from core.records.budget import Budget, Cost
from evals.kit.endpoint import FaultyEndpoint

NOW = datetime(2026, 3, 21, 9, tzinfo=UTC)
FREE = {"run:r": Budget()}


def a_purse() -> Purse:
    return Purse(clock=lambda: NOW)


async def answered(model: LanguageModel) -> ModelAnswer:
    return await model.complete(system="You plan.", user="Why?", schema={}, max_tokens=50)


def asked(inner: LanguageModel, bounds: Bounds) -> ModelAnswer:
    async def main() -> ModelAnswer:
        return await answered(BoundedModel(inner, bounds))

    return asyncio.run(main())


def test_an_answer_nobody_counted_stands_at_its_most() -> None:
    purse = a_purse()
    asked(ScriptedModel(["{}"]), Bounds("r", 5, purse=purse, accounts=lambda: FREE))
    words = pieces_count("You plan.") + pieces_count("Why?") + pieces_count("{}")
    assert purse.spent("run:r") == Cost(calls_count=1, tokens_count=words + 50)


@pytest.mark.parametrize(
    ("error", "tokens"),
    [(LimitError("spent"), 0), (ProviderError("gone"), 60), (ModelOutputError("cut"), 60)],
)
def test_a_question_without_an_answer_costs_what_it_may_have_cost(
    error: LimitError, tokens: int
) -> None:
    purse = a_purse()
    bounds = Bounds("r", 5, purse=purse, accounts=lambda: FREE)
    with pytest.raises(type(error)):
        asked(ScriptedModel([error]), bounds)
    spent = purse.spent("run:r")
    assert spent.calls_count == 1
    assert (spent.tokens_count > 50) == bool(tokens)


@pytest.mark.parametrize(("fault", "unknown"), [("429_once", 0), ("500_once", 1)])
def test_a_question_asked_again_is_booked_again_within_what_may_be_spent(
    fault: str, unknown: int
) -> None:
    def spent(budget: Budget, requests: int) -> Cost:
        purse, fake = a_purse(), FaultyEndpoint(fault)
        with fake.serving() as url:
            inner = OpenAIModel("fake", api_key="k", base_url=url, limits=ModelLimits(attempts=4))
            with suppress(OverBudgetError):
                asked(inner, Bounds("r", 5, purse=purse, accounts=lambda: {"run:r": budget}))
        assert len(fake.requests) == requests
        return purse.spent("run:r")

    one = pieces_count("You plan.") + pieces_count("Why?") + pieces_count("{}") + 50
    assert spent(Budget(), 2) == Cost(calls_count=2, tokens_count=one * (1 + unknown))
    assert spent(Budget(calls_count=1), 1) == Cost(calls_count=1, tokens_count=one * unknown)


def test_nobody_is_asked_once_an_account_is_short_or_the_time_is_over() -> None:
    model = ScriptedModel([])
    short = {"day:x": Budget(tokens_count=40)}
    with pytest.raises(OverBudgetError, match="day:x"):
        asked(model, Bounds("r", 5, purse=a_purse(), accounts=lambda: short))
    with pytest.raises(OverBudgetError, match="time"):
        asked(model, Bounds("r", 5, left=0.0))
    assert model.prompts == []


@pytest.mark.parametrize("fault", ["hang", "drip"])
@pytest.mark.parametrize(("left", "error"), [(None, ProviderError), (0.3, OverBudgetError)])
def test_an_endpoint_that_hangs_or_drips_ends_with_the_question_or_with_the_run(
    fault: str, left: float | None, error: type[Exception]
) -> None:
    began = time.monotonic()
    with FaultyEndpoint(fault).serving() as url:
        patient = ModelLimits(deadline_seconds=60, read_seconds=30)
        inner = OpenAIModel("fake", api_key="k", base_url=url, limits=patient)
        with pytest.raises(error):
            asked(inner, Bounds("r", 0.6, left=left))
    assert time.monotonic() - began < 20


def test_an_endpoints_own_deadline_does_not_begin_again_with_every_byte() -> None:
    began = time.monotonic()
    with FaultyEndpoint("drip").serving() as url:
        limits = ModelLimits(deadline_seconds=0.5, read_seconds=30)
        inner = OpenAIModel("fake", api_key="k", base_url=url, limits=limits)
        with pytest.raises(ProviderError, match=r"0\.5 s"):
            asyncio.run(answered(inner))
    assert time.monotonic() - began < 20


class NoSlots:
    """None is ever free."""

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for ever."""
        await asyncio.Event().wait()
        yield


def test_who_waits_for_a_slot_in_vain_books_nothing() -> None:
    purse, model = a_purse(), ScriptedModel([])
    bounds = Bounds("r", 0.1, purse=purse, accounts=lambda: FREE, slots=NoSlots())
    with pytest.raises(ProviderError, match="in time"):
        asked(model, bounds)
    assert purse.spent("run:r") == Cost()


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("plan", 1), ("utilities.3", 5), ("1,080 bn", 4), ("chuyển", 3), ("a  b\n", 3)],
)
def test_a_text_is_counted_in_pieces_no_longer_than_a_vocabularys(text: str, count: int) -> None:
    assert pieces_count(text) == count
