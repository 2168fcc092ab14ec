"""Runs one request to its report, from the start or from where a checkpoint stands."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal, cast

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde import _msgpack
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agents.graph import Graph, build_graph
from agents.services import Services
from agents.state import State, desks_of, first_state, report_of, request_of
from agents.tool_node import by_call
from core.errors import CallerError, DataError, UnknownUniverseError
from core.records.desk import Desk
from core.records.evidence import Evidence
from core.records.report import Report
from core.records.request import Request


@dataclass(frozen=True, slots=True)
class Progress:
    """A node began or ended; `step` is the planned call's id in a tool node."""

    node: str
    state: Literal["started", "finished", "gap"]
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A run's report, and the desks it was made with; both are needed to replay it."""

    report: Report
    desks: dict[str, Desk]


def require_strict_msgpack() -> None:
    """Refuse to run where a checkpoint could name classes to build.

    Raises:
        DataError: LANGGRAPH_STRICT_MSGPACK was not true when langgraph was imported.
    """
    if not _msgpack.STRICT_MSGPACK_ENABLED:
        raise DataError("set LANGGRAPH_STRICT_MSGPACK=true before langgraph is imported")


async def run_request(
    request: Request,
    services: Services,
    *,
    run_id: str,
    checkpoint_path: str | None = None,
    previous_evidence: tuple[Evidence, ...] = (),
    progress: Callable[[Progress], None] | None = None,
) -> Finished:
    """Return the finished run of a request.

    Args:
        request: a confirmed request; the same run id always belongs to the same request.
        services: what the nodes use.
        run_id: names the run in the ledger and in the checkpoint.
        checkpoint_path: SQLite file; None keeps the run in memory only, without resume.
        previous_evidence: evidence of earlier turns, reused where a call would be the same.
        progress: told when nodes begin and end.

    Raises:
        CallerError: an unknown universe, limits that cannot hold, a run id of another request.
        DataError: the checkpoint cannot be read, or is not protected.
    """
    unknown = [name for name in request.universes if name not in services.universes]
    if unknown:
        raise UnknownUniverseError(
            f"no universe {unknown[0]}; there are {sorted(services.universes)}"
        )
    async with _checkpointer(checkpoint_path) as saver:
        graph = build_graph(services, saver, earlier=by_call(previous_evidence))
        config = RunnableConfig(
            configurable={"thread_id": run_id}, recursion_limit=services.limits.supersteps
        )
        start: State | None = first_state(request, run_id, services.today())
        if saver is not None:
            state = await _standing(graph, config)
            if state:
                _check_same(state, request, run_id)
                start = None
            if "report" in state:
                return _finished(state)
        return _finished(await _driven(graph, start, config, progress or _unheard))


async def forget_run(run_id: str, checkpoint_path: str) -> None:
    """Delete a run's checkpoints: once its report is kept they serve no resume."""
    async with _checkpointer(checkpoint_path) as saver:
        if saver is not None:
            await saver.adelete_thread(run_id)


def _finished(state: State) -> Finished:
    return Finished(report_of(state), desks_of(state))


@asynccontextmanager
async def _checkpointer(path: str | None) -> AsyncIterator[BaseCheckpointSaver[str] | None]:
    require_strict_msgpack()
    if path is None:
        yield None
        return
    async with aiosqlite.connect(path) as connection:
        yield AsyncSqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))


async def _standing(graph: Graph, config: RunnableConfig) -> State:
    snapshot = await graph.aget_state(config)
    return cast(State, snapshot.values)  # langgraph types the values as a plain mapping


def _check_same(state: State, request: Request, run_id: str) -> None:
    if request_of(state) != request:
        raise CallerError(f"run {run_id} belongs to another question; take another run id")


async def _driven(
    graph: Graph,
    start: State | None,
    config: RunnableConfig,
    progress: Callable[[Progress], None],
) -> State:
    final: State = State()
    durability: Literal["sync"] | None = "sync" if graph.checkpointer else None
    async for mode, chunk in graph.astream(
        start, config, stream_mode=["values", "tasks"], durability=durability
    ):
        if mode == "values":
            final = cast(State, chunk)  # the mode says what the chunk is
        elif isinstance(chunk, dict):
            progress(_progress(chunk))
    return final


def _progress(task: dict[str, object]) -> Progress:
    node = str(task.get("name"))
    if "input" in task:
        sent = task["input"]
        step = sent.get("step") if isinstance(sent, dict) else None
        return Progress(node, "started", _step_id(step))
    result = task.get("result")
    brought = result if isinstance(result, dict) else {}
    for key, state in (("gaps", "gap"), ("evidence", "finished")):
        entries = brought.get(key)
        if isinstance(entries, dict) and len(entries) == 1 and node != "dates":
            return Progress(node, "gap" if state == "gap" else "finished", next(iter(entries)))
    return Progress(node, "finished")


def _step_id(step: object) -> str | None:
    value = step.get("id") if isinstance(step, dict) else None
    return value if isinstance(value, str) else None


def _unheard(_: Progress) -> None:
    return None
