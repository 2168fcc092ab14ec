import io
import json
import sqlite3
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import typer

from app.cli import trials as command
from app.journals.chain import GENESIS
from app.journals.journal import Journal
from app.journals.trials import Trials
from core.errors import DataError, DateError
from core.records.backtest import Trial
from tests.core.decisions import report_of, taken

ROOT = Path(__file__).parents[3]
NOW = datetime(2024, 6, 21, 18, tzinfo=UTC)
HOLDOUT = date(2019, 1, 1)

WRITER = """
import sys
from datetime import UTC, datetime
from app.journals.trials import Trials
from core.records.backtest import Trial

url, first, text = sys.argv[1], int(sys.argv[2]), sys.argv[3]
registry, made = Trials(url), Trial.model_validate_json(text)
for number in range(first, first + 20):
    own = made.model_copy(update={"spec_sha256": f"{number:064x}"})
    registry.add(own, recorded_at=datetime.now(UTC))
"""


def trial(
    number: int,
    *,
    study: str = "us",
    data: str = "d",
    last: date = date(2018, 12, 31),
    sharpe: float | None = 0.05,
) -> Trial:
    return Trial(
        study=study,
        strategy=f"momentum:{number}",
        spec_sha256=f"{number:064x}",
        data_sha256=data * 64,
        first=date(2000, 1, 31),
        last=last,
        bars_count=228,
        sharpe_bar=sharpe,
    )


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'ledger.sqlite'}"


@pytest.fixture
def registry(tmp_path: Path) -> Trials:
    """Two trials on one study, one of them run again on later data, and one on another."""
    made = Trials(url_of(tmp_path))
    for step, row in enumerate(
        (trial(1), trial(2, sharpe=None), trial(1, data="e", sharpe=0.07), trial(3, study="vn"))
    ):
        made.add(row, recorded_at=NOW + timedelta(hours=step))
    return made


def said(folder: Path, *arguments: str) -> str:
    """What the command prints."""
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)
    out = io.StringIO()
    with (
        patch.dict("os.environ", {"SECTORWISE_HOME": str(folder)}),
        redirect_stdout(out),
    ):
        app(["trials", *arguments], standalone_mode=False)
    return out.getvalue()


def test_adding_tells_how_many_distinct_trials_the_study_has(tmp_path: Path) -> None:
    registry = Trials(url_of(tmp_path))
    counts = [
        registry.add(row, recorded_at=NOW)
        for row in (trial(1), trial(2), trial(1), trial(1, data="e"), trial(9, study="vn"))
    ]
    assert counts == [1, 2, 2, 2, 1]
    assert registry.verify().entries_count == 5


def test_a_study_has_each_specifications_latest_run_in_the_order_first_tried(
    registry: Trials,
) -> None:
    found = registry.of_study("us")
    assert [row.strategy for row in found] == ["momentum:1", "momentum:2"]
    assert [row.sharpe_bar for row in found] == [0.07, None]
    assert registry.count("us") == 2
    assert registry.of_study("world") == ()
    assert registry.count("world") == 0


def test_every_run_that_saw_the_holdout_is_an_opening(registry: Trials) -> None:
    assert registry.opened("us", HOLDOUT) == ()
    late = trial(2, last=HOLDOUT)
    for step in (5, 6):
        registry.add(late, recorded_at=NOW + timedelta(hours=step))
    registry.add(trial(3, study="vn", last=date(2024, 6, 1)), recorded_at=NOW)
    found = registry.opened("us", HOLDOUT)
    assert [row.recorded_at for row in found] == [NOW + timedelta(hours=step) for step in (5, 6)]
    assert [row.seq for row in found] == [5, 6]
    assert len(registry.opened(None, HOLDOUT)) == 3


def test_an_empty_registry_is_whole(tmp_path: Path) -> None:
    chain = Trials(url_of(tmp_path)).verify()
    assert (chain.entries_count, chain.last_sha256, chain.broken) == (0, GENESIS, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trials SET study = 'vn' WHERE seq = 1",
        "DELETE FROM trials WHERE seq = 4",
        "INSERT OR REPLACE INTO trials SELECT seq, previous_sha256, sha256, '2020', "
        "study, spec_sha256, body FROM trials WHERE seq = 4",
    ],
)
@pytest.mark.usefixtures("registry")
def test_sqlite_refuses_to_change_a_trial(statement: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "ledger.sqlite")
    with connection, pytest.raises(sqlite3.IntegrityError, match="trials is write-once"):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "whole", "broken"),
    [
        ("UPDATE trials SET body = replace(body, '0.07', '0.01') WHERE seq = 3", 2, "entry 3"),
        ("UPDATE trials SET study = 'vn' WHERE seq = 2", 1, "entry 2: it is filed under another"),
        ("DELETE FROM trials WHERE seq = 2", 1, "entry 3: it stands where entry 2"),
    ],
)
def test_a_trial_changed_or_taken_out_by_force_breaks_the_chain(
    registry: Trials, statement: str, whole: int, broken: str, tmp_path: Path
) -> None:
    forced(tmp_path, statement)
    chain = registry.verify()
    assert chain.entries_count == whole
    assert broken in str(chain.broken)


def test_a_changed_trial_is_not_read(registry: Trials, tmp_path: Path) -> None:
    forced(tmp_path, "UPDATE trials SET body = replace(body, '0.07', '0.01') WHERE seq = 3")
    with pytest.raises(DataError, match=r"entry 3 of the registry of trials .* trials --verify"):
        registry.of_study("us")


def forced(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "ledger.sqlite")
    with connection:
        for name in ("update", "delete"):
            connection.execute(f"DROP TRIGGER trials_refuses_{name}")
        connection.execute(statement)
    connection.close()


def test_calls_and_trials_are_two_chains_of_one_database(registry: Trials, tmp_path: Path) -> None:
    journal = Journal(url_of(tmp_path))
    journal.append(report_of(taken()), recorded_at=NOW)
    assert (journal.verify().entries_count, journal.verify().broken) == (1, None)
    assert (registry.verify().entries_count, registry.verify().broken) == (4, None)


def test_three_processes_write_one_chain_and_lose_no_trial(tmp_path: Path) -> None:
    text = trial(0).canonical_json()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url_of(tmp_path), str(first), text],
            cwd=ROOT,
        )
        for first in (0, 15, 30)
    ]
    for writer in writers:
        assert writer.wait(timeout=100) == 0
    registry = Trials(url_of(tmp_path))
    chain = registry.verify()
    assert (chain.entries_count, chain.broken) == (60, None)
    assert registry.count("us") == 50


def test_a_damaged_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(DataError, match=r"the registry of trials in .* cannot be used"):
        Trials(url_of(tmp_path))


@pytest.mark.usefixtures("registry")
def test_the_command_counts_studies_trials_and_openings(tmp_path: Path) -> None:
    studies = json.loads(said(tmp_path, "--json"))["studies"]
    assert [(row["study"], row["trials_count"], row["runs_count"]) for row in studies] == [
        ("us", 2, 3),
        ("vn", 1, 1),
    ]
    own = json.loads(said(tmp_path, "-u", "us", "--json"))
    assert own["trials_count"] == 2
    assert [row["sharpe_bar"] for row in own["trials"]] == [0.07, None]
    since = ("--since", "2018-12-31", "--json")
    assert len(json.loads(said(tmp_path, *since))["runs"]) == 4
    assert json.loads(said(tmp_path, "--since", "2019-01-01", "--json"))["runs"] == []


@pytest.mark.usefixtures("registry")
def test_the_command_tells_people_the_same(tmp_path: Path) -> None:
    assert "us: 2 trials" in said(tmp_path, "-u", "us")
    assert "momentum:2" in said(tmp_path, "-u", "us")
    assert "world: 0 trials" in said(tmp_path, "--study", "world")
    assert "0 runs saw 2019-01-01 or later" in said(tmp_path, "--since", "2019-01-01")
    for printed in (said(tmp_path), said(tmp_path, "--verify")):
        assert "registry: 4 runs, whole; the last is " in printed
    with pytest.raises(DateError, match="expected YYYY-MM-DD"):
        said(tmp_path, "--since", "yesterday")


@pytest.mark.usefixtures("registry")
def test_the_command_refuses_a_broken_registry(tmp_path: Path) -> None:
    assert json.loads(said(tmp_path, "--verify", "--json"))["entries"] == 4
    forced(tmp_path, "DELETE FROM trials WHERE seq = 2")
    for arguments in ((), ("-u", "us"), ("--verify",), ("--since", "2019-01-01")):
        with pytest.raises(DataError, match="broken at entry 3"):
            said(tmp_path, *arguments)
