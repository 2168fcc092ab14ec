"""Runs one request, keeps its run record, and turns a run without an answer into its error."""

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from agents.checkpoints import forget_run
from agents.run import Declined, Finished, Heard, Outcome, Progress, Waiting, advance
from agents.services import Services
from app.compose import Composition, checkpoints, open_services
from app.journals.journal import Journal
from app.recordings import Recording
from app.settings import UNFINISHED
from app.snapshots import SUFFIX, keep_snapshots, kept_report
from app.state.rights import Right, right_to
from app.unanswered import require_answer
from app.writing import made_folder, write_whole
from core.errors import CallerError, DataError
from core.history.calls import is_plain
from core.records.approval import Consent
from core.records.desk import Desk, Signatures
from core.records.evidence import Evidence
from core.records.mandate import MandateInForce
from core.records.record import Record
from core.records.report import Report
from core.records.request import Request

DESKS_FILE = "desks.json"
_DESKS = TypeAdapter(dict[str, Desk])
_Asking = partial[Coroutine[object, object, Outcome]]


class RunRecord(Record):
    """What a run leaves beside its report: everything that may differ between equal runs."""

    run: str
    asked_on: date
    started_at: str
    seconds: float
    request: Request
    mandates: tuple[MandateInForce, ...]
    signatures: Signatures = Signatures()
    model: str | None
    evidence_count: int
    gaps_count: int
    report_sha256: str
    report_file_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked on a run before: begun when (empty: only now), and for how many seconds."""

    begun_at: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Research:
    """A finished run."""

    run: str
    report: Report
    seconds: float


async def research(
    request: Request,
    composition: Composition,
    *,
    recording: Recording | None = None,
    signatures: Signatures | None = None,
    previous: tuple[Evidence, ...] = (),
    progress: Callable[[Progress], None] | None = None,
) -> Research:
    """Return the finished run of a request; its record is kept under the home's `runs`.

    Raises:
        SectorwiseError: by who must act, when no tool brought anything.
    """
    async with open_services(composition, recording=recording, signatures=signatures) as services:
        return await research_with(
            request, services, composition,
            run=recording.run if recording else _run_id(composition),
            previous=previous, progress=progress, keep=recording is None,
        )  # fmt: skip


async def research_with(
    request: Request,
    services: Services,
    composition: Composition,
    *,
    run: str | None = None,
    previous: tuple[Evidence, ...] = (),
    progress: Callable[[Progress], None] | None = None,
    keep: bool = True,
) -> Research:
    """Do the same on open services, so that a conversation or a batch holds its sessions."""
    found = await advanced(
        request, services, composition,
        run=run or _run_id(composition), previous=previous, heard=Heard(progress), keep=keep,
    )  # fmt: skip
    if not isinstance(found, Research):
        raise CallerError("the plan is to be agreed to first")
    return found


async def advanced(
    request: Request,
    services: Services,
    composition: Composition,
    *,
    run: str,
    previous: tuple[Evidence, ...] = (),
    heard: Heard | None = None,
    consent: Consent | None = None,
    worked: Worked | None = None,
    keep: bool = True,
    right: Right | None = None,
) -> Research | Waiting | Declined:
    """Do the same as far as a run gets: its plan may have to be agreed to first.

    A kept run is told again, not made again. `right` is to work on it; None: it is taken here.

    Raises:
        SectorwiseError: by who must act; ConflictError: another process works on the run.
    """
    worked = worked or Worked()
    at = worked.begun_at or composition.clock().isoformat(timespec="seconds")
    begun = _Begun(run, request, at, time.monotonic() - worked.seconds)
    asked = partial(
        advance, request, services,
        run_id=run, previous_evidence=previous, heard=heard, consent=consent,
    )  # fmt: skip
    if keep:
        return await _alone(asked, composition, begun, right)
    found = await asked(checkpoints=None)
    if not isinstance(found, Finished):
        return found
    require_answer(found.report, composition)
    return Research(run, found.report, begun.seconds)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A run under way; `start` is of the monotonic clock, before which nothing was worked on it."""

    run: str
    request: Request
    started_at: str
    start: float

    @property
    def seconds(self) -> float:
        """How long it was worked on."""
        return time.monotonic() - self.start


async def _alone(
    asked: _Asking, composition: Composition, begun: _Begun, right: Right | None
) -> Research | Waiting | Declined:
    """Do what is asked while no other process works on the run, and keep what comes of it."""
    settings = composition.settings
    where, unfinished = checkpoints(settings), settings.home_dir / UNFINISHED
    async with right_to(begun.run, unfinished, settings.database, held=right) as held:
        done: Research | Outcome | None = await asyncio.to_thread(_kept_before, composition, begun)
        if done is None:
            done = await asked(checkpoints=where, guard=held.guard)
        if isinstance(done, Waiting):
            return done
        if isinstance(done, Finished):
            require_answer(done.report, composition)
            done = await asyncio.to_thread(_kept, composition, begun, done, held)
        await forget_run(begun.run, where)
        return done


def _record(composition: Composition, begun: _Begun, finished: Finished) -> RunRecord:
    report = finished.report
    return RunRecord(
        run=begun.run,
        asked_on=finished.asked_on,
        started_at=begun.started_at,
        seconds=round(begun.seconds, 3),
        request=begun.request,
        mandates=report.mandates,
        signatures=report.signatures,
        model=composition.settings.model_name,
        evidence_count=len(report.evidence),
        gaps_count=len(report.gaps),
        report_sha256=report.content_hash(),
    )


def _kept(composition: Composition, begun: _Begun, finished: Finished, right: Right) -> Research:
    """Write the log first: it adds nothing twice, so a kill in between loses nothing."""
    record = _record(composition, begun, finished)
    with right.writing():
        _log(composition, finished.report)
        _keep(composition, record, finished)
    return Research(begun.run, finished.report, record.seconds)


def _kept_before(composition: Composition, begun: _Begun) -> Research | None:
    """Return the run as it was kept: whoever asks again may have been killed after that."""
    run, home = begun.run, composition.settings.home_dir
    if not (runs_dir(composition) / run / "run.json").exists():
        return None
    record = kept_run(composition, run)
    if record.request != begun.request:
        raise CallerError(f"run {run} belongs to another question; take another run id")
    return Research(run, kept_report(home, run), record.seconds)


def runs_dir(composition: Composition) -> Path:
    """Return the folder of run records."""
    return composition.settings.home_dir / "runs"


def kept_run(composition: Composition, run: str) -> RunRecord:
    """Return the record of a past run.

    Raises:
        DataError: there is no such run.
    """
    folder = runs_dir(composition)
    if Path(run).name != run or not (folder / run).is_dir():
        known = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        raise DataError(f"no run {run!r}; the last ones are {', '.join(known[-3:]) or 'none'}")
    try:
        return RunRecord.model_validate_json((folder / run / "run.json").read_bytes())
    except (OSError, ValidationError) as error:
        raise DataError(
            f"the record of run {run} is missing, damaged or of another version"
        ) from error


def kept_plain_reports(composition: Composition) -> tuple[tuple[str, str], ...]:
    """Return run and report hash of every kept report that made calls, by run, of any version.

    Raises:
        DataError: a run's record is damaged.
    """
    folders = sorted({path.parent for path in runs_dir(composition).glob(f"*/*{SUFFIX}")})
    return tuple((folder.name, _report_hash(folder)) for folder in folders)


def _report_hash(folder: Path) -> str:
    try:
        return str(json.loads((folder / "run.json").read_bytes())["report_sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"the record of run {folder.name} is missing or damaged") from error


def kept_desks(composition: Composition, run: str) -> dict[str, Desk]:
    """Return the desks of a past run.

    Raises:
        DataError: they are missing or damaged.
    """
    try:
        return _DESKS.validate_json((runs_dir(composition) / run / DESKS_FILE).read_bytes())
    except (OSError, ValidationError) as error:
        raise DataError(f"the desks of run {run} are missing or damaged") from error


def _run_id(composition: Composition) -> str:
    """Return a name that sorts by when the run began."""
    return f"{composition.clock():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"


def _keep(composition: Composition, record: RunRecord, finished: Finished) -> None:
    """Let all of a run be on the disk before its record says that it is kept."""
    folder = made_folder(runs_dir(composition) / record.run)
    text = finished.report.model_dump_json().encode()
    write_whole(folder / "report.json", text)
    record = record.model_copy(update={"report_file_sha256": hashlib.sha256(text).hexdigest()})
    write_whole(folder / DESKS_FILE, _DESKS.dump_json(finished.desks))
    keep_snapshots(folder, finished.report)
    write_whole(folder / "run.json", json.dumps(record.model_dump(mode="json"), indent=1).encode())


def _log(composition: Composition, report: Report) -> None:
    """Write a plain report's calls to the log, once, as they were made."""
    if not is_plain(report.request):
        return
    with closing(Journal(composition.settings.database)) as journal:
        journal.append(report, recorded_at=composition.clock())
