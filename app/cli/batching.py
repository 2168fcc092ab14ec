"""Runs a batch for the command line and sums it up."""

import asyncio
from datetime import date
from pathlib import Path

from app.batch import Done, Job, run_batch
from app.cli.output import Teller, say, say_json, telling
from app.cli.reporting import composition, ready, report_request, require_writable
from app.compose import Composition
from app.render.bundle import chosen_formats
from core.errors import DataError
from core.records.request import Language, Request
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
    chosen_formats(formats)
    require_writable(out)
    base = composition()
    jobs = [
        Job(
            name=f"{name}-{day}-{horizon}-{language}",
            request=report_request((name,), as_of=day, horizon=horizon, language=language),
        )
        for name in universes
        for day in dates
    ]
    with telling() as tell:
        for name in universes:
            mine = [job.request for job in jobs if job.request.universes == (name,)]
            ready(base, max(mine, key=_day), tell=tell, recording=None)
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


def _day(request: Request) -> date:
    return request.as_of or date.max


async def _made(
    jobs: list[Job], base: Composition, out: Path, formats: tuple[str, ...], tell: Teller
) -> list[Done]:
    return [item async for item in run_batch(jobs, base, out=out, formats=formats, tell=tell)]
