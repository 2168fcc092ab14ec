"""Homes runs are made in, killed in the process itself, and their twins nobody disturbs."""

import asyncio
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Literal

from agents.run import Heard, Progress
from app.compose import Composition
from app.files.universes import load_universes
from app.research import Research, advanced
from app.running.workshop import Workshop
from app.settings import Settings
from core.records.evidence import Evidence
from core.records.report import Report
from core.records.request import Request
from tests.app.running.growing import DAYS, UNIVERSE, brought
from tests.homes import FITTED_WITH

NOW: Final = datetime(2024, 12, 2, tzinfo=UTC)
Manner = Literal["cancelled", "broken"]


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a run ends before its time, and how: its task is cancelled, or an error breaks it."""

    node: str
    state: Literal["started", "finished"]
    manner: Manner


@dataclass(frozen=True, slots=True)
class Asked:
    """A run as it was asked: its question, and the run whose answers it may use again."""

    run: str
    request: Request
    follows: "Asked | None" = None


class _BrokenError(Exception):
    """Ends a run from outside."""


def plain(day: date | None) -> Request:
    return Request(text="", language="en", intent="report", universes=(UNIVERSE,), as_of=day)


def question(day: date) -> Request:
    return Request(
        text="Which sectors lead?", language="en", intent="question",
        universes=(UNIVERSE,), as_of=day, topics=("rotation",),
    )  # fmt: skip


@dataclass
class House:
    """A home, and what its runs are made with, until it is left."""

    home: Path
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def __post_init__(self) -> None:
        own = Settings(home=self.home, views=FITTED_WITH)
        self.composition = Composition(own, load_universes(), clock=lambda: NOW, before=NOW)
        self._workshop = Workshop(lambda: self.composition)

    def worked(
        self, asked: Asked, previous: tuple[Evidence, ...], kill: Kill | None = None
    ) -> Report | None:
        """Work on a run from where it stands, and return its report unless it is killed."""
        return self.runner.run(self._worked(asked, previous, kill))

    async def _worked(
        self, asked: Asked, previous: tuple[Evidence, ...], kill: Kill | None
    ) -> Report | None:
        services, fallen = await self._workshop.services(), list[Kill]()

        def heard(progress: Progress) -> None:
            state = "started" if progress.state == "started" else "finished"
            if kill is None or fallen or (progress.node, state) != (kill.node, kill.state):
                return
            fallen.append(kill)
            if kill.manner == "broken":
                raise _BrokenError
            task.cancel()

        work = advanced(
            asked.request, services, self.composition,
            run=asked.run, previous=previous, heard=Heard(heard),
        )  # fmt: skip
        task = asyncio.create_task(work)
        try:
            done = await task
        except (_BrokenError, asyncio.CancelledError):
            assert fallen
            return None
        assert isinstance(done, Research)
        return done.report

    def leave(self) -> None:
        """Close what is open."""
        self.runner.run(self._workshop.close())
        self.runner.close()


class Twins:
    """What runs come to that nobody disturbs: a home a stage of the data, each question once."""

    def __init__(self, whole: Path, folder: Path) -> None:
        self._whole, self.folder = whole, folder
        self._reports: dict[tuple[Request, Request | None, date], Report] = {}
        for stage in range(len(DAYS)):
            home = self.home(stage)
            if stage:
                shutil.copytree(self.home(stage - 1), home)
            else:
                home.mkdir()
            self.grow(home, stage)

    def home(self, stage: int) -> Path:
        """Return the home whose data reach that stage; nothing runs in it."""
        return self.folder / str(stage)

    def grow(self, home: Path, stage: int) -> None:
        """Bring a home the stage's month."""
        brought(self._whole, home, stage)

    def report(self, asked: Asked, day: date) -> Report:
        """Return the report of the same question, in a home that knows nothing later."""
        earlier = None if asked.follows is None else asked.follows.request
        key = (asked.request, earlier, day)
        if key not in self._reports:
            previous = () if asked.follows is None else self.report(asked.follows, day).evidence
            stage = next(number for number, last in enumerate(DAYS) if last >= day)
            home = self.folder / f"asked-{len(self._reports)}"
            house = House(Path(shutil.copytree(self.home(stage), home)))
            try:
                found = house.worked(asked, previous)
            finally:
                house.leave()
            shutil.rmtree(home)
            assert found is not None
            self._reports[key] = found
        return self._reports[key]
