"""Runs a report whose model's endpoint fails for one agent, and checks what may not come of it.

It decides neither what is asked nor on which data: whoever calls it brings the research.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, assert_never, get_args

from agents.llm.openai_model import ModelLimits, OpenAIModel
from agents.llm.protocol import LanguageModel, ModelAnswer
from core.records.report import Report, Sentence
from evals.kit.asked import Agent
from evals.kit.endpoint import FaultyEndpoint
from evals.kit.good import Good
from evals.kit.model import over_http
from evals.kit.modes import MODES
from prompts.library import sentences

Reported = Callable[[LanguageModel | None], Report]
"""One question's report, with a model or without."""
MODELS_OWN: Final = "the model's"
NEVER_ENDING: Final = frozenset({"hang", "drip", "endless"})
"""Modes that only the deadline ends."""
BRIEF: Final = ModelLimits(deadline_seconds=5.0, read_seconds=30, attempts=4, wait_seconds=0.05)
"""Limits of modes that only the deadline ends."""
PATIENT: Final = ModelLimits(deadline_seconds=30, read_seconds=29, attempts=4, wait_seconds=0.05)
"""Limits of modes that end by themselves, on however busy a machine."""
LATE_SHARE: Final = 0.1
"""Of its deadline a question may end late: what a busy machine adds."""
NOTICES: Final[dict[Agent, tuple[str, ...]]] = {
    "planner": ("planner_by_rules", "planner_unreached", "planner_quota", "planner_too_long"),
    "reporter": (
        "reporter_by_template",
        "reporter_unreached",
        "reporter_quota",
        "reporter_too_long",
    ),
}
"""What a report says of an agent: nothing usable, not reached, no quota, too long a question."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A mode of the endpoint, for one agent's questions, streamed or whole."""

    mode: str
    agent: Agent
    stream: bool

    def __str__(self) -> str:
        return f"{self.mode} {self.agent} {'stream' if self.stream else 'whole'}"


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a cell.

    Attributes:
        outcome: the model's own work, or the key of the report's sentence on why it is not.
        seconds: of the longest question.
        requests: that reached the endpoint for this agent.
        wrong: what should not have come of it; empty, one hopes.
    """

    outcome: str
    seconds: float
    requests: int
    wrong: tuple[str, ...]


def cells() -> tuple[Cell, ...]:
    """Return every mode for every agent, whole and streamed."""
    return tuple(
        Cell(mode, agent, stream)
        for mode in MODES
        for agent in get_args(Agent)
        for stream in (False, True)
    )


def expected(cell: Cell) -> str:
    """Return the outcome a cell must have."""
    unusable, unreached, quota, long = NOTICES[cell.agent]
    comes = MODES[cell.mode].comes
    match comes:
        case "answer":
            return MODELS_OWN
        case "unfit" | "unusable":
            return unusable
        case "failed":
            return unreached
        case "spent":
            return quota
        case "long":
            return long
        case _:
            assert_never(comes)


def run_cell(cell: Cell, reported: Reported, *, plain: Report) -> Found:
    """Return what comes of a cell; `plain` is the same question's report without a model."""
    limits = BRIEF if cell.mode in NEVER_ENDING else PATIENT
    endpoint = FaultyEndpoint(cell.mode, over_http(Good()), only=cell.agent)
    with endpoint.serving() as url:
        model = OpenAIModel("kit", api_key="k", base_url=url, limits=limits, stream=cell.stream)
        timed = _Timed(model)
        report = reported(timed)
        asyncio.run(model.close())
    outcome = _outcome(report, cell.agent)
    wrong = list(_harm(report, plain, outcome, cell))
    if timed.longest > limits.deadline_seconds * (1 + LATE_SHARE):
        wrong.append(f"a question took {timed.longest:.1f} s")
    return Found(outcome, timed.longest, endpoint.faulty, tuple(wrong))


def _outcome(report: Report, agent: Agent) -> str:
    said = {sentence.text for sentence in report.sentences}
    told = sentences(report.request.language)
    found = [key for key in NOTICES[agent] if told[f"notice.{key}"] in said]
    author = report.provenance.planner if agent == "planner" else report.provenance.reporter
    if found:
        return found[0]
    return MODELS_OWN if author == "model" else "nothing said"


def _harm(report: Report, plain: Report, outcome: str, cell: Cell) -> Iterator[str]:
    if report.scorecards != plain.scorecards or _bytes(report) != _bytes(plain):
        yield "another decision"
    if outcome == MODELS_OWN:
        return
    if cell.agent == "planner" and report.plan.steps != plain.plan.steps:
        yield "another plan than the rules'"
    if cell.agent == "reporter" and _templates(report) != _templates(plain):
        yield "another text than the templates'"
    if cell.agent == "reporter" and any(row.author == "model" for row in report.sentences):
        yield "a part of an answer was used"


def _bytes(report: Report) -> tuple[str, ...]:
    return tuple(row.canonical_json() for row in (*report.scorecards, *report.allocations))


def _templates(report: Report) -> tuple[Sentence, ...]:
    """Return all it says but how the run went."""
    told = sentences(report.request.language)
    notices = {told[f"notice.{key}"] for keys in NOTICES.values() for key in keys}
    return tuple(row for row in report.sentences if row.text not in notices)


class _Timed:
    """A model whose longest question is noted."""

    def __init__(self, model: LanguageModel) -> None:
        self._model, self.name, self.server = model, model.name, model.server
        self.longest = 0.0

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the answer; see `LanguageModel.complete` for the errors."""
        began = time.monotonic()
        try:
            return await self._model.complete(
                system=system, user=user, schema=schema, max_tokens=max_tokens
            )
        finally:
            self.longest = max(self.longest, time.monotonic() - began)
