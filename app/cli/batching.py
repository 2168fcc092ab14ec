"""Runs a batch for the command line and sums it up."""

import asyncio
from datetime import date
from pathlib import Path

from app.batch import Done, Job, run_batch
from app.cli.output import Teller, say, say_json, telling
from app.cli.reporting import composition, ready, report_request
from app.compose import Composition
from core.errors import DataError
from core.records.request import Language
from core.records.universe import Horizon


def write_batch(
    universes: tuple[str, ...],
    dates: tuple[date, ...],
    *,
    horizon: Horizon,
    language: Language,
    out: Path,
    formats: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make every report that is not there yet.

    Raises:
        DataError: at least one could not be made; the others are there.
    """
    base = composition()
    jobs = [
        Job(
            name=f"{name}-{day}-{horizon}-{language}",
            request=report_request((name,), as_of=day, horizon=horizon, language=language),
        )
        for name in universes
        for day in dates
    ]
    out.mkdir(parents=True, exist_ok=True)
    with telling() as tell:
        for name in universes:
            first = next(job for job in jobs if job.request.universes == (name,))
            ready(base, first.request, tell=tell, recording=None)
        done = asyncio.run(_made(jobs, base, out, formats, tell))
    failed = [item for item in done if item.state == "failed"]
    if as_json:
        say_json(
            [
                {"report": item.job.name, "state": item.state, "gaps": item.gaps_count,
                 "error": item.error}
                for item in done
            ]
        )  # fmt: skip
    else:
        for item in done:
            say(f"{item.state:6} {item.job.name}" + (f": {item.error}" if item.error else ""))
    if failed:
        raise DataError(f"{len(failed)} of {len(done)} reports could not be made")


async def _made(
    jobs: list[Job], base: Composition, out: Path, formats: tuple[str, ...], tell: Teller
) -> list[Done]:
    return [item async for item in run_batch(jobs, base, out=out, formats=formats, tell=tell)]
