"""The graph's state: plain JSON with a schema version, validated into records on the way in."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from core.errors import DataError
from core.records.decision import Allocation, Scorecard
from core.records.desk import Desk
from core.records.evidence import Evidence, Gap
from core.records.history import Changes
from core.records.holdings import Portfolio
from core.records.plan import Plan, PlanStep
from core.records.record import Record
from core.records.report import Draft, PromptUse, Report
from core.records.request import Request
from core.records.trades import TradePlan

SCHEMA = 2
Json = dict[str, object]
Entry = TypeVar("Entry")
Notice = Literal[
    "planner_by_rules", "planner_unreached", "planner_quota", "planner_over_budget",
    "planner_too_long",
    "reporter_by_template", "reporter_unreached", "reporter_quota", "reporter_over_budget",
    "reporter_too_long", "reporter_unsupported",
]  # fmt: skip
"""Why a model's part was done without it: no answer fitted, none came, nothing left to ask it,
more to read than it reads, or nothing it wrote stood."""


def merged(old: dict[str, Entry], new: dict[str, Entry]) -> dict[str, Entry]:
    """Return both mappings' entries; reducers of parallel branches."""
    return {**old, **new}


def joined(old: list[Json], new: list[Json]) -> list[Json]:
    """Return the old entries, then the new ones not among them."""
    return old + [entry for entry in new if entry not in old]


class State(TypedDict, total=False):
    """All that survives a node boundary.

    Keys of `evidence`, `gaps` and `allotted` are step ids, those of `desks` universes. What a step
    is allotted are the calls of each server it may ask, where they are booked.
    """

    schema: int
    run: str
    asked_on: str
    request: Json
    desks: dict[str, Json]
    plan: Json
    pending: list[Json]
    rounds: int
    declined: bool
    evidence: Annotated[dict[str, Json], merged]
    gaps: Annotated[dict[str, Json], merged]
    allotted: Annotated[dict[str, dict[str, int]], merged]
    scorecards: list[Json]
    allocations: list[Json]
    before: list[Json]
    portfolios: list[Json]
    trades: list[Json]
    changes: list[Json]
    drafts: list[Json]
    prompts: Annotated[list[Json], joined]
    notices: Annotated[list[Json], joined]
    report: Json


class StepState(TypedDict):
    """What one tool node is sent."""

    run: str
    step: Json
    sources: list[str]


def dumped(record: Record) -> Json:
    """Return a record as plain JSON."""
    value: Json = record.model_dump(mode="json")
    return value


def dumped_all(records: Iterable[Record]) -> list[Json]:
    """Return records as plain JSON, in order."""
    return [dumped(record) for record in records]


def first_state(request: Request, run: str, asked_on: date) -> State:
    """Return the state a run starts from; the day it was asked is an input, kept for a resume."""
    return State(
        schema=SCHEMA,
        run=run,
        asked_on=asked_on.isoformat(),
        request=dumped(request),
        rounds=0,
        evidence={},
        gaps={},
    )


def asked_on(state: State) -> date:
    """Return the day the question was asked."""
    return date.fromisoformat(state["asked_on"])


def request_of(state: State) -> Request:
    """Return the request.

    Raises:
        DataError: the state was written by another schema version.
    """
    if state.get("schema") != SCHEMA:
        raise DataError(
            f"the checkpoint has schema {state.get('schema')}, this program reads {SCHEMA}; "
            "start the run again"
        )
    return Request.model_validate(state["request"])


def desks_of(state: State) -> dict[str, Desk]:
    """Return the desk of each universe with a date, as it stood when the run began."""
    return {name: Desk.model_validate(desk) for name, desk in state.get("desks", {}).items()}


def plan_of(state: State) -> Plan:
    """Return the plan so far."""
    return Plan.model_validate(state["plan"])


def pending_of(state: State) -> tuple[PlanStep, ...]:
    """Return the steps to dispatch next."""
    return tuple(PlanStep.model_validate(step) for step in state.get("pending", ()))


def evidence_of(state: State) -> tuple[Evidence, ...]:
    """Return all evidence in the plan's order."""
    held = state.get("evidence", {})
    order = [step.id for step in plan_of(state).steps if step.id in held]
    return tuple(Evidence.model_validate(held[step]) for step in order)


def gaps_of(state: State) -> tuple[Gap, ...]:
    """Return all gaps in the plan's order."""
    held = state.get("gaps", {})
    order = [step.id for step in plan_of(state).steps if step.id in held]
    return tuple(Gap.model_validate(held[step]) for step in order)


def scorecards_of(state: State) -> tuple[Scorecard, ...]:
    """Return the scorecards, in the request's order of universes."""
    return tuple(Scorecard.model_validate(card) for card in state.get("scorecards", ()))


def allocations_of(state: State) -> tuple[Allocation, ...]:
    """Return the allocations, in the request's order of universes."""
    return tuple(Allocation.model_validate(row) for row in state.get("allocations", ()))


def before_of(state: State) -> tuple[Allocation, ...]:
    """Return the allocations without the question's limits; none when it states none."""
    return tuple(Allocation.model_validate(row) for row in state.get("before", ()))


def portfolios_of(state: State) -> tuple[Portfolio, ...]:
    """Return the holdings as valued at the report's date; none where nothing is held."""
    return tuple(Portfolio.model_validate(row) for row in state.get("portfolios", ()))


def trades_of(state: State) -> tuple[TradePlan, ...]:
    """Return what to trade; none where nothing is held."""
    return tuple(TradePlan.model_validate(row) for row in state.get("trades", ()))


def changes_of(state: State) -> tuple[Changes, ...]:
    """Return what changed since each universe's predecessor; none without one."""
    return tuple(Changes.model_validate(row) for row in state.get("changes", ()))


def drafts_of(state: State) -> tuple[Draft, ...]:
    """Return the drafts: the model's first when there is one, the template's last."""
    return tuple(Draft.model_validate(draft) for draft in state.get("drafts", ()))


def prompts_of(state: State) -> tuple[PromptUse, ...]:
    """Return the prompts in force, in order of use."""
    return tuple(PromptUse.model_validate(use) for use in state.get("prompts", ()))


def notices_of(state: State) -> tuple[Notice, ...]:
    """Return what the reader must be told about how the run went."""
    adapter = TypeAdapter(tuple[Notice, ...])
    return adapter.validate_python([notice["key"] for notice in state.get("notices", ())])


def report_of(state: State) -> Report:
    """Return the verified report."""
    return Report.model_validate(state["report"])
