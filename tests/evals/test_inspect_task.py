import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.files.universes import load_universes
from evals.cases.reading import load_cases
from evals.results.asking.grounds import DEMO
from evals.results.asking.running import marked
from evals.results.comparing.means import mean_of
from evals.runs.recording import REAL, REAL_ASKED
from evals.tapes.tape import RECORDINGS, tape_of, write_tape

PROJECT = Path(__file__).parents[2]
INSTALLED = PROJECT / ".venv" / "inspect"
COUNT = 2


@dataclass(frozen=True, slots=True)
class Viewed:
    """What inspect-ai logged of a run: mean, standard error and count by scorer."""

    status: str
    errors: tuple[str, ...]
    scores: dict[str, tuple[float, float, int]]


def viewed(folder: Path, *options: str) -> Viewed:
    """Run cases in inspect-ai's own program."""
    done = subprocess.run(
        [
            sys.executable, "-m", "inspect_ai", "eval", "evals/inspect_task.py",
            "--model", "none/none", "--display", "none", "--log-format", "json",
            "--log-dir", str(folder), *options,
        ],
        cwd=PROJECT, check=False, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(INSTALLED)},
    )  # fmt: skip
    logs = list(folder.glob("*.json"))
    assert len(logs) == 1, done.stdout + done.stderr
    told = json.loads(logs[0].read_text())
    errors = (row.get("error") for row in told["samples"])
    return Viewed(
        told["status"],
        tuple(error["message"] for error in errors if error),
        {
            row["name"]: (
                row["metrics"]["mean"]["value"], row["metrics"]["stderr"]["value"],
                row["scored_samples"],
            )
            for row in (told.get("results") or {}).get("scores", ())
            if row["scored_samples"]
        },
    )  # fmt: skip


@pytest.fixture(autouse=True)
def installed() -> None:
    if not INSTALLED.is_dir():
        pytest.skip("make .venv/.inspect installs inspect-ai")


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_inspect_runs_the_cases_and_its_means_and_errors_are_ours(tmp_path: Path) -> None:
    known = [case for case in load_cases() if case.universe == DEMO and case.id == case.base]
    short = [case for case in known if case.kind == "vague"][:COUNT]
    cases = [*known[:COUNT], *short]
    named = ",".join(case.id for case in cases)
    found = viewed(tmp_path / "logs", "--sample-id", named)
    assert (found.status, found.errors) == ("success", ())
    ours = marked(cases, (RECORDINGS / DEMO,), workers=1)
    means = {name: mean_of(ours, name) for name in ours[0].values()}
    assert found.scores.keys() == {name for name, mean in means.items() if mean.count}
    for name, (value, error, count) in found.scores.items():
        print(f"{name:20} {value:.3f} {error:.3f} {count}")
        assert value == pytest.approx(means[name].mean)
        assert error == pytest.approx(means[name].error or 0.0)
        assert count == means[name].count


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_a_case_that_breaks_is_an_error_there_and_not_left_out_of_a_mean(tmp_path: Path) -> None:
    universes = load_universes()
    tape = tape_of("real", (), of=REAL, asked_on=REAL_ASKED, universes=universes)
    write_tape(tape, tmp_path / "tape")
    cases = load_cases()
    whole = next(case.id for case in cases if case.universe == DEMO)
    broken = next(case.id for case in cases if case.universe == "us")
    found = viewed(
        tmp_path / "logs", "-T", "cases=d*", "-T", f"tape={tmp_path / 'tape'}",
        "--sample-id", f"{whole},{broken}",
    )  # fmt: skip
    assert found.status == "error"
    assert [broken in error and "is not on tape real" in error for error in found.errors] == [True]
