"""Which model answers in place of the rules, by the product's own settings, and what it costs."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from agents.llm.openai_model import OpenAIModel
from app.compose import language_model
from app.settings import Settings, load_settings
from core.errors import CallerError
from core.records.record import Record
from evals.results.records import Marked
from evals.runs.many import MakeModel

MILLION: Final = 1_000_000


class Price(Record):
    """What a model took over all cases; `usd` None where nobody stated a price."""

    calls_count: int
    tokens_read_count: int
    tokens_written_count: int
    usd: float | None
    seconds: float


class Part(Record):
    """How much of the answers was a model's: the rest was made by rules and templates."""

    answers_count: int
    planned_count: int
    sentences_count: int
    written_count: int


def maker(name: str) -> MakeModel:
    """Return what makes the model in whichever process asks it.

    Raises:
        CallerError: neither a key nor a server is set.
    """
    model_named(name)
    return partial(model_named, name)


def model_named(name: str) -> OpenAIModel:
    """Return the model of that name at the endpoint of the settings.

    Raises:
        CallerError: neither a key nor a server is set.
    """
    settings = load_settings()
    if not settings.has_endpoint:
        raise CallerError(f"model {name} needs a server: set OPENAI_BASE_URL or OPENAI_API_KEY")
    model = language_model(settings.model_copy(update={"model": name}))
    if model is None:
        raise CallerError(f"model {name!r} is no name of a model")
    return model


def asked_where(name: str) -> str:
    """Return what tells a model from another of its name: the endpoint, how it is asked there."""
    settings = load_settings()
    return f"{name} {settings.openai_base_url} {settings.model_seconds} {settings.model_stream}"


def part_of(cases: Sequence[Marked]) -> Part:
    """Return how many answers a model planned, and how many of all sentences it wrote."""
    planners = [turn.planner for case in cases for turn in case.exchanges if turn.planner]
    authors = [line.author for case in cases for turn in case.exchanges for line in turn.said]
    return Part(
        answers_count=len(planners), planned_count=planners.count("model"),
        sentences_count=len(authors), written_count=authors.count("model"),
    )  # fmt: skip


def price(cases: Sequence[Marked], settings: Settings) -> Price:
    """Return what the model's answers took, at the price the settings state."""
    total = {
        name: sum(one.value for case in cases for one in case.measures if one.measure == name)
        for name in ("model-calls", "tokens", "tokens-written", "seconds")
    }
    written = round(total["tokens-written"])
    read = round(total["tokens"]) - written
    each_read, each_written = settings.model_price_in, settings.model_price_out
    usd = None
    if each_read is not None and each_written is not None:
        usd = (read * each_read + written * each_written) / MILLION
    return Price(
        calls_count=round(total["model-calls"]), tokens_read_count=read,
        tokens_written_count=written, usd=usd, seconds=total["seconds"],
    )  # fmt: skip
