"""Lists past runs for the command line and writes recordings."""

import json
from datetime import date
from pathlib import Path

from app.cli.output import say, say_json, say_table
from app.cli.reporting import composition
from app.compose import open_ledger
from app.recordings import Recording
from app.research import kept_run, runs_dir
from core.errors import CallerError, DataError


def list_runs(*, as_of: date | None, as_json: bool) -> None:
    """Show past runs, the latest last; as_of keeps those asked for that date."""
    base = composition()
    folder = runs_dir(base)
    names = sorted(path.parent.name for path in folder.glob("*/run.json"))
    records, damaged = [], []
    for name in names:
        try:
            records.append(kept_run(base, name))
        except DataError:
            damaged.append(name)
    if as_of is not None:
        records = [record for record in records if record.request.as_of == as_of]
    if as_json:
        say_json(records)
        return
    for name in damaged:
        say(f"run {name}: its record is damaged")
    say_table(
        "runs",
        ("run", "universes", "as of", "intent", "seconds", "gaps"),
        [
            (r.run, "+".join(r.request.universes), r.request.as_of, r.request.intent, r.seconds,
             r.gaps_count)
            for r in records
        ],
    )  # fmt: skip


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
        mandate=record.mandate,
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
