"""Prunes a home for the command line: what goes is told first, and after."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from app.cli.output import counted, say, say_json
from app.settings import Settings, load_settings
from app.state.opening import require_usable
from app.upkeep.pruned import pruned
from app.upkeep.pruning import Going, Limits, going
from core.errors import CallerError

_DAYS: Final = re.compile(r"([1-9]\d{0,4})d?")
MEGABYTE: Final = 1_000_000


def prune_home(older_than: str | None, *, keep: int | None, dry_run: bool, as_json: bool) -> None:
    """Take out what may go, or tell what would.

    Raises:
        CallerError: neither the option nor a setting says how old.
        DataError: a database cannot be used.
    """
    settings = load_settings()
    settings.require_writable_home()
    limits = _limits(settings, older_than, keep)
    now = datetime.now(UTC)
    require_usable(settings, lambda: now)
    chosen = going(settings, limits, now=now)
    gone = None if dry_run else pruned(settings, chosen, limits, now=now)
    if as_json:
        counts = {} if gone is None else gone.model_dump(mode="json")
        say_json(chosen.model_dump(mode="json") | counts)
        return
    verb = "would go" if gone is None else "went"
    say(f"{verb}: {_told(chosen)}")
    if gone is None:
        say("and rows that tell only of what is over, counted as they go")
    else:
        say(f"and {counted(gone.rows_count, 'row')} that told only of what is over")
        say(f"freed {gone.freed_bytes / MEGABYTE:,.1f} MB")


def _limits(settings: Settings, older_than: str | None, keep: int | None) -> Limits:
    latest = settings.keep_runs_count if keep is None else keep
    if older_than is None:
        runs, calls = settings.keep_runs_days, settings.keep_calls_days
        if runs is None and calls is None:
            raise CallerError(
                "say how old: --older-than 365d, or set keep_runs_days or keep_calls_days"
            )
        return Limits(_days(runs), _days(calls), latest)
    found = _DAYS.fullmatch(older_than.strip())
    if found is None:
        raise CallerError(f"--older-than {older_than!r}: expected days, for example 365d")
    age = timedelta(days=int(found.group(1)))
    return Limits(age, age, latest)


def _days(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(days=count)


def _told(chosen: Going) -> str:
    if chosen.is_nothing:
        return "nothing"
    return ", ".join(
        (
            f"{counted(len(chosen.runs), 'run')} ({chosen.runs_bytes / MEGABYTE:,.1f} MB)",
            f"{counted(chosen.calls_count, 'call')} ({chosen.calls_bytes / MEGABYTE:,.1f} MB)",
            f"checkpoints of {counted(len(chosen.checkpoints_of), 'run')}",
            f"files of {counted(len(chosen.letters), 'message')} "
            f"({chosen.letters_bytes / MEGABYTE:,.1f} MB)",
        )
    )
