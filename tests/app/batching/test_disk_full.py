"""A batch whose folder takes no byte more: one sentence, nothing half, and later the same bytes."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.batching.batch import Order, run_batch
from app.batching.folders import leftovers
from app.batching.plan import parse_plan
from app.batching.standing import STANDING
from app.batching.summary import shortfall
from app.compose import Composition
from app.state.storage_errors import storage_sentence
from core.errors import NothingMadeError
from tests.app.batching.batches import copied, full_at, half, sums

pytestmark = pytest.mark.prove
PLAN = """
universes = ["demo"]
dates = ["2024-12-31"]
formats = ["json", "html"]
"""


@dataclass(frozen=True)
class Interrupted:
    """A batch of one report that was made; its folder may be taken away again."""

    order: Order
    composition: Composition
    expected: dict[str, str]

    def again(self) -> None:
        """Take away all but what a kill leaves before the folder appears."""
        for path in self.order.out.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != STANDING:
                path.unlink()

    def told(self) -> str:
        """Return what the batch says of its disk."""
        try:
            summary = run_batch(self.order, self.composition)
        except OSError as error:
            return str(storage_sentence(error))
        absent = shortfall(summary)
        assert isinstance(absent, NothingMadeError)
        assert summary.totals.left == 1, "it has not failed: it is the same run later"
        return str(absent)

    @property
    def runs_count(self) -> int:
        """How many runs are kept."""
        return sum(1 for _ in (self.composition.settings.home_dir / "runs").iterdir())


@pytest.fixture(scope="module")
def interrupted(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Interrupted:
    folder = tmp_path_factory.mktemp("full")
    composition = copied(demo_home, folder / "home")
    order = Order(parse_plan(PLAN, folder=folder), folder / "out")
    order.out.mkdir()
    run_batch(order, composition)
    return Interrupted(order, composition, sums(order.out))


def test_every_write_may_find_the_disk_full(interrupted: Interrupted) -> None:
    out = interrupted.order.out
    interrupted.again()
    with full_at(0, out) as counted:
        run_batch(interrupted.order, interrupted.composition)
    assert len(counted.written) > 12, "standing, report, sums, summary, index, and their folders"
    for number in range(1, len(counted.written) + 1):
        interrupted.again()
        with full_at(number, out) as disk:
            told = interrupted.told()
        assert "no space is left for" in told, disk.written
        assert f"{out.name}: free some, then run the same again" in told, disk.written
        assert not half(out), disk.written
        run_batch(interrupted.order, interrupted.composition)
        assert sums(out) == interrupted.expected, disk.written
        assert interrupted.runs_count == 1, "nothing is asked again"
        assert not leftovers(out)
