"""Decides what of a plan is still to be made, and with what; making it is the worker's business."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.batching.folders import REPORT, is_whole, report_sha256
from app.batching.jobs import planned_jobs
from app.batching.markets import Markets
from app.batching.records import BatchPlan, Job, Outcome
from app.batching.site import Site, Task, database_digest, travelling
from app.batching.standing import Standing, standing
from app.batching.summary import read_summary
from app.batching.worker import outcome_of, wanted_files
from app.compose import Composition
from app.files.mandates import load_book
from app.render.bundle import chosen_formats
from app.sentences import sentence_of
from core.errors import CallerError
from core.records.budget import Budget
from core.records.report import Report

HOMES: Final = "the home"
"""In place of a file, where a plan names no mandate."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A batch at its start: all jobs in order, what is known of some, and what is to be made."""

    site: Site
    standing: Standing
    jobs: tuple[Job, ...]
    known: Mapping[str, Outcome]
    tasks: tuple[Task, ...]


def begun(
    plan: BatchPlan, composition: Composition, markets: Markets, *, out: Path, again: bool
) -> Begun:
    """Return the batch at its start.

    Args:
        plan: what is asked for.
        composition: what it is made with.
        markets: the plan's.
        out: where the folders are.
        again: whether whole folders are made again too.

    Raises:
        CallerError: the plan means no report, two of one name, an unknown format, or limits
            money that nothing tells the price of.
        ConflictError: a mandate has changed since reports in the folder were made.
        MandateError: a mandate cannot be read.
        DataError: a calendar does not cover a year of the plan.
    """
    _check(plan, composition)
    limits = _limits(plan, composition)
    jobs = planned_jobs(plan, markets.universes, markets.latest)
    batch = standing(out, jobs, limits=limits, now=composition.clock(), again=again)
    errors = {name: sentence_of(error) for name, error in markets.errors.items()}
    known = {
        job.name: Outcome(name=job.name, state="failed", error=errors[job.universe])
        for job in jobs
        if job.universe in errors
    } | ({} if again else _kept(jobs, out, plan.formats))
    tasks = tuple(batch.task(job) for job in jobs if job.name not in known)
    return Begun(_site(plan, composition, batch, out), batch, jobs, known, tasks)


def _check(plan: BatchPlan, composition: Composition) -> None:
    """Refuse a plan before anything of it is begun."""
    chosen_formats(plan.formats)
    settings = composition.settings
    unpriced = settings.model_price_in is None or settings.model_price_out is None
    if plan.limits.usd is not None and settings.model_name is not None and unpriced:
        raise CallerError(
            "limits.usd needs what tokens cost: set SECTORWISE_MODEL_PRICE_IN and "
            "SECTORWISE_MODEL_PRICE_OUT, or limit tokens instead"
        )


def _limits(plan: BatchPlan, composition: Composition) -> dict[str, str]:
    """Return the content hash of each mandate, by file; the home's own by its name here."""
    if not plan.mandates:
        return {HOMES: load_book(composition.settings.mandate).content_hash()}
    return {mandate: load_book(Path(mandate)).content_hash() for mandate in plan.mandates}


def _site(plan: BatchPlan, composition: Composition, batch: Standing, out: Path) -> Site:
    settings, limits = composition.settings, plan.limits
    if plan.mandates:
        settings = settings.model_copy(update={"mandate": None})
    if limits.model_calls_at_once is not None:
        at_once = limits.model_calls_at_once
        settings = settings.model_copy(update={"model_calls_at_once": at_once})
    return Site(
        settings=travelling(settings),
        database=database_digest(settings),
        universes=composition.universes,
        out=out.resolve(),
        formats=tuple(dict.fromkeys((*plan.formats, "json"))),
        begun_at=batch.begun_at,
        account=batch.account,
        budget=Budget(calls_count=limits.calls, tokens_count=limits.tokens, usd=limits.usd),
    )


def _kept(jobs: tuple[Job, ...], out: Path, formats: tuple[str, ...]) -> dict[str, Outcome]:
    """Return the outcomes of jobs whose folders are whole."""
    files = wanted_files(formats)
    summary = read_summary(out)
    told = {} if summary is None else {row.name: row for row in summary.reports}
    whole = [out / job.name for job in jobs if is_whole(out / job.name, files)]
    found = {folder.name: _outcome(folder, told.get(folder.name)) for folder in whole}
    return {name: outcome for name, outcome in found.items() if outcome is not None}


def _outcome(folder: Path, told: Outcome | None) -> Outcome | None:
    """Return what the summary before, or else the report, says of a whole folder."""
    if told is not None and told.sha256 is not None and told.sha256 == report_sha256(folder):
        return told.model_copy(update={"state": "kept", "seconds": None})
    try:
        report = Report.model_validate_json((folder / REPORT).read_bytes())
    except (OSError, ValidationError):
        return None
    return outcome_of(folder, report, seconds=None)
