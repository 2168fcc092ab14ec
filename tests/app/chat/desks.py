"""A desk over a home, what it tells of a run, and the calls a run made."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents.toolbox.calls import RecordedCall
from app.chat.desk import ChatDesk
from app.chat.records import Event, FinishedEvent, PlanEvent, SentenceEvent, StepEvent
from app.compose import Composition, open_ledger
from app.files.universes import load_universes
from app.running.runs import Runs
from app.settings import Settings
from evals.kit.endpoint import FaultyEndpoint
from evals.kit.good import Good
from evals.kit.model import over_http


def composition_of(home: Path, model_url: str | None = None) -> Composition:
    model = "kit" if model_url else None
    settings = Settings(home=home, views="plain", model=model, openai_base_url=model_url)
    return Composition(settings=settings, universes=load_universes())


def desk_of(
    home: Path, *, at_once: int = 8, waiting: int = 64, model_url: str | None = None
) -> ChatDesk:
    """Return a closed desk."""
    return ChatDesk(
        Runs(lambda: composition_of(home, model_url), home, at_once=at_once, waiting=waiting)
    )


@contextmanager
def silent_reporter() -> Iterator[tuple[str, FaultyEndpoint]]:
    """Yield a model that never writes a report until it is to `behave("none")`, and its URL.

    A run that asks it is under way, with its calls made, for as long as a test looks.
    """
    endpoint = FaultyEndpoint("hang", over_http(Good()), only="reporter")
    with endpoint.serving() as url:
        yield url, endpoint


async def told(desk: ChatDesk, run: str, after: int = 0) -> list[tuple[int, Event]]:
    """Return all that is told of a run until its end."""
    return [row async for row in desk.followed(run, after)]


async def planned(desk: ChatDesk, run: str) -> PlanEvent:
    """Wait for the plan."""
    async for _, event in desk.followed(run):
        if isinstance(event, PlanEvent):
            return event
    raise AssertionError(f"{run} ended without a plan")


async def stepped(desk: ChatDesk, run: str, node: str) -> None:
    """Wait until a node ended."""
    async for _, event in desk.followed(run):
        if isinstance(event, StepEvent) and (event.node, event.state) == (node, "finished"):
            return
    raise AssertionError(f"{run} ended before {node}")


def finish(rows: list[tuple[int, Event]]) -> FinishedEvent:
    last = rows[-1][1]
    assert isinstance(last, FinishedEvent), last
    return last


def sentences(rows: list[tuple[int, Event]]) -> list[SentenceEvent]:
    return [event for _, event in rows if isinstance(event, SentenceEvent)]


def text(rows: list[tuple[int, Event]]) -> str:
    return "\n".join("".join(s.text for s in row.spans) for row in sentences(rows))


def calls(home: Path, run: str) -> list[RecordedCall]:
    """Return the calls of tools a run made."""
    base = composition_of(home)
    ledger = open_ledger(base.settings, base.clock)
    try:
        return [call for call in ledger.calls(run) if call.kind == "tool"]
    finally:
        ledger.close()


def repeated(made: list[RecordedCall]) -> dict[str, int]:
    """Return how often each call was made that was made more than once."""
    counted = Counter(f"{call.name} {call.request_hash}" for call in made)
    return {name: count for name, count in counted.items() if count > 1}


async def answered(desk: ChatDesk, thread: str, question: str) -> str:
    """Ask without a plan and wait for the answer; return the run."""
    turn = await desk.asked(thread, question, approve=False)
    finish(await told(desk, turn.run))
    return turn.run
