"""Homes with data in them, each made once a test run and shared by the workers."""

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from evals.tapes import homes

FITTED_WITH: Final = homes.LEARNS_WITH
"""What the shared homes learn with: trees have their own tests, and take most of a fit."""


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder, made by whichever worker comes first while the others wait."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "made"
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


def make_demo(home: Path) -> None:
    """Fill the home with the synthetic market and its forecasts."""
    homes.make_demo(home)


def make_real(home: Path, shared_data: Path) -> None:
    """Fill the home with the shared market data and their forecasts."""
    for universe in homes.FITTED:
        homes.make_real(home, shared_data, universe)


def make_world(home: Path, shared_data: Path) -> None:
    """Fill the home with the shared global sector funds; nothing is fitted."""
    homes.make_real(home, shared_data, "world")
