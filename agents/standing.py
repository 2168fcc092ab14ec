"""Decides whether a run can go on from where its checkpoint stands; it goes nowhere itself.

A checkpoint is a file or a row others may have written: all of it is read into records first, what
no step has taken up yet too, so that nothing of a foreign one is carried out.
"""

import sqlite3
from collections.abc import Mapping
from typing import Final

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.types import Send
from pydantic import TypeAdapter
from typing_extensions import TypeForm

from agents.state import SCHEMA, Json, StepState
from core.errors import DataError
from core.records.decision import Allocation, Scorecard
from core.records.desk import Desk
from core.records.evidence import Evidence, Gap
from core.records.history import Changes
from core.records.holdings import Portfolio
from core.records.plan import Plan, PlanStep
from core.records.report import Draft, PromptUse, Report
from core.records.request import Request
from core.records.trades import TradePlan

_RECORDS: Final[Mapping[str, TypeForm[object]]] = {
    "schema": int,
    "run": str,
    "asked_on": str,
    "request": Request,
    "desks": dict[str, Desk],
    "plan": Plan,
    "pending": list[PlanStep],
    "rounds": int,
    "declined": bool,
    "evidence": dict[str, Evidence],
    "gaps": dict[str, Gap],
    "allotted": dict[str, dict[str, int]],
    "scorecards": list[Scorecard],
    "allocations": list[Allocation],
    "before": list[Allocation],
    "portfolios": list[Portfolio],
    "trades": list[TradePlan],
    "changes": list[Changes],
    "drafts": list[Draft],
    "prompts": list[PromptUse],
    "notices": list[Json],
    "report": Report,
}
"""What each channel of the state holds."""
_FOREIGN: Final = (ArithmeticError, AttributeError, LookupError, NotImplementedError, TypeError)
"""What reading a document raises that is none of ours, beside ValueError."""


async def require_readable(
    saver: BaseCheckpointSaver[str], config: RunnableConfig, run_id: str
) -> bool:
    """Tell whether the run has a checkpoint; what it holds is then ours.

    Raises:
        DataError: it is of another schema version, damaged, or was not written by this program.
    """
    try:
        found = await saver.aget_tuple(config)
        if found is not None:
            _require_ours(found)
    except (*_FOREIGN, ValueError, sqlite3.DatabaseError) as error:
        raise DataError(
            f"the checkpoint of run {run_id} is damaged or not this program's "
            f"({type(error).__name__}): start the run again"
        ) from error
    return found is not None


def _require_ours(found: CheckpointTuple) -> None:
    held = found.checkpoint["channel_values"]
    schema = held.get("schema", SCHEMA)
    if isinstance(schema, int) and schema != SCHEMA:
        raise DataError(
            f"the checkpoint has schema {schema}, this program reads {SCHEMA}; start the run again"
        )
    for channel, value in held.items():
        _read(channel, value)
    for _, channel, value in found.pending_writes or ():
        _read(channel, value)


def _read(channel: str, value: object) -> None:
    """Read what a channel holds or is to take up; other channels carry calls, or steer."""
    if channel in _RECORDS:
        _ADAPTERS[channel].validate_python(value)
    elif channel == "__start__":
        for name, part in _START.validate_python(value).items():
            _read(name, part)
    for sent in value if isinstance(value, (list, tuple)) else (value,):
        if isinstance(sent, Send):
            PlanStep.model_validate(_SENT.validate_python(sent.arg)["step"])


_ADAPTERS: Final[Mapping[str, TypeAdapter[object]]] = {
    channel: TypeAdapter(record) for channel, record in _RECORDS.items()
}
_START: Final = TypeAdapter(dict[str, object])
_SENT: Final = TypeAdapter(StepState)
