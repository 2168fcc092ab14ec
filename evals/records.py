"""What an eval is made of: cases, what a run of one brought, and what each scorer says of that.

It decides which fields there are; which cases, and what is good, are the other rooms'.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from core.records.contracts import RESULT_OF_TOOL
from core.records.holdings import Holdings
from core.records.record import Fraction, Record, Slug
from core.records.report import Report
from core.records.request import Ago, Intent, Language, Request, Side, Topic
from core.records.universe import Horizon

FaultKind = Literal["missing", "stale", "contradictory", "rate_limited", "hung"]
CaseKind = Literal[
    "question", "follow_up", "vague", "contradictory", "off_topic", "adversarial", "faulty"
]
Unclear = Literal["universe", "horizon", "as_of", "window", "sector", "topic", "limit"]
Taken = Literal["default", "from_words", "from_thread", "from_data", "out_of_range"]
"""Why a value was taken that nobody stated."""
CaseId = str
"""Slug-like; a variant of a case has its id before `--`."""


def _known(tool: str) -> str:
    if tool not in RESULT_OF_TOOL:
        raise ValueError(f"there is no tool {tool}")
    return tool


Tool = Annotated[str, AfterValidator(_known)]
"""The name of a tool whose answers have a form of ours."""


class Fault(Record):
    """How the recorded answers of a tool are changed before a case sees them."""

    tool: Tool
    kind: FaultKind


class Expected(Record):
    """What must be true of a turn's answer; None and empty: nothing is asked of that field.

    `needs` are tools that must be called or known, `avoids` tools that must not be; `arguments`
    holds, by tool, arguments at least one of its calls must have. `gaps` are tools of which the
    answer must say that they are missing. Limits and holdings, and sectors where any is named, are
    all there are, those a thread keeps too: none expected, none to be taken from the words.
    `refuses`: no answer is given, and no number;
    `no_answer`: none can be given, as what every answer rests on is missing. `unclear` holds the
    fields the words leave unclear, with why each is then taken: the answer shows each once.
    """

    intent: Intent | None = None
    universes: tuple[Slug, ...] = ()
    horizon: Horizon | None = None
    as_of: date | None = None
    sectors: tuple[Slug, ...] = ()
    topics: tuple[Topic, ...] = ()
    sides: tuple[Side, ...] = ()
    """The ends of a ranking that are asked for, in order; they are all there are."""
    excluded: tuple[Slug, ...] = ()
    caps: dict[Slug, Fraction] = Field(default_factory=dict)
    floors: dict[Slug, Fraction] = Field(default_factory=dict)
    turnover: Fraction | None = None
    since: date | None = None
    ago: Ago | None = None
    benchmark: Slug | None = None
    symbols: tuple[str, ...] = ()
    held: dict[str, Fraction] = Field(default_factory=dict)
    """Fractions by sector the holdings in the words must have; `cash` is what is left."""
    needs: tuple[Tool, ...] = ()
    avoids: tuple[str, ...] = ()
    arguments: dict[Tool, dict[str, JsonValue]] = Field(default_factory=dict)
    gaps: tuple[Tool, ...] = ()
    says: tuple[str, ...] = ()
    """Measures at least one sentence of the answer must be bound to."""
    refuses: bool = False
    no_answer: bool = False
    unclear: dict[Unclear, Taken] = Field(default_factory=dict)
    reuses: bool = False
    """No tool is called anew."""


class Turn(Record):
    """One question of a case."""

    text: str = Field(min_length=1, max_length=4000)
    language: Language
    expected: Expected = Expected()


class Case(Record):
    """A conversation and what is expected of it; `tape` names the recorded answers it is given."""

    id: CaseId
    kind: CaseKind
    source: str = Field(default="", description="where the question is from: desks 2, own …")
    universe: Slug = Field(description="of a question that names none")
    as_of: date | None = Field(default=None, description="of a question that names none")
    holdings: Holdings | None = None
    faults: tuple[Fault, ...] = ()
    turns: tuple[Turn, ...] = Field(min_length=1, max_length=4)

    @property
    def base(self) -> str:
        """The id of the case this is a variant of; its own where it is none."""
        return self.id.partition("--")[0]


class Called(Record):
    """One tool call of a run, as the toolbox saw it.

    `known` ones were not made anew; a fault changed what `faulty` ones brought; `missed` ones are
    not on the tape.
    """

    tool: str
    server: str
    arguments: dict[str, JsonValue]
    known: bool = False
    faulty: bool = False
    missed: bool = False


class Answer(Record):
    """What came of one turn; neither request nor report where the words were refused."""

    turn: int = Field(ge=0)
    request: Request | None
    report: Report | None
    error: str = ""
    called: tuple[Called, ...] = ()
    model_calls_count: int = 0
    tokens_count: int = 0
    tokens_written_count: int = 0
    """Of all tokens, those the model wrote."""
    seconds: float = 0.0


class Ran(Record):
    """A case and its answers, a turn each."""

    case: Case
    answers: tuple[Answer, ...]


class Score(Record):
    """What a scorer says of a case: 0 to 1, or None where it has nothing to judge.

    `why` names what fell short, with where; empty where nothing did.
    """

    case: CaseId
    scorer: Slug
    value: float | None = Field(ge=0.0, le=1.0)
    why: str = Field(default="", max_length=400)


class Measure(Record):
    """A raw figure of a run, told beside the scores; how much is too much is not said here."""

    case: CaseId
    measure: Slug
    value: float = Field(ge=0.0)
    unit: str = ""
