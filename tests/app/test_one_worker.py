"""Who works on a run keeps what comes of it: once, and nobody who lost the run."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mcp.types import CallToolResult

from agents.run import Heard, Progress
from agents.toolbox.ledger import Ledger
from agents.toolbox.sessions import Sessions
from app.compose import Composition
from app.journals.journal import Journal
from app.research import Research, advanced
from app.settings import Settings
from app.state.rights import Right, Rights
from core.errors import CallerError, ConflictError
from core.records.request import Request
from core.records.universe import Horizon
from tests.agents.bench import SPEC, Bench, a_request
from tests.servers.market import Market, MarketServer, made_universe

pytestmark = pytest.mark.xdist_group("postgres")
NOW = datetime(2026, 3, 21, tzinfo=UTC)
PATIENCE_SECONDS = 30.0
PLAIN = a_request(text="")


class Gated(MarketServer):
    """Answers nobody before it is opened."""

    def __init__(self) -> None:
        super().__init__(Market(made_universe()))
        self.open = asyncio.Event()

    async def _answered(
        self, tool: str, region: str, horizon: Horizon, sector: str | None, **more: object
    ) -> CallToolResult:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.open.wait()
        return await super()._answered(tool, region, horizon, sector, **more)


class Desk:
    """One machine's home, on a database others use too."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        self.settings = Settings(home=home, database_url=url)
        self.composition = Composition(self.settings, {"toy": made_universe()}, clock=lambda: NOW)
        self.bench = Bench(ledger=Ledger(self.settings.database, clock=lambda: NOW))
        self.bench.served = self.market = Gated()

    def work(
        self,
        *,
        right: Right | None = None,
        request: Request = PLAIN,
        heard: Callable[[Progress], None] | None = None,
        times: int = 1,
    ) -> list[object]:
        """Work on the run, so many times at once, and return what came of each.

        None of several gets an answer before the first of them has ended.
        """

        async def main() -> list[object]:
            async with Sessions((SPEC,), embedded={"own": self.bench.served.server}) as sessions:
                services = self.bench.services(sessions, None)
                works = [
                    asyncio.create_task(advanced(
                        request, services, self.composition,
                        run="run", heard=Heard(heard), right=right,
                    ))
                    for _ in range(times)
                ]  # fmt: skip
                if times > 1:
                    await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
                self.market.open.set()
                return list(await asyncio.gather(*works, return_exceptions=True))

        try:
            return asyncio.run(main())
        finally:
            self.bench.ledger.close()

    @property
    def kept(self) -> list[str]:
        """The runs that are kept, by their record."""
        return [path.parent.name for path in (self.settings.home_dir / "runs").glob("*/run.json")]

    @property
    def entries(self) -> int:
        """How many entries the log of calls has."""
        journal = Journal(self.settings.database)
        try:
            return journal.verify().entries_count
        finally:
            journal.close()


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """A machine on each database."""
    url = None if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    return Desk(tmp_path / "home", url)


def test_of_two_that_work_on_one_run_one_is_refused_and_told_the_kept_one(
    desk: Desk,
) -> None:
    found = desk.work(times=2)
    done = [row for row in found if isinstance(row, Research)]
    refused = [row for row in found if isinstance(row, ConflictError)]
    assert [len(done), len(refused)] == [1, 1]
    assert "run run is under way" in str(refused[0])
    assert len(desk.bench.served.calls) == len(set(desk.bench.served.calls))
    assert (desk.kept, desk.entries) == (["run"], 1)
    _require_told_again(desk, done[0])


def test_a_run_is_on_the_disk_before_it_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    fsync = os.fsync

    def noted(number: int) -> None:
        synced.add(os.fstat(number).st_ino)
        fsync(number)

    monkeypatch.setattr(os, "fsync", noted)
    desk = Desk(tmp_path / "home")
    desk.work()
    folder = desk.settings.home_dir / "runs" / "run"
    written = (folder.parent, folder, *folder.iterdir())
    assert [path.name for path in written if path.stat().st_ino not in synced] == []
    assert {"run.json", "report.json", "desks.json"} <= {path.name for path in written}


def _require_told_again(desk: Desk, first: Research) -> None:
    """Require that a kept run is told again and not made again, to its own question alone."""
    calls = len(desk.bench.served.calls)
    written = desk.settings.home_dir.joinpath("runs", "run", "run.json").stat().st_mtime_ns
    (again,) = desk.work()
    assert isinstance(again, Research)
    assert again.report == first.report
    assert len(desk.bench.served.calls) == calls
    assert desk.settings.home_dir.joinpath("runs", "run", "run.json").stat().st_mtime_ns == written
    (other,) = desk.work(request=a_request(language="vi"))
    assert isinstance(other, CallerError)
    assert "belongs to another question" in str(other)


@contextmanager
def _machine(folder: Path, url: str, *, after: timedelta = timedelta()) -> Iterator[Rights]:
    rights = Rights(folder, url, clock=lambda: datetime.now(UTC) + after)
    try:
        yield rights
    finally:
        rights.close()


@pytest.mark.parametrize(
    ("node", "state"),
    [pytest.param("scorer", "started", marks=pytest.mark.prove), ("verifier", "finished")],
)
def test_who_lost_a_run_writes_neither_its_checkpoint_nor_its_record(
    node: str, state: str, tmp_path: Path, postgres_url: str
) -> None:
    slow = Desk(tmp_path / "home", postgres_url)
    with (
        _machine(tmp_path / "slow", postgres_url) as here,
        _machine(tmp_path / "quick", postgres_url, after=timedelta(hours=1)) as there,
    ):
        right, taken = here.taken("run"), list[Right]()

        def heard(progress: Progress) -> None:
            if (progress.node, progress.state) == (node, state) and not taken:
                taken.append(there.taken("run"))

        (lost,) = slow.work(right=right, heard=heard)
        assert isinstance(lost, ConflictError)
        assert "another process has taken over run run" in str(lost)
        assert (slow.kept, slow.entries) == ([], 0)
        quick = Desk(tmp_path / "home", postgres_url)
        (done,) = quick.work(right=taken[0])
        assert isinstance(done, Research)
        assert (quick.kept, quick.entries) == (["run"], 1)
        assert done.report.canonical_json() == Bench().run(PLAIN).canonical_json()
        right.release()
        taken[0].release()
