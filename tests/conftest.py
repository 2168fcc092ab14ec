"""What every test shares: no network, no user's settings, and where real data may be."""

import gc
import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from app.hardening import harden

gc.disable()  # until the tests are read: see pytest_collection
harden()

from tests.authorities import write_one  # noqa: E402 - after harden()
from tests.folders import held_folder, is_roomy  # noqa: E402 - after harden()
from tests.homes import (  # noqa: E402 - after harden()
    FITTED_WITH,
    made_once,
    make_demo,
    make_markets,
    make_real,
    make_world,
    own_copy,
)
from tests.postgres import postgres_cluster, postgres_url  # noqa: E402, F401 - fixtures
from tests.schemas import check_schemas_once  # noqa: E402

check_schemas_once()

os.environ["SECTORWISE_VIEWS"] = FITTED_WITH  # for fixtures that outlive a test

EXAMPLES = {"short": 40, "usual": 100, "long": 1000}
"""How many a property has that states no number of its own: in CI, by hand, among the proofs."""
# Seeds are fixed, and a slow machine is not a failure.
for _name, _count in EXAMPLES.items():
    settings.register_profile(_name, deadline=None, derandomize=True, max_examples=_count)

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


PROOF_SECONDS = 3600
"""Patience with a long test that states none of its own."""
ORDER = ("real home", "browser", "postgres", "demo_house", "kept", "attacked")
"""Groups that share something dear, the largest first."""
ROOMS = ("app", "evals", "agents", "tools", "core")
"""Where tests take longest, first."""


def _group(item: pytest.Item) -> str:
    marker = item.get_closest_marker("xdist_group")
    return "" if marker is None else str(marker.args[0])


def _place(item: pytest.Item) -> str:
    """Return the folder a test shares its libraries with: to load them takes longer than most.

    A file of proofs stands alone, and so does one beside many of other things.
    """
    file = item.path.relative_to(Path(__file__).parent)
    alone = item.get_closest_marker("prove") or len(file.parts) < 3
    return str(file if alone else file.parent)


def _turn(item: pytest.Item) -> int:
    """Return when a test's turn is: no worker is to be left with a long one at the end."""
    group = _group(item)
    if group in ORDER:
        return ORDER.index(group)
    room = item.path.relative_to(Path(__file__).parent).parts[0]
    return len(ORDER) + (ROOMS.index(room) if room in ROOMS else 0)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what shares something dear to one worker: the real markets' home, the browser, a file.

    The largest shares come first, so that no worker is left with one at the end.
    """
    for item in items:
        if item.get_closest_marker("prove") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(PROOF_SECONDS))
        names = getattr(item, "fixturenames", ())
        if "markets_made" in names:
            item.add_marker(pytest.mark.xdist_group("real home"))
        elif "postgres_cluster" in names:
            item.add_marker(pytest.mark.xdist_group("postgres"))
        elif item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(_place(item)))
    items.sort(key=_turn)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_testnodedown(node: pytest.Session) -> None:
    """Give a worker that died an empty last word: schemathesis reads it, and would end the run."""
    if not hasattr(node, "workeroutput"):
        vars(node)["workeroutput"] = {}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage neither while the tests are read nor among them ever after, and seldom.

    They live as long as the process, and to search them again takes a tenth of the suite's time.
    """
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000)
        gc.enable()


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Refuse every connection that leaves the loopback interface."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


def _length(marks: str) -> str:
    """Return which of `EXAMPLES` a run of tests with these marks is."""
    if "not prove" in marks:
        return "short"
    return "long" if "prove" in marks else "usual"


@pytest.hookimpl(tryfirst=True)  # before pytest reads where its folders are to be
def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples are tried, and keep a short run's folders in memory.

    Every commit and every kept file waits for the disk.
    """
    length = _length(config.option.markexpr)
    settings.load_profile(length)
    if length == "short" and config.option.basetemp is None and is_roomy():
        held = ExitStack()
        config.add_cleanup(held.close)
        config.option.basetemp = held.enter_context(held_folder()) / "run"


@pytest.fixture(scope="session", autouse=True)
def _one_authority(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("trusted") / "authority.pem"
    write_one(file)
    os.environ["SSL_CERT_FILE"] = str(file)  # httpx and OpenSSL read it


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Places where a test may have a home of its own; none is made before it is used.

    A `tmp_path` for every test costs more than most tests: pytest reads all others' names for it.
    """
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, _homes: Iterator[Path]) -> None:
    for name in list(os.environ):
        if name.startswith(("SECTORWISE_", "OPENAI_", "OTEL_", "LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SECTORWISE_HOME", str(next(_homes)))
    monkeypatch.setenv("SECTORWISE_VIEWS", FITTED_WITH)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real market data beside the project; its absence fails in CI and skips elsewhere."""
    if SHARED_DATA.is_dir():
        return SHARED_DATA
    if os.environ.get("CI"):
        pytest.fail(f"CI must have the shared market data at {SHARED_DATA}")
    pytest.skip("real market data are not published with the project")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def demo_made(run_folder: Path) -> Path:
    """What `demo_home` is copied from; nobody writes to it."""
    return made_once(run_folder / "demo-home", make_demo)


@pytest.fixture(scope="session")
def demo_home(demo_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the synthetic market, fitted. Tests must not write to its store."""
    return own_copy(demo_made, tmp_path_factory)


@pytest.fixture(scope="session")
def markets_made(run_folder: Path, shared_data: Path) -> Path:
    """What `market_home` and `real_home` are copied from."""
    return made_once(run_folder / "market-home", lambda home: make_markets(home, shared_data))


@pytest.fixture(scope="session")
def market_home(markets_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the shared US and Vietnamese data, not fitted; its store is only read."""
    return own_copy(markets_made, tmp_path_factory)


@pytest.fixture(scope="session")
def real_home(
    run_folder: Path, markets_made: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same, both fitted, for long tests. Tests must not write to its store."""
    made = made_once(run_folder / "real-home", lambda home: make_real(home, markets_made))
    return own_copy(made, tmp_path_factory)


@pytest.fixture(scope="session")
def world_home(
    run_folder: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A home with the shared global sector funds, not fitted. Tests must not write to its store."""
    made = made_once(run_folder / "world-home", lambda home: make_world(home, shared_data))
    return own_copy(made, tmp_path_factory)
