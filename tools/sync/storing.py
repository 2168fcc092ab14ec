"""Decides what of a source's answers is stored: sound rows, whole days, what is not there yet."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from core.errors import ProviderError
from core.records.result import Dataset
from tools.intake.arriving import arrived
from tools.intake.frame_contract import Checked
from tools.storage.findings import REJECTED
from tools.storage.partition import Lot
from tools.storage.schema import SCHEMAS
from tools.sync.completeness import Whole, whole_days
from tools.sync.errand import Absent, Errand, Synced
from tools.sync.moments import BY_SESSION
from tools.sync.news import News, news
from tools.sync.staging import Kept, Staging, SyncPlan

EDITION = 1
"""Raised with any change of what is made of a source's answers."""


def stored(errand: Errand, plan: SyncPlan, staging: Staging) -> Synced:
    """Store what the answers tell anew, in one partition or none.

    Raises:
        ProviderError: a name the universe cannot do without has no answer.
        ImportRejectedError: no row can be used.
    """
    kept = staging.kept
    _refuse_without_required(plan, staging, kept)
    rows = staging.rows(tuple(item.subject for item in plan.wanted))
    sound, whole = Checked(rows, (), ()), Whole(last=None)
    told = News(rows, 0)
    if len(rows):
        sound = _arrived(errand, rows)
        whole = _whole(plan, kept, sound.rows)
        told = news(
            _until(sound.rows, whole, errand.dataset),
            _held(errand, plan, sound.rows),
            errand.dataset,
            today=errand.today,
            begun={item.subject: item.first for item in plan.wanted if item.first is not None},
        )
    lot = _lot(errand, plan, kept, sound)
    part = errand.store.write(errand.universe.id, told.rows, lot) if len(told.rows) else None
    return _result(errand, plan, kept, lot, whole).model_copy(
        update={}
        if part is None
        else {
            "stored": True,
            "rows_count": part.rows_count,
            "revised_count": told.revised_count,
            "first": part.first,
            "last": part.last,
        }
    )


def _arrived(errand: Errand, rows: pd.DataFrame) -> Checked:
    return arrived(
        errand.store,
        errand.universe,
        errand.dataset,
        rows,
        origin=errand.upstream.origin(errand.dataset),
        today=errand.today,
    )


def _refuse_without_required(plan: SyncPlan, staging: Staging, kept: Mapping[str, Kept]) -> None:
    absent = [item.subject for item in plan.wanted if item.required and kept[item.subject].problem]
    for name in absent:
        staging.forget(name)
    if absent:
        more = f" (and {len(absent) - 1} more names)" if len(absent) > 1 else ""
        raise ProviderError(
            f"{kept[absent[0]].problem}{more}; nothing was stored, since a sector or benchmark "
            "of the universe is missing"
        )


def _whole(plan: SyncPlan, kept: Mapping[str, Kept], rows: pd.DataFrame) -> Whole:
    """Return the whole days; a name its source no longer knows is not waited for."""
    if plan.dataset not in BY_SESSION:
        return Whole(last=None)
    days = rows["period"].dt.normalize()
    fetched = days.groupby(rows[SCHEMAS[plan.dataset].subject]).max()
    last_of = {
        item.subject: item.last
        for item in plan.wanted
        if item.last is not None and not kept[item.subject].unknown
    }
    for name, stamp in fetched.items():
        last_of[str(name)] = max(stamp.date(), last_of.get(str(name), stamp.date()))
    return whole_days(last_of, tuple(stamp.date() for stamp in sorted(days.unique())))


def _until(rows: pd.DataFrame, whole: Whole, dataset: Dataset) -> pd.DataFrame:
    if dataset not in BY_SESSION:
        return rows
    last = whole.last or date.min
    if last == date.min:
        return rows.iloc[:0]
    return rows[rows["period"] < pd.Timestamp(last + timedelta(days=1))]


def _held(errand: Errand, plan: SyncPlan, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the stored rows beside which the fetched ones are looked at."""
    stored_rows = errand.store.read(
        errand.universe.id, errand.dataset, since=rows["period"].min().date()
    )
    subject = SCHEMAS[plan.dataset].subject
    return stored_rows[stored_rows[subject].isin(list(rows[subject].unique()))]


def _lot(errand: Errand, plan: SyncPlan, kept: Mapping[str, Kept], sound: Checked) -> Lot:
    hashes = "".join(f"{item.subject} {kept[item.subject].sha256}\n" for item in plan.wanted)
    recipe = f"{plan.source} {plan.dataset} {EDITION}"
    return Lot(
        dataset=plan.dataset,
        origin=errand.upstream.origin(plan.dataset),
        input_sha256=hashlib.sha256(hashes.encode()).hexdigest(),
        recipe_sha256=hashlib.sha256(recipe.encode()).hexdigest(),
        synced=True,
        assumed_known_at=bool(sound.rows["assumed"].any()) if "assumed" in sound.rows else False,
        finding_counts=sound.counts,
        findings=sound.findings,
    )


def _result(
    errand: Errand, plan: SyncPlan, kept: Mapping[str, Kept], lot: Lot, whole: Whole
) -> Synced:
    problems = [(item.subject, kept[item.subject].problem) for item in plan.wanted]
    return Synced(
        universe=errand.universe.id,
        source=plan.source,
        dataset=plan.dataset,
        origin=lot.origin,
        until=plan.until,
        asked_count=0,
        resumed_count=0,
        rejected_count=sum(n.rows_count for n in lot.finding_counts if n.kind in REJECTED),
        held_days=whole.held_days,
        waiting_for=whole.waiting_for,
        ended=whole.ended,
        absent=tuple(Absent(subject=name, sentence=said) for name, said in problems if said),
        finding_counts=lot.finding_counts,
        findings=lot.findings,
    )
