"""Homes with data in them, each made once a test run and shared by the workers."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from app.data import prepare
from app.files.universes import load_universes
from evals.tapes import homes

FITTED_WITH: Final = homes.LEARNS_WITH
"""What the shared homes learn with: trees have their own tests, and take most of a fit."""


MADE: Final = "made"
"""The file that says a home is whole."""


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder, made by whichever worker comes first while the others wait."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / MADE
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


def fill_from(made: Path, home: Path) -> None:
    """Fill a home that is being made with what another that was made holds."""
    shutil.copytree(made, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns(MADE))


def own_copy(made: Path, factory: pytest.TempPathFactory) -> Path:
    """Return a worker's own copy of a home: runs write to it, which no other may copy meanwhile."""
    return Path(shutil.copytree(made, factory.mktemp(made.name) / "home"))


def make_demo(home: Path) -> None:
    """Fill the home with the synthetic market and its forecasts."""
    homes.make_demo(home)


def make_markets(home: Path, shared_data: Path) -> None:
    """Fill the home with the shared US and Vietnamese data; nothing is fitted."""
    for universe in ("vn", "us"):
        homes.import_real(home, shared_data, universe)


def make_real(home: Path, markets: Path) -> None:
    """Fill the home with what `make_markets` made, and with the forecasts of both."""
    fill_from(markets, home)
    for universe in ("vn", "us"):
        prepare(homes.settings_of(home), load_universes()[universe], tell=lambda _: None)


def make_world(home: Path, shared_data: Path) -> None:
    """Fill the home with the shared global sector funds; nothing is fitted."""
    homes.make_real(home, shared_data, "world")
