"""Decides what is fetched: of each name what came after the stored rows, with a little overlap."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import pandas as pd

from core.records.result import Dataset
from core.records.universe import Universe
from tools.storage.schema import SCHEMAS, VINTAGED
from tools.storage.store import Store
from tools.sync.staging import SyncPlan, Wanted
from tools.upstream.protocol import Upstream

OVERLAP: Final = timedelta(days=10)
"""Fetched again each time, to see what the source has corrected."""
EVER: Final = date(1776, 7, 4)
"""Before any data; also FRED's word for its first vintage."""


def sync_plan(
    store: Store,
    upstream: Upstream,
    universe: Universe,
    dataset: Dataset,
    *,
    since: date | None,
    until: date,
    stocks: bool = True,
) -> SyncPlan:
    """Return what is to be fetched.

    Args:
        store: holds what was fetched before.
        upstream: names what it has for the universe.
        universe: whose data.
        dataset: which.
        since: begin here instead of after what is stored.
        until: the last day asked for.
        stocks: also of the present members.
    """
    members = present_members(store, universe.id, until) if stocks else ()
    names = upstream.subjects(universe, dataset, members)
    first, last = (
        ({}, _last_series(store, universe.id, upstream.origin(dataset), names))
        if dataset == "series"
        else _span_of(store, universe.id, dataset, names)
    )
    wanted = tuple(
        Wanted(
            subject=name,
            since=min(_since(last.get(name), since), until),
            first=first.get(name),
            last=last.get(name),
            required=required,
        )
        for name, required in names.items()
    )
    return SyncPlan(
        source=upstream.name,
        universe=universe.content_hash(),
        dataset=dataset,
        until=until,
        wanted=wanted,
    )


def present_members(store: Store, universe: str, day: date) -> tuple[str, ...]:
    """Return the symbols that are members on the day, sorted."""
    rows = store.read(universe, "members", columns=("symbol", "start", "end"))
    stamp = pd.Timestamp(day)
    inside = (rows["start"] <= stamp) & (rows["end"].isna() | (rows["end"] > stamp))
    return tuple(sorted({str(name) for name in rows.loc[inside, "symbol"]}))


def _since(last: date | None, told: date | None) -> date:
    if told is not None:
        return told
    return EVER if last is None else last - OVERLAP


def _span_of(
    store: Store, universe: str, dataset: Dataset, names: Mapping[str, bool]
) -> tuple[dict[str, date], dict[str, date]]:
    """Return each name's first and last stored period, or release where all are kept."""
    subject = SCHEMAS[dataset].subject
    column = "known_at" if dataset in VINTAGED else "period"
    rows = store.read(universe, dataset, columns=(subject, column), coded=True)
    found = rows.groupby(subject, observed=True)[column].agg(["min", "max"])
    found = found[found.index.isin(list(names))]
    subjects = [str(name) for name in found.index]
    first, last = ([stamp.date() for stamp in found[end]] for end in ("min", "max"))
    return dict(zip(subjects, first, strict=True)), dict(zip(subjects, last, strict=True))


def _last_series(
    store: Store, universe: str, origin: str, names: Mapping[str, bool]
) -> dict[str, date]:
    """Return how far a source's series reach; they are stored by subject, not by the name asked."""
    parts = [part for part in store.partitions(universe, "series") if part.origin == origin]
    return dict.fromkeys(names, max(part.last for part in parts)) if parts else {}
