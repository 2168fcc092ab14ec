"""Whatever is started, killed, taken up, followed up or synced: a report is of its inputs alone.

Nothing is lost: a killed run goes on where it stood. Nothing is twice: no call, record or entry.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.journals.journal import Journal
from core.history.calls import is_plain
from core.records.report import Report
from core.records.request import Request
from tests.app.running.growing import DAYS
from tests.app.running.houses import Asked, House, Kill, Twins, plain, question

pytestmark = pytest.mark.xdist_group("lives")

EARLIER: Final = (date(2024, 6, 28), date(2024, 8, 30))
"""Days before the first stage's last: what is said of them never changes."""
NODES: Final = ("dates", "planner", "router", "heatmap", "join", "drill_down", "scorer", "verifier")
KILLS: Final = st.none() | st.builds(
    Kill,
    st.sampled_from(NODES),
    st.sampled_from(("started", "finished")),
    st.sampled_from(("cancelled", "broken")),
)


class Lives(RuleBasedStateMachine):
    """One home from its first question on."""

    runs: Bundle[Asked] = Bundle("runs")
    twins: Twins
    steps = runs_count = 0

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(dir=self.twins.folder)) / "home"
        shutil.copytree(self.twins.home(0), self.home)
        self.house, self.stage = House(self.home), 0
        self.reports: dict[str, Report] = {}
        self.unfinished: dict[str, Asked] = {}
        self.count = 0

    @rule(target=runs, day=st.sampled_from([None, *EARLIER]), kill=KILLS)
    def start(self, day: date | None, kill: Kill | None) -> Asked:
        """A plain report, of today or of an earlier day."""
        return self._begun(plain(day), None, kill)

    @precondition(lambda self: self.reports)
    @rule(target=runs, run=runs, kill=KILLS)
    def ask(self, run: Asked, kill: Kill | None) -> Asked:
        """A question that follows up a finished run, else the run itself again."""
        if run.run not in self.reports:
            self._go_on(run, kill)
            return run
        return self._begun(question(self.reports[run.run].as_of[0]), run, kill)

    @precondition(lambda self: self.unfinished)
    @rule(run=runs, kill=KILLS)
    def resume(self, run: Asked, kill: Kill | None) -> None:
        """A run goes on where it stands, or is told again."""
        self._go_on(run, kill)

    @precondition(lambda self: self.stage + 1 < len(DAYS))
    @rule()
    def sync(self) -> None:
        """A further month comes in, while what runs are made with stays open."""
        self.stage += 1
        self.twins.grow(self.home, self.stage)

    @rule()
    def leave(self) -> None:
        """The process ends, and another begins."""
        self.house.leave()
        self.house = House(self.home)

    def _begun(self, request: Request, follows: Asked | None, kill: Kill | None) -> Asked:
        self.count += 1
        asked = Asked(f"run-{self.count}", request, follows)
        self._go_on(asked, kill)
        return asked

    def _go_on(self, asked: Asked, kill: Kill | None) -> None:
        type(self).runs_count += 1
        known = self.reports.get(asked.run)
        previous = () if asked.follows is None else self.reports[asked.follows.run].evidence
        report = self.house.worked(asked, previous, kill)
        if report is None:
            assert known is None
            self.unfinished[asked.run] = asked
            return
        self.unfinished.pop(asked.run, None)
        assert report == (known or report)
        twin = self.twins.report(asked, report.as_of[0])
        assert report.canonical_json() == twin.canonical_json()
        self.reports[asked.run] = report

    @invariant()
    def nothing_is_lost(self) -> None:
        """What is finished is kept; what is not stands in a checkpoint, or has not begun."""
        type(self).steps += 1
        kept = {path.parent.name for path in (self.home / "runs").glob("*/run.json")}
        assert kept == self.reports.keys()
        assert set(self._rows("checkpoints", "SELECT DISTINCT thread_id FROM checkpoints")) <= {
            (name,) for name in self.unfinished
        }

    @invariant()
    def nothing_is_twice(self) -> None:
        """No answer of a run is recorded twice, no report written down twice."""
        count = "SELECT run, request_hash FROM calls GROUP BY run, request_hash HAVING count(*) > 1"
        assert self._rows("ledger", count) == []
        if not self.reports:
            return
        journal = Journal(self.house.composition.settings.database)
        entries = journal.verify()
        journal.close()
        plain_ones = {
            report.content_hash() for report in self.reports.values() if is_plain(report.request)
        }
        assert (entries.broken, entries.entries_count) == (None, len(plain_ones))

    def teardown(self) -> None:
        """Leave the home, and remove it."""
        self.house.leave()
        shutil.rmtree(self.home.parent)

    def _rows(self, file: str, query: str) -> list[tuple[object, ...]]:
        path = self.home / f"{file}.sqlite"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path)) as connection:
            try:
                return connection.execute(query).fetchall()
            except sqlite3.OperationalError:  # the table is made with the first run
                return []


@pytest.fixture(scope="module")
def lives(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[Lives]]:
    """The machine over a market that comes in month by month."""
    folder = tmp_path_factory.mktemp("lives")
    Lives.twins = Twins(demo_home, folder)
    yield Lives
    shutil.rmtree(folder)


def _lived(lives: type[Lives], *, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lives,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_home_lives_through_what_comes(lives: type[Lives]) -> None:
    _lived(lives, examples=2, steps=5)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_a_home_lives_through_five_hundred_steps(lives: type[Lives]) -> None:
    lives.steps = lives.runs_count = 0
    _lived(lives, examples=36, steps=16)
    print(f"\n{lives.steps} steps, in {lives.runs_count} of them a run was worked on:", end=" ")
    print("0 lost, 0 twice, 0 of other bytes")
    assert lives.steps >= 500
