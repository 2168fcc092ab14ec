"""A client of a copy of the demo home, and of one whose operator keeps a mandate file."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.app.web.asking import client_of

FILE = """# kept by hand
id = "house"
universe = "demo"

[[versions]]
author = "A. Chair"
caps = {technology = 0.3}

[[versions]]
valid_from = 2024-11-01
author = "A. Chair"
reason = "less of one sector"
turnover = 0.2
caps = {technology = 0.2}
"""


@dataclass(frozen=True)
class Desk:
    home: Path
    client: TestClient


@pytest.fixture(scope="session")
def desk(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("desk") / "home"))
    with client_of(home) as client:
        yield Desk(home, client)


@pytest.fixture(scope="session")
def ruled(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("ruled")
    (folder / "house.toml").write_text(FILE)
    with client_of(demo_home, mandate=folder / "house.toml") as client:
        yield Desk(demo_home, client)
