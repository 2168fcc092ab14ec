"""Lists past runs for the command line."""

from datetime import date

from app.cli.output import say, say_json, say_table
from app.cli.reporting import composition
from app.research import RunRecord, kept_run, runs_dir
from app.snapshots import Digest, kept_digests
from core.errors import DataError

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
