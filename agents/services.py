"""What a run is given: universes, tools, a desk, a model or none. The composition root fills it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from agents.llm.bounded import Slots
from agents.llm.protocol import LanguageModel
from agents.material import FactsDrawn, no_facts_drawn
from agents.stopwatch import Stopwatch
from agents.toolbox.purse import Purse
from agents.toolbox.toolbox import Toolbox
from core.records.budget import Budget
from core.records.desk import Desk, Signatures
from core.records.history import Snapshot
from core.records.universe import Horizon, Universe

DeskOf = Callable[[Universe, date, Horizon], Desk]
"""What the desk brings to a run of a universe at a date: limits, holdings, what it said before."""
EarlierOf = Callable[[Universe, date, Horizon, date], Snapshot | None]
"""The kept report nearest to a day, before a run's own date."""


def packaged_desk(universe: Universe, as_of: date, horizon: Horizon) -> Desk:
    """Return the desk nobody set up: the packaged mandate, no holdings, no history."""
    del universe, as_of, horizon
    return Desk()


def nothing_earlier(universe: Universe, as_of: date, horizon: Horizon, since: date) -> None:
    """Return that no earlier report is kept."""
    del universe, as_of, horizon, since


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Bounds of one run. `tool_seconds` covers a call's retry, `model_seconds` its repair.

    `pace_seconds` is what a call may wait, before that, for its server's minute to have room;
    `answer_bytes` is the most one call's answer may hold.
    """

    tool_seconds: float = 90.0
    pace_seconds: float = 0.0
    model_seconds: float = 180.0
    planner_tokens: int = 2_000
    reporter_tokens: int = 12_000
    answer_bytes: int = 2_000_000
    supersteps: int = 25


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """What a million tokens cost, in US dollars."""

    read_usd: float
    written_usd: float


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside the graph that its nodes use.

    `approve`: no planned call is made before the user agrees. `price` None: nobody stated one.
    `budget` bounds each run, `day_budget` all runs of a day, `accounts` what runs are a part of,
    by name; without a `purse` nothing is booked, and of the run's budget only the seconds hold.
    """

    universes: Mapping[str, Universe]
    toolbox: Toolbox
    today: Callable[[], date]
    desk: DeskOf = packaged_desk
    earlier: EarlierOf = nothing_earlier
    signatures: Signatures = field(default_factory=Signatures)
    model: LanguageModel | None = None
    version: str = "0"
    limits: RunLimits = field(default_factory=RunLimits)
    price: ModelPrice | None = None
    approve: bool = False
    budget: Budget = field(default_factory=Budget)
    day_budget: Budget = field(default_factory=Budget)
    accounts: Mapping[str, Budget] = field(default_factory=dict)
    purse: Purse | None = None
    slots: Slots | None = None
    stopwatch: Stopwatch = field(default_factory=Stopwatch, repr=False, compare=False)
    drawn: FactsDrawn = field(default_factory=no_facts_drawn, repr=False, compare=False)
