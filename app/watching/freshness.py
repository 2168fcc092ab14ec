"""Fetches what is new before a look; a source that fails is told of, and never ends the watch."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from app.sentences import sentence_of
from app.settings import Settings
from app.syncing import sync
from core.errors import SectorwiseError
from core.records.result import Dataset
from core.records.universe import Universe

LOG: Final = logging.getLogger(__name__)

Fetch = Callable[[Universe, str, datetime], None]
"""Fetches from one source."""


def fetching(settings: Settings) -> Fetch:
    """Return what fetches into a home."""

    def fetch(universe: Universe, source: str, now: datetime) -> None:
        for _ in sync(settings, universe, source, now=now, step=_unheard):
            pass

    return fetch


def failures(
    fetch: Fetch, universe: Universe, sources: Sequence[str], *, now: datetime
) -> frozenset[str]:
    """Fetch from every source, and return those that failed.

    Args:
        fetch: from one source.
        universe: whose data.
        sources: see `app.upstreams`.
        now: a moment with a time zone.
    """
    failed = set()
    for source in sources:
        try:
            fetch(universe, source, now)
        except SectorwiseError as error:
            LOG.warning("%s: %s failed: %s", universe.id, source, sentence_of(error))
            failed.add(source)
        except Exception as error:  # noqa: BLE001 - a provider's surprise is no end of the watch
            LOG.warning("%s: %s failed: %s", universe.id, source, type(error).__name__)
            failed.add(source)
    return frozenset(failed)


def _unheard(dataset: Dataset, done: int, of: int, what: str) -> None:
    del dataset, done, of, what
