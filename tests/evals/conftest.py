"""A home the evals' tests may make runs in."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def evals_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the synthetic market's home."""
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("evals") / "home"))
