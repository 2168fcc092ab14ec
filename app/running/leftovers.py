"""Decides what becomes of the files of runs that ended, or that nobody takes up any more."""

from contextlib import suppress

from app.running.kept import KeptRuns
from app.running.tickets import Tickets
from core.errors import ConflictError, DataError, UnknownIdError


def tidied(tickets: Tickets, kept: KeptRuns) -> list[str]:
    """Move the lines a killed process left of finished runs, and forget runs that are too old.

    Returns:
        The runs whose checkpoints serve nothing any more.
    """
    gone = list(tickets.pruned())
    for run_id in filter(kept.has_report, tickets.listed()):
        with suppress(ConflictError, UnknownIdError, DataError):
            claim = tickets.resumed(run_id)
            try:
                claim.finish(kept.folder / run_id)
            finally:
                claim.release()
            gone.append(run_id)
    return gone
