"""A home the tests of a file may ask in."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.chat.desk import ChatDesk
from tests.app.chat.desks import desk_of


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo home that the tests of a file may write to."""
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("chat") / "home"))


@pytest.fixture
async def desk(home: Path) -> AsyncIterator[ChatDesk]:
    found = desk_of(home)
    async with found.open():
        yield found
