"""Reports of the demo market at three month ends, as made then and as made with all later data."""

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from agents.run import run_request
from app.cli.reporting import report_request
from app.compose import Composition, open_services
from app.files.universes import load_universes
from app.settings import Settings
from core.records.request import Request
from tests.homes import FITTED_WITH

DAYS = (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 29))
"""Month ends of the demo market with forecasts."""


@dataclass(frozen=True)
class Job:
    """A job of a batch."""

    name: str
    request: Request
    mandate: str | None = None


def composed(home: Path) -> Composition:
    return Composition(Settings(home=home, views=FITTED_WITH), load_universes())


def request(universe: str, day: date) -> Request:
    return report_request((universe,), as_of=day, horizon="1M", language="en")


def reported(home: Path, universe: str, *days: date) -> list[bytes]:
    """Return the report.json of each day, all made in one open house; nothing is kept of a run."""

    async def made() -> list[bytes]:
        async with open_services(composed(home)) as services:
            return [
                (await run_request(request(universe, day), services, run_id=f"on-{day}"))
                .report.model_dump_json()
                .encode()
                for day in days
            ]

    return asyncio.run(made())


@pytest.fixture(scope="session")
def whole(demo_home: Path) -> dict[date, bytes]:
    """Each day's report.json, made with all that came later."""
    return dict(zip(DAYS, reported(demo_home, "demo", *DAYS), strict=True))


@pytest.fixture
def batch(whole: dict[date, bytes], tmp_path: Path) -> tuple[Path, list[Job]]:
    """A batch's folder and jobs: the three reports."""
    jobs = [Job(f"demo-{day}-1M-en", request("demo", day)) for day in whole]
    for job, made in zip(jobs, whole.values(), strict=True):
        (tmp_path / "out" / job.name).mkdir(parents=True)
        (tmp_path / "out" / job.name / "report.json").write_bytes(made)
    return tmp_path / "out", jobs
