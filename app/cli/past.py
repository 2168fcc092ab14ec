"""Lists past runs for the command line and writes recordings."""

import json
from datetime import date
from pathlib import Path

from app.cli.output import say, say_json, say_table
from app.cli.reporting import composition
from app.compose import open_ledger
from app.recordings import Recording
from app.research import RunRecord, kept_desks, kept_run, runs_dir
from app.snapshots import Digest, kept_digests
from core.errors import CallerError, DataError

HEADINGS = (
    "run", "universes", "as of", "horizon", "intent", "seconds", "gaps", "top overweight",
    "compared with",
)  # fmt: skip


def list_runs(*, universe: str | None, as_of: date | None, as_json: bool) -> None:
    """Show past runs, the latest last.

    Args:
        universe: keeps runs of it; None keeps all.
        as_of: keeps runs of that date; None keeps all.
        as_json: one list of run records, each with its digests.
    """
    base = composition()
    folder = runs_dir(base)
    names = sorted(path.parent.name for path in folder.glob("*/run.json"))
    records, damaged = [], []
    for name in names:
        try:
            records.append(kept_run(base, name))
        except DataError:
            damaged.append(name)
    digests = {row.run: kept_digests(base.settings.home_dir, row.run) for row in records}
    chosen = [
        row
        for row in records
        if universe in {None, *row.request.universes}
        and as_of in {None, row.request.as_of, *(item.as_of for item in digests[row.run])}
    ]
    if as_json:
        say_json([row.model_dump(mode="json") | {"digests": digests[row.run]} for row in chosen])
        return
    for name in damaged:
        say(f"run {name}: its record is damaged or of another version")
    say_table("runs", HEADINGS, [_row(row, digests[row.run]) for row in chosen])


def export_run(run: str, *, out: Path, as_json: bool) -> None:
    """Write a run's recording.

    Raises:
        DataError: there is no such run, or the ledger holds none of its calls.
    """
    base = composition()
    record = kept_run(base, run)
    ledger = open_ledger(base.settings, base.clock)
    try:
        calls = json.loads(ledger.export(run))
    finally:
        ledger.close()
    if not calls:
        raise DataError(f"the ledger holds no calls of run {run}")
    recording = Recording(
        run=run,
        asked_on=record.asked_on,
        request=record.request,
        desks=kept_desks(base, run),
        signatures=record.signatures,
        calls=calls,
    )
    try:
        out.write_text(recording.model_dump_json(indent=1), encoding="utf-8")
    except OSError as error:
        raise CallerError(f"--out {out} cannot be written: {error.strerror}") from error
    if as_json:
        say_json({"run": run, "file": str(out), "calls": len(calls)})
    else:
        say(f"wrote {out}: {len(calls)} calls of {run}")


def _row(record: RunRecord, digests: tuple[Digest, ...]) -> tuple[object, ...]:
    days = [str(row.as_of) for row in digests] or [str(record.request.as_of or "")]
    return (
        record.run,
        "+".join(record.request.universes),
        _joined(days),
        record.request.horizon,
        record.request.intent,
        record.seconds,
        record.gaps_count,
        _joined([row.top_overweight or "none" for row in digests]),
        _joined([str(row.since or "none") for row in digests]),
    )


def _joined(words: list[str]) -> str:
    """Return one word a universe, or one for all that share it."""
    return words[0] if len(set(words)) == 1 else "+".join(words)
