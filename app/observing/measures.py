"""Names what is counted of the work that ends; who keeps the counts is decided beside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from agents.tracing import Work

Counts = Iterator[tuple[float, dict[str, str]]]
"""Amounts, each with what it is told apart by."""

SECONDS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Bounds of the histograms' classes."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted of one kind of work.

    Attributes:
        name: without the prefix; seconds are a histogram, all else a counter.
        of: the first word of the work's name.
        words: what it means.
        apart: label to the attribute it is told apart by; `outcome` may come from the error.
        counts: the amounts of one piece of work.
        standard: its name in OpenTelemetry's conventions, where there is one.
    """

    name: str
    of: str
    words: str
    apart: Mapping[str, str]
    counts: "Callable[[Measure, Work], Counts]" = field(repr=False)
    kind: Literal["counter", "seconds"] = "counter"
    standard: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """What its counts are told apart by."""
        return tuple(self.apart)

    def counted(self, work: Work) -> Counts:
        """Yield what one piece of work adds, nothing for work of another kind."""
        if work.name.partition(" ")[0] == self.of:
            yield from self.counts(self, work)

    def told_apart(self, work: Work) -> dict[str, str]:
        """Return the labels' values; an outcome nobody told is that of the error, or `done`."""
        return {
            label: str(work.attributes.get(key) or _unsaid(label, work))
            for label, key in self.apart.items()
        }


def _once(measure: Measure, work: Work) -> Counts:
    yield 1.0, measure.told_apart(work)


def _seconds(measure: Measure, work: Work) -> Counts:
    yield work.seconds, measure.told_apart(work)


def _asked(measure: Measure, work: Work) -> Counts:
    """Count a call that was made; an answer the ledger held was none."""
    if work.attributes.get("sectorwise.asked"):
        yield 1.0, measure.told_apart(work)


def _asked_seconds(measure: Measure, work: Work) -> Counts:
    if work.attributes.get("sectorwise.asked"):
        yield work.seconds, measure.told_apart(work)


def _gaps(measure: Measure, work: Work) -> Counts:
    reasons = work.attributes.get("sectorwise.gaps", ())
    if isinstance(reasons, Sequence) and not isinstance(reasons, str):
        for reason in reasons:
            yield 1.0, {**measure.told_apart(work), "reason": reason}


def _tokens(measure: Measure, work: Work) -> Counts:
    for way in ("input", "output"):
        tokens = work.attributes.get(f"gen_ai.usage.{way}_tokens")
        if isinstance(tokens, int):
            yield float(tokens), {**measure.told_apart(work), "type": way}


def _unsaid(label: str, work: Work) -> str:
    if label != "outcome":
        return ""
    return "failed" if work.error else "done"


_OUTCOME: Final = {"outcome": "sectorwise.outcome"}
_TOOL: Final = {"server": "sectorwise.server", "tool": "gen_ai.tool.name", **_OUTCOME}
_MODEL: Final = {"model": "gen_ai.request.model"}
_TICK: Final = {"universe": "sectorwise.universe", **_OUTCOME}
_SENT: Final = {"sink": "sectorwise.sink", **_OUTCOME}
_BY_REASON: Final = {"reason": "sectorwise.reason"}
_BY_TYPE: Final = {**_MODEL, "type": "gen_ai.token.type"}
_ANSWERED: Final = {**_MODEL, **_OUTCOME}

MEASURES: Final = (
    Measure("runs", "run", "runs by how far they got", _OUTCOME, _once),
    Measure("run_seconds", "run", "how long runs took", _OUTCOME, _seconds, "seconds"),
    Measure("gaps", "run", "gaps of finished reports by reason", _BY_REASON, _gaps),
    Measure("tool_calls", "execute_tool", "tool calls made, by what came of them", _TOOL, _asked),
    Measure(
        "tool_seconds", "execute_tool", "how long tool calls took", _TOOL, _asked_seconds, "seconds"
    ),
    Measure("model_calls", "chat", "questions to the model", _ANSWERED, _once),
    Measure(
        "model_seconds", "chat", "how long the model took", _ANSWERED, _seconds, "seconds",
        standard="gen_ai.client.operation.duration",
    ),
    Measure(
        "model_tokens", "chat", "tokens the model read and wrote", _BY_TYPE, _tokens,
        standard="gen_ai.client.token.usage",
    ),
    Measure("jobs", "job", "reports of batches by what became of them", _OUTCOME, _once),
    Measure("job_seconds", "job", "how long they took", _OUTCOME, _seconds, "seconds"),
    Measure("ticks", "watch", "slots of the watch by what became of them", _TICK, _once),
    Measure("tick_seconds", "watch", "how long slots took", _TICK, _seconds, "seconds"),
    Measure("deliveries", "delivery", "messages handed to sinks", _SENT, _once),
)  # fmt: skip
