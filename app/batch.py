"""Many reports in one process: each made once, whole or not at all, failures told at the end."""

import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.compose import Composition, open_services
from app.render.bundle import render
from app.research import research_with
from core.errors import SectorwiseError
from core.records.request import Request


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make, and the folder it becomes."""

    name: str
    request: Request


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job."""

    job: Job
    state: Literal["made", "kept", "failed"]
    gaps_count: int = 0
    error: str | None = None


async def run_batch(
    jobs: Sequence[Job],
    composition: Composition,
    *,
    out: Path,
    formats: Sequence[str],
    tell: Callable[[str], None],
) -> AsyncIterator[Done]:
    """Yield each job's outcome; a folder appears only when its report is complete."""
    async with open_services(composition) as services:
        for number, job in enumerate(jobs, start=1):
            tell(f"{number}/{len(jobs)} {job.name}")
            folder = out / job.name
            if folder.is_dir():
                yield Done(job, "kept")
                continue
            pending = out / f".{job.name}"
            try:
                found = await research_with(job.request, services, composition)
                shutil.rmtree(pending, ignore_errors=True)
                render(found.report, composition.universes, formats=formats, out_dir=pending)
                pending.replace(folder)
            except SectorwiseError as error:
                yield Done(job, "failed", error=str(error))
                continue
            yield Done(job, "made", gaps_count=len(found.report.gaps))
