"""Decides what get_data_status prints: each stored data set, how far it reaches, how old it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from core.panel import MarketPanels, Table
from core.records.payloads import StatusResult, StatusRow
from core.records.result import Dataset
from core.signals import fundamentals
from tools.context import ToolContext
from tools.storage.partition import Partition
from tools.storage.schema import SCHEMAS

TOOL = "get_data_status"
STALE_DAYS: Final[dict[Dataset, int]] = {
    "prices": 7,
    "intraday": 7,
    "flows": 7,
    "fundamentals": fundamentals.STALE_DAYS["Q"],
    "macro": 75,
    "positions": 200,
}
"""Days after the last period from which a regular source has missed one; memberships do not age.

Prices and flows: a week with holidays. Quarters: the next report and its delay; where only years
are reported, the catalogue's limit for those. Macro: the quickest series of any market are monthly.
"""
SUBJECT_OF: Final = {
    "fundamentals": "symbol",
    "macro": "series",
    "positions": "manager",
    "weights": "benchmark",
}


def data_status(
    context: ToolContext, *, region: str | None = None, as_of: date | None = None
) -> StatusResult:
    """Return a row for each data set with anything known at as_of."""
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return StatusResult(**scope.envelope(TOOL))
    parts = context.store.known(scope.universe.id, scope.as_of)
    rows = tuple(_rows(scope.panels, parts, scope.as_of))
    datasets = tuple(row.dataset for row in rows)
    known_at = min(scope.as_of, scope.panels.last)
    return StatusResult(**scope.envelope(TOOL, datasets, known_at=known_at), rows=rows)


def _rows(panels: MarketPanels, parts: tuple[Partition, ...], as_of: date) -> Iterator[StatusRow]:
    """Count what the panels hold at as_of; marks are those of the import, whatever the date."""
    for dataset in SCHEMAS:
        extent = _extent(panels, dataset, as_of)
        if extent is None:
            continue
        mine = [part for part in parts if part.dataset == dataset]
        age_days = (as_of - extent.last).days
        yield StatusRow(
            dataset=dataset,
            first=extent.first,
            last=extent.last,
            rows_count=extent.rows_count,
            symbols_count=extent.symbols_count,
            age_days=age_days,
            stale=dataset in STALE_DAYS and age_days > _stale_days(panels, dataset),
            assumed_known_at=extent.assumed or any(part.assumed_known_at for part in mine),
            flagged_count=sum(part.flagged_count for part in mine),
        )


def _stale_days(panels: MarketPanels, dataset: Dataset) -> int:
    yearly = (
        dataset == "fundamentals"
        and panels.fundamentals is not None
        and bool((panels.fundamentals.rows["kind"] == "A").all())
    )
    return fundamentals.STALE_DAYS["A"] if yearly else STALE_DAYS[dataset]


@dataclass(frozen=True, slots=True)
class _Extent:
    first: date
    last: date
    rows_count: int
    symbols_count: int
    assumed: bool = False


def _extent(panels: MarketPanels, dataset: Dataset, as_of: date) -> _Extent | None:
    if dataset == "prices":
        return _frames_extent(_price_frames(panels))
    if dataset == "flows":
        return None if panels.flows is None else _frames_extent([panels.flows.buys])
    if dataset == "members":
        return None if panels.members is None else _members_extent(panels.members, as_of)
    tables = {
        "fundamentals": panels.fundamentals,
        "macro": panels.macro,
        "positions": panels.positions,
        "weights": panels.weights,
    }
    table = tables.get(dataset)
    return None if table is None or table.rows.empty else _table_extent(table)


def _price_frames(panels: MarketPanels) -> list[pd.DataFrame]:
    frames = [] if panels.stocks is None else [panels.stocks.closes]
    if not panels.universe.built_from_members:
        told = [mark.id for mark in panels.universe.benchmarks if mark.kind == "series"]
        frames += [panels.sectors.closes, panels.benchmark.closes.reindex(columns=told)]
    return frames


def _frames_extent(frames: list[pd.DataFrame]) -> _Extent | None:
    counts = [frame.notna().sum() for frame in frames]
    rows_count = int(sum(count.sum() for count in counts))
    if not rows_count:
        return None
    dated = [frame.index[frame.notna().any(axis=1)] for frame in frames]
    spans = [index for index in dated if len(index)]
    return _Extent(
        first=min(index[0] for index in spans).date(),
        last=max(index[-1] for index in spans).date(),
        rows_count=rows_count,
        symbols_count=int(sum((count > 0).sum() for count in counts)),
    )


def _members_extent(table: Table, as_of: date) -> _Extent:
    """Return the span of memberships; one still open reaches to the date asked about."""
    rows = table.rows
    return _Extent(
        first=rows["start"].min().date(),
        last=as_of if rows["end"].isna().any() else rows["end"].max().date(),
        rows_count=len(rows),
        symbols_count=int(rows["symbol"].nunique()),
    )


def _table_extent(table: Table) -> _Extent:
    """Return the span of a table's periods."""
    rows = table.rows
    subject = SUBJECT_OF[table.kind]
    stamps = rows["period"]
    return _Extent(
        first=stamps.min().date(),
        last=stamps.max().date(),
        rows_count=len(rows),
        symbols_count=int(rows[subject].nunique()),
        assumed=bool(rows["assumed"].any()),
    )
