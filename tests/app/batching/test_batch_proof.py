"""Three hundred reports on real data, on every engine: the same bytes, and what they take."""

import os
from pathlib import Path

import pytest

from app.batching.batch import Heard, Order, run_batch
from app.batching.engine import Crew
from app.batching.records import Outcome
from evals.speed.batch import HEADING, PLAN, copied, measured
from tests.app.batching.batches import dask_cluster, kill_a_worker, ray_cluster, sums

pytestmark = [pytest.mark.prove, pytest.mark.real_data, pytest.mark.xdist_group("batch proof")]
KILLS, BETWEEN = 5, 40
"""Workers killed, and reports between two kills."""


def _env(home: Path) -> dict[str, str]:
    return {"SECTORWISE_HOME": str(home), "SECTORWISE_VIEWS": "plain"}


def test_three_hundred_reports_are_the_same_bytes_on_every_engine(
    real_home: Path, tmp_path: Path
) -> None:
    lines = [HEADING]
    expected: dict[str, str] = {}
    seconds: dict[str, float] = {}
    for name in ("loky, 1", "loky, 2", "dask, 2", "ray, 2"):
        folder = tmp_path / name.replace(", ", "-")
        folder.mkdir()
        composition = copied(real_home, folder / "home")
        out, env = folder / "out", _env(folder / "home")
        if name.startswith("loky"):
            figures = measured(PLAN, composition, out, Crew(workers=int(name[-1])))
        elif name.startswith("dask"):
            with dask_cluster(folder, workers=2, env=env) as address:
                figures = measured(PLAN, composition, out, Crew("dask", address=address))
        else:
            if "ray" not in os.environ.get("PYTHONPATH", ""):
                lines.append("ray, 2: set PYTHONPATH to the whole path of .venv/ray")
                continue
            with ray_cluster(folder, workers=2, env=env) as address:
                figures = measured(PLAN, composition, out, Crew("ray", 2, address))
        made = sums(out)
        expected = expected or made
        seconds[name] = figures.seconds
        lines.append(figures.line(name))
        assert figures.failed_count == 0, lines
        assert made == expected, name
    efficiency = seconds["loky, 1"] / seconds["loky, 2"] / 2
    lines.append(f"efficiency of two workers over one: {efficiency:.2f}")
    print("\n".join(["", *lines]))
    assert len(expected) == 300


def test_killed_workers_lose_no_report(real_home: Path, tmp_path: Path) -> None:
    composition = copied(real_home, tmp_path / "home")
    order = Order(PLAN, tmp_path / "out", Crew(workers=2))
    order.out.mkdir()
    told: list[Outcome] = []
    killed: list[int] = []

    def done(outcome: Outcome) -> None:
        told.append(outcome)
        if len(told) % BETWEEN == 0 and len(killed) < KILLS:
            killed.append(kill_a_worker())

    summary = run_batch(order, composition, Heard(done=done))
    print(f"\n{summary.totals.made} reports, {len(killed)} workers killed")
    assert (summary.totals.made, len(killed)) == (300, KILLS)
    assert len(list((tmp_path / "home" / "runs").iterdir())) == 300
