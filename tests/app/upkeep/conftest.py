"""A home with all that is kept in one, made once; every test damages a copy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.upkeep.kept import leave_checkpoint, make_kept
from tests.homes import made_once


@pytest.fixture(scope="session")
def kept_home(weekly_home: Path, run_folder: Path) -> Path:
    """Return the home; tests take a copy."""
    return made_once(run_folder / "kept-home", lambda home: make_kept(home, weekly_home))


@pytest.fixture
def home(kept_home: Path, tmp_path: Path) -> Path:
    """Return a copy of the home, to be damaged."""
    copy = tmp_path / "kept"
    shutil.copytree(kept_home, copy)
    copy.chmod(0o700)
    return copy


@pytest.fixture
def checkpointed() -> Callable[[Path, str], None]:
    """Return what leaves a checkpoint of a run in a home."""
    return lambda home, run: leave_checkpoint(str(home / "checkpoints.sqlite"), run)
