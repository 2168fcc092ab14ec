"""Runs one request, keeps its run record, and turns a run without an answer into its error."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from agents.checkpoints import forget_run
from agents.run import Declined, Finished, Heard, Progress, Waiting, advance
from agents.services import Services
from app.compose import Composition, checkpoint_file, open_services
from app.journal import Journal
from app.recordings import Recording
from app.servers import load_servers
from app.snapshots import SUFFIX, keep_snapshots
from core.errors import (
    CallerError,
    DataError,
    DateError,
    EmptyStoreError,
    ProviderError,
    SectorwiseError,
)
from core.gaps import gap_sentence
from core.history.calls import is_plain
from core.records.approval import Consent
from core.records.desk import Desk, Signatures
from core.records.evidence import Evidence
from core.records.mandate import MandateInForce
from core.records.record import Record
from core.records.report import Report
from core.records.request import Request
from core.records.result import GapReason

_ERROR_OF: dict[GapReason, type[SectorwiseError]] = {
    "no_data": EmptyStoreError,
    "before_data": DateError,
    "server_down": ProviderError,
    "timeout": ProviderError,
    "tool_failed": ProviderError,
    "rejected": ProviderError,
    "not_served": ProviderError,
    "replay_miss": ProviderError,
}


DESKS_FILE = "desks.json"
_DESKS = TypeAdapter(dict[str, Desk])


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
) -> Research | Waiting | Declined:
    """Do the same as far as a run gets: its plan may have to be agreed to first."""
    worked = worked or Worked()
    started_at = worked.begun_at or composition.clock().isoformat(timespec="seconds")
    start = time.monotonic() - worked.seconds
    checkpoints = str(checkpoint_file(composition.settings)) if keep else None
    finished = await advance(
        request,
        services,
        run_id=run,
        checkpoint_path=checkpoints,
        previous_evidence=previous,
        heard=heard,
        consent=consent,
    )
    if isinstance(finished, Waiting):
        return finished
    if isinstance(finished, Declined):
        if checkpoints is not None:
            await forget_run(run, checkpoints)
        return finished
    _require_answer(finished.report, composition)
    seconds = time.monotonic() - start
    if checkpoints is not None:
        began = _Began(run, request, started_at, seconds)
        await asyncio.to_thread(_kept, composition, began, finished)
        await forget_run(run, checkpoints)
    return Research(run=run, report=finished.report, seconds=seconds)


@dataclass(frozen=True, slots=True)
class _Began:
    run: str
    request: Request
    started_at: str
    seconds: float


def _record(composition: Composition, began: _Began, finished: Finished) -> RunRecord:
    report = finished.report
    return RunRecord(
        run=began.run,
        asked_on=finished.asked_on,
        started_at=began.started_at,
        seconds=round(began.seconds, 3),
        request=began.request,
        mandates=report.mandates,
        signatures=report.signatures,
        model=composition.settings.model_name,
        evidence_count=len(report.evidence),
        gaps_count=len(report.gaps),
        report_sha256=report.content_hash(),
    )


def _kept(composition: Composition, began: _Began, finished: Finished) -> None:
    """Write the log first: it adds nothing twice, so a kill in between loses nothing."""
    _log(composition, finished.report)
    _keep(composition, _record(composition, began, finished), finished)


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
    folder = runs_dir(composition) / record.run
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(finished.report.model_dump_json(), encoding="utf-8")
    (folder / DESKS_FILE).write_bytes(_DESKS.dump_json(finished.desks))
    keep_snapshots(folder, finished.report)
    pending = folder / ".run.json"
    pending.write_text(json.dumps(record.model_dump(mode="json"), indent=1), encoding="utf-8")
    pending.replace(folder / "run.json")


def _log(composition: Composition, report: Report) -> None:
    """Write a plain report's calls to the log, once, as they were made."""
    if not is_plain(report.request):
        return
    journal = Journal(composition.settings.ledger)
    try:
        journal.append(report, recorded_at=composition.clock())
    finally:
        journal.close()


def _require_answer(report: Report, composition: Composition) -> None:
    """Raise when not one tool brought evidence; a partial answer is an answer."""
    if report.evidence or not report.gaps:
        return
    gap = report.gaps[0]
    universe = composition.universes[gap.universe]
    sentence = gap_sentence(gap.gap, universe, report.request.language)
    error = _ERROR_OF.get(gap.gap.reason, DataError)
    config = composition.settings.mcp_config
    if error is ProviderError and config is not None:
        names = ", ".join(spec.name for spec in load_servers(config, composition.settings.server))
        sentence = f"{sentence} Check how {names} is started in {config.name}."
    raise error(sentence)
