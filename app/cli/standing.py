"""Shows how the jobs stand, those too that failed and have no schedule; fails where one is late."""

from datetime import UTC, datetime, timedelta

from app.cli.output import say, say_json, say_table
from app.settings import load_settings
from app.status.readings import TOLD_DAYS, Failed, Status, status
from app.web.security.tokens import parsed_time
from core.errors import LateError


def show_status(names: tuple[str, ...], *, max_age: str | None, as_json: bool) -> None:
    """Print how the jobs stand.

    Args:
        names: the jobs that must have succeeded; none: all that ever began and have a schedule.
        max_age: how long ago that may be, as `26h`; None: however long.
        as_json: print one JSON document.

    Raises:
        LateError: one succeeded longer ago, or never.
    """
    longest = None if max_age is None else parsed_time(max_age)
    found = status(load_settings().database, now=datetime.now(UTC))
    if as_json:
        say_json(found)
    else:
        _show(found)
    if longest is not None:
        _require_on_time(found, names, longest, said=str(max_age))
    elif missing := found.unsuccessful(names):
        raise LateError(f"{', '.join(missing)} never succeeded")


def _show(found: Status) -> None:
    say(f"sectorwise {found.version}, Python {found.python}, {found.database}")
    if found.jobs:
        rows = [
            (job.name, f"{job.succeeded_at:%Y-%m-%d %H:%M:%S}", _age(job.age_seconds))
            if job.succeeded_at
            else (job.name, "never", f"begun {_age(job.age_seconds)} ago")
            for job in found.jobs
        ]
        say_table("Last success", ("job", "UTC", "ago"), rows)
    else:
        say("no job has succeeded yet")
    if found.outbox:
        lines = [
            (line.sink, line.waiting_count, line.given_up_count, _age(line.oldest_seconds))
            for line in found.outbox
        ]
        say_table("To be told", ("sink", "waiting", "given up", "oldest"), lines)
    if found.failed:
        title = f"Failed, never succeeded; told for {TOLD_DAYS} days"
        say_table(
            title, ("job", "begun, UTC", "ended, UTC"), [_failure(row) for row in found.failed]
        )


def _failure(row: Failed) -> tuple[str, str, str]:
    form = "%Y-%m-%d %H:%M:%S"
    return row.name, f"{row.begun_at:{form}}", f"{row.failed_at:{form}}"


def _require_on_time(
    found: Status, names: tuple[str, ...], longest: timedelta, *, said: str
) -> None:
    late = found.late(longest, names)
    if late:
        raise LateError(f"{', '.join(late)}: no success in the last {said}")
    if not found.jobs:
        raise LateError("no job has succeeded yet")


def _age(seconds: float | None) -> str:
    """Return a time in its two largest units: `1d 3h`, `4m 10s`."""
    if seconds is None:
        return ""
    units = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
    left = int(seconds)
    parts: list[str] = []
    for name, size in units:
        count, left = divmod(left, size)
        if count or parts or size == 1:
            parts.append(f"{count}{name}")
    return " ".join(parts[:2])
