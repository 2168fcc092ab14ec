"""Decides which turns may be told of here, and which broken-off runs are taken up.

Where nothing later than a day is known, turns that may know more are as if they were not.
"""

from contextlib import suppress

from app.chat.threads import KeptTurn, Threads
from app.running.runs import Runs
from core.errors import DataError, UnknownIdError


def turn_of(kept: Threads, runs: Runs, run: str) -> KeptTurn:
    """Return a turn.

    Raises:
        UnknownIdError: there is none, or it may know more than is known here.
    """
    turn = kept.turn(run)
    if not runs.is_told(turn.request):
        raise UnknownIdError(f"question {run!r} may know more than {runs.latest}: ask again here")
    return turn


def turns_of(kept: Threads, runs: Runs, thread: str) -> tuple[KeptTurn, ...]:
    """Return a thread's turns, oldest first."""
    return tuple(turn for turn in kept.turns(thread) if runs.is_told(turn.request))


def broke_off(kept: Threads, runs: Runs, thread: str | None) -> list[str]:
    """Return the runs of a thread, or of all, that were under way when their process ended."""
    found: list[str] = []
    for run in runs.unfinished():
        with suppress(DataError):
            standing = runs.standing(run)
            if standing is None or not standing.broke_off:
                continue
            own = kept.thread_of(run)
            ours = own is not None and thread in (None, own)
            if ours and runs.is_told(standing.ticket.request):
                found.append(run)
    return sorted(found)
