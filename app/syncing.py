"""A sync, from the user's words to what was stored: one source, one data set after the other."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import get_args

from app.data import open_store
from app.settings import Settings
from app.upstreams import Bars, upstream_of
from core.errors import CallerError
from core.records.result import Dataset
from core.records.universe import Universe
from tools.sync.errand import Errand, Synced
from tools.sync.syncing import synced
from tools.upstream.protocol import Upstream

NOT_BY_DEFAULT: tuple[Dataset, ...] = ("intraday",)
"""Fetched only when named: of 15-minute bars sources keep two months."""

Step = Callable[[Dataset, int, int, str], None]
"""Is told data set, answers there, answers wanted, and what was answered last."""


def sync(
    settings: Settings,
    universe: Universe,
    source: str,
    *,
    datasets: tuple[str, ...] = (),
    bars: Bars = "15m",
    since: date | None = None,
    until: date | None = None,
    stocks: bool = True,
    now: datetime,
    step: Step,
) -> Iterator[Synced]:
    """Yield what came of each data set, as soon as it is stored.

    Args:
        settings: home, keys, addresses.
        universe: whose data; not a synthetic one.
        source: see `app.upstreams`.
        datasets: none: all the source has, but intraday bars.
        bars: length of intraday bars; one store holds one length.
        since: fetch from here instead of what is missing.
        until: fetch up to here; absent: the last finished session.
        stocks: also the present members.
        now: a moment with a time zone.
        step: is told how far it is.

    Raises:
        CallerError: an unknown source or data set, or a synthetic universe.
        DataError: an extra is not installed, or the rows cannot stand beside stored ones.
        ProviderError: the source failed; run again to go on.
    """
    if universe.synthetic:
        raise CallerError(f"{universe.id} is synthetic: there is nothing to fetch for it")
    store, upstream = open_store(settings), upstream_of(settings, source, bars=bars)
    for dataset in _chosen(upstream, datasets):
        errand = Errand(
            store=store,
            upstream=upstream,
            universe=universe,
            dataset=dataset,
            folder=settings.home_dir / "sync",
            now=now,
            since=since,
            until=until,
            stocks=stocks,
            step=partial(step, dataset),
        )
        yield synced(errand)


def _chosen(upstream: Upstream, told: tuple[str, ...]) -> tuple[Dataset, ...]:
    known = {str(name): name for name in get_args(Dataset)}
    for name in told:
        if known.get(name) not in upstream.datasets:
            has = ", ".join(upstream.datasets)
            raise CallerError(f"source {upstream.name} has no data set {name!r}; it has {has}")
    if told:
        return tuple(name for name in upstream.datasets if name in told)
    return tuple(name for name in upstream.datasets if name not in NOT_BY_DEFAULT)
