"""Runs that are killed: a process a run, forked from one that has everything imported.

Tools and model answer from the test's own process, over loopback, and count: a kill loses no count.
"""

import asyncio
import json
import multiprocessing
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from threading import Thread
from typing import Literal

import uvicorn
from mcp.types import CallToolResult
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from agents.run import Heard, Progress
from app.compose import Composition, open_services
from app.hardening import harden
from app.journals.journal import Journal
from app.research import advanced
from app.settings import Settings
from core.records.request import Request
from core.records.universe import Horizon
from evals.kit.asked import Body
from evals.kit.endpoint import FaultyEndpoint
from tests.agents.bench import a_request
from tests.servers.market import Market, MarketServer, made_universe

harden()

Phase = Literal["started", "finished"]
RUN = "20260321-killed"
NOW = datetime(2026, 3, 21, tzinfo=UTC)
PATIENCE_SECONDS = 60.0
MODEL = "counting"
PLANNING = "You plan sector research"
"""What the planner's prompt begins with."""


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a process kills itself: as it hears of a node, or before it touches a file.

    node, phase: of the graph, begun or ended for the n-th time. event, path: of Python's audit
    hooks, about a path that ends so, for the n-th time.
    """

    node: str = ""
    phase: Phase = "started"
    times: int = 1
    event: str = ""
    path: str = ""

    def __str__(self) -> str:
        number = f" #{self.times}" if self.times > 1 else ""
        if self.event:
            return f"before {self.event} {self.path}{number}"
        return f"{'before' if self.phase == 'started' else 'after'} {self.node}{number}"


class CountingMarket(MarketServer):
    """Answers as the market does; `meeting` is told of a call before it is answered."""

    def __init__(self) -> None:
        super().__init__(Market(made_universe()))
        self.meeting: Callable[[str], None] = _nobody

    async def _answered(
        self, tool: str, region: str, horizon: Horizon, sector: str | None, **more: object
    ) -> CallToolResult:
        answer = await super()._answered(tool, region, horizon, sector, **more)
        self.meeting(tool)
        return answer


@dataclass
class Endpoints:
    """The counting servers, and where they are."""

    market: CountingMarket
    tools_url: str
    model: FaultyEndpoint
    model_url: str
    asking: list[Callable[[], None]] = field(default_factory=list)

    def forget(self) -> None:
        """Count from nothing."""
        self.market.calls.clear()
        self.model.requests.clear()
        self.market.meeting = _nobody
        self.asking.clear()

    @property
    def made(self) -> Counter[str]:
        """How often each call came: of tools by name and sector, of the model by its prompt."""
        tools = Counter(f"{tool} {sector}".strip() for tool, sector in self.market.calls)
        asked = Counter(f"model {_role(body)}" for body in list(self.model.requests))
        return tools + asked


@contextmanager
def endpoints() -> Iterator[Endpoints]:
    """Serve both until the block ends."""
    market, asking = CountingMarket(), list[Callable[[], None]]()

    def answered(body: Body) -> str:
        for met in asking:
            met()
        return '{"steps": []}' if _role(body) == "planner" else '{"claims": []}'

    model = FaultyEndpoint(answer=answered)
    app = market.server.streamable_http_app()
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on", ws="none"))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    try:
        with model.serving() as model_url:
            yield Endpoints(market, url, model, model_url, asking)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@dataclass(frozen=True, slots=True)
class Site:
    """Where a run is made: its home, its database, its servers."""

    home: Path
    tools_url: str
    model_url: str | None = None
    database_url: str | None = None

    @property
    def settings(self) -> Settings:
        """What an operator would set."""
        config = self.home / "mcp.json"
        config.write_text(json.dumps({"mcpServers": {"market": {"url": self.tools_url}}}))
        return Settings(
            home=self.home,
            mcp_config=config,
            database_url=self.database_url,
            model=None if self.model_url is None else MODEL,
            OPENAI_BASE_URL=self.model_url,  # type: ignore[call-arg]  # its alias
        )

    def recorded(self) -> Counter[str]:
        """Return the calls whose answers the ledger holds; nothing before there is a ledger."""
        engine = create_engine(self.settings.database, poolclass=NullPool)
        query = text("SELECT kind, name, arguments FROM calls WHERE run = :run")
        with engine.connect() as connection:
            there = inspect(connection).has_table("calls")
            rows = connection.execute(query, {"run": RUN}).all() if there else []
        return Counter(_called(*row) for row in rows)

    def outcome(self) -> "Outcome":
        """Return what became of the run."""
        folder = self.home / "runs" / RUN
        journal = Journal(self.settings.database)
        try:
            entries = journal.verify().entries_count
        finally:
            journal.close()
        return Outcome(
            report=(folder / "report.json").read_bytes(),
            kept=tuple(sorted(path.name for path in (self.home / "runs").iterdir())),
            files=tuple(sorted(path.name for path in folder.iterdir())),
            left=tuple(path.name for path in (self.home / "research").iterdir()),
            journal_entries=entries,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a user sees of a run."""

    report: bytes
    kept: tuple[str, ...]
    files: tuple[str, ...]
    left: tuple[str, ...]
    journal_entries: int


def worked(site: Site, kill: Kill | None = None, told: Path | None = None) -> None:
    """Work on the run from where it stands, in this process, until it ends or is killed."""
    heard = Counter[tuple[str, str]]()

    def hear(progress: Progress) -> None:
        phase: Phase = "started" if progress.state == "started" else "finished"
        heard[progress.node, phase] += 1
        at = Kill(progress.node, phase, heard[progress.node, phase])
        if told is not None:
            with told.open("a") as lines:
                lines.write(f"{at.node} {at.phase} {at.times}\n")
        if at == kill:
            _die()

    async def work() -> None:
        universes = {"toy": made_universe()}
        composition = Composition(site.settings, universes, clock=lambda: NOW)
        async with open_services(composition) as services:
            await advanced(question(), services, composition, run=RUN, heard=Heard(hear))

    if kill is not None and kill.event:
        sys.addaudithook(_mine(kill))
    asyncio.run(work())


def question() -> Request:
    """Return the plain report every run makes."""
    return a_request(text="", intent="report")


def forked() -> ForkServerContext:
    """Return what forks processes from one that has imported all a run needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "agents.postgres_checkpoints"])
    return context


def begun(site: Site, kill: Kill | None = None, told: Path | None = None) -> ForkServerProcess:
    """Return a process that works on the run."""
    process = forked().Process(target=worked, args=(site, kill, told), daemon=True)
    process.start()
    return process


def ended(process: ForkServerProcess) -> int:
    """Return its exit code: negative where a signal ended it."""
    process.join(PATIENCE_SECONDS)
    code = process.exitcode
    process.close()
    assert code is not None
    return code


def _mine(kill: Kill) -> Callable[[str, tuple[object, ...]], None]:
    seen: list[str] = []

    def hook(event: str, about: tuple[object, ...]) -> None:
        if event == kill.event and any(str(part).endswith(kill.path) for part in about):
            seen.append(event)
            if len(seen) == kill.times:
                _die()

    return hook


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _nobody(_: str) -> None:
    return None


def _role(body: Body) -> str:
    return "planner" if PLANNING in json.dumps(body) else "reporter"


def _called(kind: str, name: str, arguments: str) -> str:
    """Return what a recorded call is counted as."""
    if kind == "model":
        return f"model {'planner' if PLANNING in arguments else 'reporter'}"
    return f"{name} {json.loads(arguments).get('sector') or ''}".strip()
