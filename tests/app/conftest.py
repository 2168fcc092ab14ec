"""A home with reports in it, made once for the tests of several files, which take copies."""

from pathlib import Path

import pytest

from tests.app.command import sectorwise
from tests.homes import fill_from, made_once

WEEKLY = ("2024-12-13", "2024-12-20")
"""The days of its reports."""


def report_of_week(day: str, *, home: Path) -> None:
    """Make the synthetic market's 1W report of a day."""
    asked = ("report", "-u", "demo", "--as-of", day, "--horizon", "1W", "--formats", "json")
    told = sectorwise(*asked, home=home)
    assert told.code == 0, told.error


@pytest.fixture(scope="session")
def weekly_home(run_folder: Path, demo_made: Path) -> Path:
    """A home with the synthetic market's reports of two weeks. Tests must not write to it."""

    def make(home: Path) -> None:
        fill_from(demo_made, home)
        for day in WEEKLY:
            report_of_week(day, home=home)

    return made_once(run_folder / "weekly-home", make)
