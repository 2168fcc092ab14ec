"""One run with one fault at one tool, and everything that could have gone wrong with it."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Final, Literal

from agents.llm.scripted import ScriptedModel
from agents.run import run_request
from agents.services import Services
from agents.toolbox.ledger import Ledger
from agents.toolbox.pins import Pins
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.toolbox import Toolbox
from core.records.desk import Desk
from core.records.evidence import Evidence
from core.records.report import Report
from tests.agents.bench import Bench, a_request
from tests.agents.fault_watch import descriptors, logs, processes, trap, watched
from tests.servers.faults import CANARY, IN_CALL
from tests.servers.faulty_http import OF_HTTP
from tests.servers.faulty_stdio import OF_PROCESS
from tests.servers.hostile import COLLISION, OF_SERVER
from tests.servers.market import TOOLS, Market, MarketServer, made_universe

Transport = Literal["stdio", "http"]
ROOT: Final = Path(__file__).resolve().parents[2]
UNIVERSE: Final = made_universe()
TODAY: Final = date(2026, 3, 21)
NODES: Final = {
    "macro": "get_macro_indicators",
    "heatmap": "get_sector_heatmap",
    "fundamentals": "get_sector_fundamentals",
    "foreign_flow": "get_foreign_flow_by_sector",
    "whale_activity": "get_whale_activity",
}
SECOND_ROUND: Final = frozenset(
    {"get_sector_overview", "get_foreign_flow", "get_financial_statements"}
)
"""Tools asked by what the first round brought."""
WAITED_FOR: Final = frozenset(
    {
        "hang",
        "slow drip",
        "wrong id",
        "id as text",
        "batch",
        "late reply",
        "hang at start",
        "endless comments",
    }
)
"""Faults that only a time limit ends: it is 0.2 s, of that server alone."""
NAMELESS: Final = frozenset({"cut short, no id"})
"""Answers that name no question: they are one's only while no other question waits beside it."""
FAULT_SECONDS: Final = 0.2
BOUND_SECONDS: Final = 60.0
"""A whole run, however its server behaves: some repeats of 0.2 s, and starts of processes."""


@dataclass(frozen=True)
class Cell:
    """A fault at one node's tool, over one transport."""

    fault: str
    node: str
    transport: Transport

    @property
    def tool(self) -> str:
        """The tool where the fault shows."""
        return NODES[self.node]

    @property
    def alone(self) -> bool:
        """Whether the faulty server has this one tool, and another server the rest."""
        return self.fault in OF_SERVER or self.fault in WAITED_FOR | NAMELESS


@dataclass
class Found:
    """What came of a cell: the outcome at its tool, and what is wrong (nothing, one hopes)."""

    outcome: str
    seconds: float
    wrong: list[str] = field(default_factory=list)


def answers(folder: Path) -> Path:
    """Return the file of every good answer, by "tool|sector"."""
    file = folder / "answers.json"
    if not file.exists():
        market, made = Market(UNIVERSE), {}
        for tool in TOOLS:
            for sector in (None, *UNIVERSE.sector_ids):
                content = market.result(tool, sector=sector)
                made[f"{tool}|{sector or ''}"] = content.model_dump(mode="json")
        file.write_text(json.dumps(made))
    return file


def run_cell(cell: Cell, folder: Path, good: Path) -> Found:
    """Return what came of a cell; `good` is the file of `answers`."""
    folder.mkdir(parents=True, exist_ok=True)
    began, before_it = time.monotonic(), descriptors()
    with trap() as trapped, logs() as lines, _served(cell, folder, good, trapped.url) as spec:
        before = len(watched().addresses)
        model = ScriptedModel([])
        reports: list[Report] = []
        asyncio.run(_reported(cell, folder, spec, model, reports.append))
        report = reports[0]
        reached = set(watched().addresses[before:])
        found = Found(_outcome(report, cell.tool), time.monotonic() - began)
        found.wrong += _leaks(report, model, folder, lines)
        found.wrong += [f"connected to {a}" for a in reached if str(a[1]) not in (spec.url or "")]
        found.wrong += ["the trap was reached"] if trapped.reached() else []
        if (folder / "calls-streams").exists():
            found.wrong.append("a stream of messages was opened")
    found.wrong += _harm(report, cell)
    found.wrong += [f"process left: {line}" for line in processes(str(folder / "calls"))]
    if (left := descriptors() - before_it) > 0:
        found.wrong.append(f"{left} descriptors left")
    if found.seconds > BOUND_SECONDS:
        found.wrong.append(f"took {found.seconds:.1f} s")
    return found


async def _reported(
    cell: Cell,
    folder: Path,
    spec: ServerSpec,
    model: ScriptedModel,
    tell: Callable[[Report], None],
) -> None:
    """Tell the report of a run; a task with a report for its result is dear to end (its repr)."""
    own = MarketServer(Market(UNIVERSE))
    if cell.alone and cell.fault != COLLISION:
        own.server.remove_tool(cell.tool)
    limits = CallLimits()
    if cell.fault in WAITED_FOR and expected(cell) != "rejected":
        starting = FAULT_SECONDS if cell.fault == "hang at start" else limits.start_seconds
        limits = CallLimits(
            start_seconds=starting, call_seconds=FAULT_SECONDS, ping_seconds=FAULT_SECONDS
        )
    url = f"sqlite:///{folder / 'ledger.sqlite'}"
    ledger, pins = Ledger(url, clock=_clock), Pins(url, clock=_clock)
    silent = cell.fault in {"silent rug pull", "tool vanishes"}
    embedded = ServerSpec(name="own", transport="memory")
    specs = (spec, embedded) if cell.alone else (spec,)
    if cell.fault == COLLISION:
        specs = (embedded, spec)
    if cell.fault == "rug pull between runs":
        pins.changed("hostile", {cell.tool: "0" * 64})
    try:
        async with Sessions(
            specs,
            embedded={"own": own.server},
            limits_of={"hostile": limits},
            listing_seconds=0.0 if silent else 60.0,
        ) as sessions:
            box = Toolbox(
                sessions,
                ledger,
                universes={"toy": UNIVERSE},
                today=lambda: TODAY,
                clock=_clock,
                pins=pins,
            )
            services = Services(
                universes={"toy": UNIVERSE},
                toolbox=box,
                today=lambda: TODAY,
                desk=lambda universe, as_of, horizon: Desk(),
                model=model,
            )
            checkpoint = str(folder / "checkpoint.sqlite")
            request = a_request(universes=("toy",))
            finished = await run_request(request, services, run_id="run", checkpoints=checkpoint)
            tell(finished.report)
    finally:
        ledger.close()
        pins.close()


def _clock() -> datetime:
    return datetime(2026, 3, 21, tzinfo=UTC)


def _outcome(report: Report, tool: str) -> str:
    if any(item.tool == tool for item in report.evidence):
        return "evidence"
    return next((gap.gap.reason for gap in report.gaps if gap.tool == tool), "nothing")


@cache
def _clean() -> dict[str, str]:
    """Return the first round's evidence of a server without fault, as bytes, by step."""
    report = Bench().run(a_request())
    return {
        item.id: f"{item.tool} {item.sha256} {item.result.canonical_json()}"
        for item in report.evidence
        if item.tool not in SECOND_ROUND
    }


def _harm(report: Report, cell: Cell) -> list[str]:
    """Return the first-round calls of other tools that did not bring what they always bring."""
    brought = {item.id: _bytes(item) for item in report.evidence}
    wanted = {k: v for k, v in _clean().items() if not v.startswith(f"{cell.tool} ")}
    lost = {gap.id: gap.gap.reason for gap in report.gaps}
    return [
        f"{step} harmed ({lost.get(step, 'other bytes')})"
        for step, told in wanted.items()
        if brought.get(step) != told
    ]


def _bytes(item: Evidence) -> str:
    return f"{item.tool} {item.sha256} {item.result.canonical_json()}"


def _leaks(report: Report, model: ScriptedModel, folder: Path, lines: list[str]) -> list[str]:
    texts = {
        "prompt": "\n".join(model.prompts),
        "report": report.canonical_json(),
        "log": "\n".join(lines),
    }
    found = [f"canary in the {place}" for place, text in texts.items() if CANARY in text]
    files = (file for file in folder.iterdir() if CANARY.encode() in file.read_bytes())
    found.extend(f"canary in {file.name}" for file in files)
    return found if model.prompts else [*found, "no prompt was written"]


@contextmanager
def _served(cell: Cell, folder: Path, good: Path, trap: str) -> Iterator[ServerSpec]:
    scope = "only" if cell.alone else "all"
    arguments = (cell.fault, cell.tool, str(good), scope, trap, str(folder / "calls"))
    module = ("-S", "-m", f"tests.servers.faulty_{cell.transport}")
    if cell.transport == "stdio":
        yield ServerSpec(
            name="hostile",
            transport="stdio",
            command=sys.executable,
            args=(*module, *arguments),
            env={"PYTHONPATH": str(ROOT)},
        )
        return
    command = [sys.executable, *module, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        try:
            port = int(server.stdout.readline()) if server.stdout else 0
            url = f"http://127.0.0.1:{port}/mcp"
            yield ServerSpec(name="hostile", transport="http", url=url)
        finally:
            server.kill()


def expected(cell: Cell) -> str:
    """Return what must come of a cell's tool."""
    own = OF_HTTP if cell.transport == "http" else OF_PROCESS
    if cell.transport == "http" and cell.fault in OVER_HTTP:
        return OVER_HTTP[cell.fault]
    return {**{name: says for name, (_, says) in IN_CALL.items()}, **OF_SERVER, **own}[cell.fault]


OVER_HTTP: Final = dict.fromkeys(("wrong id", "id as text", "batch"), "rejected")
"""An exchange that ended without the answer cannot bring it any more."""
