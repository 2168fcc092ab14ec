"""Makes one report of a batch in whatever process an engine runs it; opens things once a process.

It takes and returns plain records, and imports the graph only after the process was hardened.
"""

import asyncio
import signal
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import date
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from agents.tracing import span
from app.batching.folders import appear, is_whole, kept_in, report_sha256
from app.batching.records import Job, Outcome, State
from app.batching.site import Site, Task
from app.hardening import harden
from app.sentences import sentence_of
from app.state.storage_errors import BUSY, storage_sentence
from core.errors import DataError, SectorwiseError
from core.records.budget import Budget
from core.records.desk import Desk
from core.records.universe import Horizon, Universe

if TYPE_CHECKING:
    from agents.services import DeskOf, Services
    from core.records.report import Report

Result = TypeVar("Result")

CLOSING_SECONDS: Final = 5.0
"""What a room's loop has to end."""


def made(site: Site, task: Task) -> Outcome:
    """Make the report's folder appear, whole, and return what became of the job.

    Whatever goes wrong is the outcome of this job and of no other. What keeps the worker from
    opening at all, or a disk from taking what is made, keeps it from every job: this one is then
    left, and says why.
    """
    with span("job", batch=site.out.name, universe=task.job.request.universes[0]) as work:
        outcome = _made(site, task)
        work.note(outcome=outcome.state)
        return outcome


def _made(site: Site, task: Task) -> Outcome:
    start = time.monotonic()
    name = task.job.name
    state: State = "left"
    try:
        room = _room(site)
        state = "failed"
        report = room.report(task)
        _stood(site, site.out / name, report)
    except SectorwiseError as error:
        return Outcome(name=name, state=state, error=sentence_of(error))
    except Exception as error:  # noqa: BLE001 - one report's failure never stops the others
        return _unforeseen(name, state, error)
    seconds = round(time.monotonic() - start, 3)
    return outcome_of(site.out / name, report, seconds=seconds)


def _unforeseen(name: str, state: State, error: Exception) -> Outcome:
    """Return the outcome of a job nobody foresaw to fail.

    One whose report could not be kept has not failed: it is the same run when there is room.
    """
    kept = storage_sentence(error)
    if kept is None:
        return Outcome(name=name, state=state, error=type(error).__name__)
    return Outcome(name=name, state=state if kept == BUSY else "left", error=sentence_of(kept))


def leave() -> None:
    """Close what this process holds open for batches."""
    with _OPENING:
        rooms = list(_ROOMS.values())
        _ROOMS.clear()
    for room in rooms:
        room.close()


def outcome_of(folder: Path, report: "Report", *, seconds: float | None) -> Outcome:
    """Return the outcome of a job whose report stands in the folder; seconds None: since before."""
    from app.snapshots import top_overweight

    return Outcome(
        name=folder.name,
        state="kept" if seconds is None else "made",
        gaps_count=len(report.gaps),
        top_overweight=top_overweight(report, report.request.universes[0]),
        seconds=seconds,
        sha256=report_sha256(folder),
    )


def wanted_files(formats: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files every folder has; orders are written only where there are any."""
    from app.render.bundle import FILE_OF, chosen_formats

    return tuple(FILE_OF[name] for name in chosen_formats(formats) if name != "orders")


def _stood(site: Site, folder: Path, report: "Report") -> None:
    """Let the report's folder stand, unless a worker that was lost had come that far."""
    from app.render.bundle import render, report_json

    if is_whole(folder, wanted_files(site.formats), report=report_json(report)):
        return
    with kept_in(site.out):
        appear(
            folder,
            lambda pending: render(report, site.universes, formats=site.formats, out_dir=pending),
        )


class _Room:
    """What a process makes reports with: services held open, on a loop of their own."""

    def __init__(self, site: Site) -> None:
        harden()
        from agents.checkpoints import require_strict_msgpack
        from app.compose import Composition
        from app.running.workshop import Workshop

        require_strict_msgpack()
        self._site = site
        self._composition = Composition(site.own_settings(), site.universes, before=site.begun_at)
        self._workshop = Workshop(lambda: self._composition)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="reports", daemon=True)
        self._thread.start()

    def report(self, task: Task) -> "Report":
        """Return the run's report: the kept one, or a new one from where its checkpoint stands.

        Raises:
            SectorwiseError: by who must act.
        """
        from app.research import runs_dir
        from app.snapshots import kept_report

        if (runs_dir(self._composition) / task.run / "run.json").exists():
            with suppress(DataError):
                return kept_report(self._site.settings.home_dir, task.run)
        return self._done(self._researched(task))

    def close(self) -> None:
        """Close what is open; the room is of no use then."""
        self._done(self._workshop.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSING_SECONDS)
        if not self._thread.is_alive():
            self._loop.close()

    def _done(self, work: Coroutine[object, object, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _researched(self, task: Task) -> "Report":
        from app.research import research_with

        services = self._of_the_job(await self._workshop.services(), task.job)
        request, composition = task.job.request, self._composition
        return (await research_with(request, services, composition, run=task.run)).report

    def _of_the_job(self, services: "Services", job: Job) -> "Services":
        accounts = dict(services.accounts)
        if self._site.budget != Budget():
            accounts[self._site.account] = self._site.budget
        desk = services.desk if job.mandate is None else _under(Path(job.mandate), services.desk)
        return replace(services, accounts=accounts, desk=desk)


def _under(mandate: Path, desk_of: "DeskOf") -> "DeskOf":
    """Return the desk with a mandate of its own."""

    def desk(universe: Universe, as_of: date, horizon: Horizon) -> Desk:
        from app.files.mandates import load_book, mandate_at

        own = mandate_at(load_book(mandate), as_of, universe=universe.id)
        return desk_of(universe, as_of, horizon).model_copy(update={"mandate": own})

    return desk


_ROOMS: Final[dict[str, _Room]] = {}
_OPENING: Final = threading.Lock()


def _room(site: Site) -> _Room:
    """Return this process's room for the site, opened by whoever comes first."""
    key = f"{site.account} {site.out} {site.begun_at}"
    with _OPENING:
        if key not in _ROOMS:
            if _is_childs_main():
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began the batch ends it
            if not _ROOMS:
                Finalize(None, leave, exitpriority=0)
            _ROOMS[key] = _Room(site)
        return _ROOMS[key]


def _is_childs_main() -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and parent_process() is not None
