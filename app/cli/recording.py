"""Writes a kept run as a recording."""

from pathlib import Path

from agents.toolbox.calls import CallRequest, RecordedCall
from app.cli.output import counted, say, say_json
from app.cli.reporting import composition
from app.compose import Composition, open_ledger
from app.recordings import Recording, versions
from app.research import kept_desks, kept_run
from app.secrecy import redactor
from app.snapshots import kept_report, last_run
from core.errors import CallerError, DataError
from core.records.contracts import contract_hash
from core.records.report import Report
from core.records.universe import Universe

LAST = "last"


def record_run(run: str, *, out: Path, as_json: bool) -> None:
    """Write a run's recording.

    Raises:
        DataError: there is no such run, or the ledger holds none of its calls.
        CallerError: the file cannot be written.
    """
    base = composition()
    recording = recorded(base, _latest(base) if run == LAST else run)
    try:
        out.write_text(recording.text(redactor(base.settings)), encoding="utf-8")
    except OSError as error:
        raise CallerError(f"--out {out} cannot be written: {error.strerror}") from error
    if as_json:
        say_json({"run": recording.run, "file": str(out), "calls": len(recording.calls)})
    else:
        say(f"wrote {out}: {counted(len(recording.calls), 'call')} of {recording.run}")


def recorded(base: Composition, run: str) -> Recording:
    """Return a kept run's recording.

    Raises:
        DataError: there is no such run, it is damaged, or the ledger holds none of its calls.
    """
    record, report = kept_run(base, run), kept_report(base.settings.home_dir, run)
    ledger = open_ledger(base.settings, base.clock)
    try:
        calls = ledger.calls(run)
    finally:
        ledger.close()
    calls = (*calls, *_reused(report, calls))
    if report.evidence and not calls:
        raise DataError(f"the ledger holds no calls of run {run}")
    return Recording(
        run=run,
        asked_on=record.asked_on,
        versions=versions(),
        request=record.request,
        signatures=record.signatures,
        desks=kept_desks(base, run),
        universes=_universes(base, report, run),
        calls=calls,
    )


def _universes(base: Composition, report: Report, run: str) -> dict[str, Universe]:
    """Return the universes of the run, which must still be what they were."""
    names = report.request.universes
    for name, sha256 in zip(names, report.provenance.universe_hashes, strict=True):
        if name not in base.universes or base.universes[name].content_hash() != sha256:
            raise DataError(
                f"universe {name} is no longer what it was in run {run}: a replay would refuse the "
                "run's answers; make the report again and record that"
            )
    return {name: base.universes[name] for name in names}


def _reused(report: Report, calls: tuple[RecordedCall, ...]) -> tuple[RecordedCall, ...]:
    """Return what a follow-up knew from earlier turns, as calls of its own."""
    known = {call.request_hash for call in calls}
    moment = max((call.fetched_at for call in calls), default=None)
    found = []
    for item in report.evidence:
        request = CallRequest(
            kind="tool",
            server=item.server,
            name=item.tool,
            arguments=item.arguments.sent(),
            schema_hash=contract_hash(item.tool),
        )
        if moment is not None and request.content_hash() not in known:
            found.append(request.answered(item.result.model_dump(mode="json"), moment))
    return tuple(found)


def _latest(base: Composition) -> str:
    last = last_run(base.settings.home_dir)
    if last is None:
        raise DataError("no run is kept yet: `sectorwise report` makes one")
    return last
