"""A served home in this process: the server, the runs it works on, and sessions with it."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from mcp import ClientSession

from app.files.universes import load_universes
from app.served.server import mounted
from app.settings import Settings
from tests.app.served.sessions import Served


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo home that the tests of a file may write to."""
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("served") / "home"))


@pytest.fixture(scope="module")
def opened(home: Path) -> Served:
    """One server a file: to register every tool takes a while."""
    server, runs = mounted(Settings(home=home), load_universes())
    return Served(home, server, runs)


@pytest.fixture
async def served(opened: Served) -> AsyncIterator[Served]:
    yield opened
    await opened.runs.close()


@pytest.fixture
async def client(served: Served) -> AsyncIterator[ClientSession]:
    async with served.session() as session:
        yield session


@pytest.fixture
def text_of() -> Callable[[object], str]:
    """The text part of an answer."""

    def read(result: object) -> str:
        return str(getattr(result, "content")[0].text)  # noqa: B009 - any result

    return read
