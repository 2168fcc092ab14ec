"""Runs killed before and after every node, in every store: they go on to the same bytes.

Every call that was recorded is made once, whatever was killed: only what was on its way is again.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from tests.app.running.killing import (
    Endpoints,
    Kill,
    Outcome,
    Site,
    begun,
    ended,
    endpoints,
)
from tests.postgres import empty_database

pytestmark = pytest.mark.xdist_group("postgres")

Store = Literal["sqlite", "postgres"]
PARALLEL = ("macro", "heatmap", "fundamentals", "foreign_flow", "whale_activity")
SAMPLE: tuple[tuple[Kill, Store, bool], ...] = (
    (Kill(event="os.rename", path="run.json"), "postgres", True),
)
KEEPING = (
    Kill(event="os.rename", path="report.json"),
    Kill(event="os.rename", path="run.json"),
    Kill(event="os.remove", path=".lock"),
)
"""After the journal and before the report; before the record; after all, before it lets go."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A run nobody killed."""

    outcome: Outcome
    made: Counter[str]
    events: tuple[Kill, ...]


@dataclass
class Bed:
    """Makes runs, kills them, and takes them up again."""

    served: Endpoints
    server: Callable[[], str]
    folder: Path
    wholes: dict[bool, Whole]
    trials: int = 0

    def site(self, store: Store, *, model: bool) -> Site:
        """Return an own home with an own database."""
        self.trials += 1
        home = self.folder / str(self.trials)
        home.mkdir()
        url = empty_database(self.server()) if store == "postgres" else None
        return Site(home, self.served.tools_url, self.served.model_url if model else None, url)

    def whole(self, *, model: bool) -> Whole:
        """Return what a run comes to that nobody kills."""
        if model not in self.wholes:
            site, told = self.site("sqlite", model=model), self.folder / f"told-{model}"
            self.served.forget()
            assert ended(begun(site, told=told)) == 0
            rows = [line.split() for line in told.read_text().splitlines()]
            events = tuple(
                Kill(node, "started" if phase == "started" else "finished", int(times))
                for node, phase, times in rows
            )
            self.wholes[model] = Whole(site.outcome(), self.served.made, events)
        return self.wholes[model]

    def resumed(self, site: Site, *, model: bool) -> Counter[str]:
        """Finish a run that was killed, and return the calls that were made again."""
        whole, recorded = self.whole(model=model), site.recorded()
        assert ended(begun(site)) == 0
        assert site.outcome() == whole.outcome
        made = self.served.made
        assert made.keys() == whole.made.keys()
        assert all(count <= 2 for count in made.values())
        repeated = made - whole.made
        assert not repeated & recorded
        return repeated

    def killed(self, kill: Kill, store: Store, *, model: bool) -> Counter[str]:
        """Kill a run there, finish it, and return the calls that were made again."""
        self.whole(model=model)
        site = self.site(store, model=model)
        self.served.forget()
        assert ended(begun(site, kill)) == -signal.SIGKILL, kill
        return self.resumed(site, model=model)


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Bed]:
    """Counting servers, and folders for homes."""
    with endpoints() as served:
        folder = tmp_path_factory.mktemp("killed")
        yield Bed(served, lambda: str(request.getfixturevalue("postgres_cluster")), folder, {})


@pytest.mark.parametrize(("kill", "store", "model"), SAMPLE, ids=str)
def test_a_killed_run_goes_on_to_the_same_bytes(
    bed: Bed, kill: Kill, store: Store, model: bool
) -> None:
    repeated = bed.killed(kill, store, model=model)
    assert kill.node in PARALLEL or repeated == Counter()


def test_only_the_call_that_was_on_its_way_is_made_again(bed: Bed) -> None:
    assert _killed_as_it_asks(bed, "sqlite", "planner") == Counter(["model planner"])


@pytest.mark.prove
@pytest.mark.timeout(5400)
def test_every_node_is_killed_before_and_after_in_every_store(bed: Bed) -> None:
    print(f"\n{'kill':44} {'store':9} {'model':6} outcome      calls  repeated")
    for store in ("sqlite", "postgres"):
        for model in (False, True):
            for kill in (*dict.fromkeys(bed.whole(model=model).events), *KEEPING):
                repeated = bed.killed(kill, store, model=model)
                on_their_way = kill.node in PARALLEL
                assert on_their_way or repeated == Counter(), kill
                assert sum(count for name, count in repeated.items() if "model" in name) == 0
                _tell(bed, kill, store, model, repeated)
            for role in ("planner", "reporter") if model else ():
                repeated = _killed_as_it_asks(bed, store, role)
                assert repeated == Counter([f"model {role}"])
                _tell(bed, f"answer of {role} on its way", store, model, repeated)
            for tool in ("get_data_status", "get_sector_heatmap"):
                repeated = _killed_as_it_calls(bed, store, tool, model=model)
                assert tool in repeated
                _tell(bed, f"answer of {tool} on its way", store, model, repeated)


def _tell(bed: Bed, kill: Kill | str, store: Store, model: bool, repeated: Counter[str]) -> None:
    calls, again = bed.served.made.total(), repeated.total()
    told = f"{kill!s:44} {store:9} {'yes' if model else 'no':6} same bytes   {calls:5}  {again:5}"
    print(told, flush=True)


def _killed_as_it_asks(bed: Bed, store: Store, role: str) -> Counter[str]:
    """Kill a run whose question to the model has come and is not answered."""
    bed.whole(model=True)
    site = bed.site(store, model=True)
    bed.served.forget()
    process = begun(site)
    asked = iter(("planner", "reporter"))

    def met() -> None:
        if next(asked, None) == role:
            bed.served.asking.clear()
            os.kill(process.pid or 0, signal.SIGKILL)

    bed.served.asking.append(met)
    assert ended(process) == -signal.SIGKILL
    return bed.resumed(site, model=True)


def _killed_as_it_calls(bed: Bed, store: Store, tool: str, *, model: bool) -> Counter[str]:
    """Kill a run whose call has come to the tool and is not answered."""
    bed.whole(model=model)
    site = bed.site(store, model=model)
    bed.served.forget()
    process = begun(site)

    def met(called: str) -> None:
        if called == tool:
            bed.served.market.meeting = lambda _: None
            os.kill(process.pid or 0, signal.SIGKILL)

    bed.served.market.meeting = met
    assert ended(process) == -signal.SIGKILL
    return bed.resumed(site, model=model)
