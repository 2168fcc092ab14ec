"""Decides what a watch tells of itself: sources that stay silent, looks that were missed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.alerting.records import Alert, AlertKind
from app.watching.noise import Subject
from app.watching.records import Slot

SINCE: Final[AlertKind] = "sync_failed"
"""Under which level the begin of a source's failures is kept, in seconds since 1970."""
HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Failures:
    """Since when which source fails, and whose failing is over."""

    since: Mapping[Subject, float]
    over: frozenset[Subject]


def failing(
    failed: frozenset[str] | None, levels: Mapping[Subject, float], now: datetime
) -> Failures:
    """Return the failures after a look; `failed` None: nothing was fetched, all stays as it was."""
    before = {key: value for key, value in levels.items() if key[0] == SINCE}
    if failed is None:
        return Failures(before, frozenset())
    stamp = now.timestamp()
    since = {(SINCE, name): before.get((SINCE, name), stamp) for name in sorted(failed)}
    return Failures(since, frozenset(before) - frozenset(since))


def of_upkeep(
    universe: str, known: Failures, skipped: Sequence[Slot], now: datetime
) -> Iterator[Alert]:
    """Yield what is told of the watch itself; the rules' thresholds are still to be held to it."""
    for (_, source), since in known.since.items():
        yield Alert(
            kind=SINCE,
            concern="upkeep",
            universe=universe,
            period=datetime.fromtimestamp(since, UTC).date(),
            source=source,
            hours_count=int((now.timestamp() - since) // HOUR),
        )
    if skipped:
        yield Alert(
            kind="missed_slots",
            concern="upkeep",
            universe=universe,
            period=skipped[-1].session,
            slots_count=len(skipped),
        )
