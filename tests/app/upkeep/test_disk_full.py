"""Where no byte can be written any more: a sentence, nothing half, and afterwards all goes on."""

import asyncio
import re
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from agents.toolbox.calls import CallRequest, Outcome
from agents.toolbox.ledger import Ledger
from app.chat.threads import Threads
from app.data import open_store
from app.delivery.outbox import Message, Outbox
from app.files.holdings import store_holdings
from app.files.universes import load_universes
from app.journals.journal import Journal
from app.render.bundle import render
from app.running.records import Ticket
from app.running.tickets import Tickets
from app.snapshots import kept_report
from app.state.storage_errors import storage_sentence
from app.upkeep.backup import backed_up
from app.upkeep.doctor import looked, repaired
from app.upkeep.runs import record_made
from core.records.holdings import Holdings, Position
from core.records.request import Request
from tests.app.command import sectorwise
from tests.app.upkeep.kept import clock, runs_of, settings_of
from tools.storage.models import ModelStore
from tools.storage.partition import Lot

LONG = "word " * 4000


@contextmanager
def room(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def grown(home: Path) -> int:
    """Return the size of the ledger, so that it cannot grow by one page."""
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection:
        connection.execute("VACUUM")
    return (home / "ledger.sqlite").stat().st_size


def write_rows(home: Path) -> None:
    store = open_store(settings_of(home))
    frame = store.read("demo", "prices")
    lot = Lot(dataset="prices", origin="again.csv", input_sha256="a" * 64, recipe_sha256="b" * 64)
    assert store.write("demo", frame, lot) is not None


def write_model(home: Path) -> None:
    models = ModelStore(home)
    model = models.load("demo")
    assert model is not None
    models.save("demo", model, "other")


def write_holdings(home: Path) -> None:
    places = tuple(Position(symbol=f"S{n}", quantity=1.0) for n in range(200))
    held = Holdings(universe="demo", dated=date(2025, 1, 1), source="b.csv", positions=places)
    assert store_holdings(home, held)


def write_report_files(home: Path) -> None:
    report = kept_report(home, runs_of(home)[0])
    render(report, load_universes(), formats=("json", "csv"), out_dir=home / "out")


def write_record(home: Path) -> None:
    record_made(home / "runs" / runs_of(home)[0])


def write_backup(home: Path) -> None:
    backed_up(settings_of(home), home.parent / "home.tar", clock=clock)


def write_ticket(home: Path) -> None:
    request = Request(
        text=LONG[:1500], language="en", intent="report", universes=("demo",), horizon="1M"
    )
    Tickets(home).opened(Ticket(run_id="20260303-x", request=request)).release()


def write_call(home: Path) -> None:
    async def brought() -> Outcome:
        return Outcome(text=f'"{LONG}"')

    ledger = Ledger(settings_of(home).database, clock=clock)
    request = CallRequest(kind="tool", server="s", name="n", arguments={}, schema_hash="x")
    try:
        asyncio.run(ledger.outcome(request, run="full", call=brought))
    finally:
        ledger.close()


def write_log(home: Path) -> None:
    journal = Journal(settings_of(home).database)
    report = kept_report(home, runs_of(home)[0])
    other = report.model_copy(update={"synthetic": not report.synthetic})
    try:
        assert journal.append(other, recorded_at=clock()) == 1
    finally:
        journal.close()


def write_message(home: Path) -> None:
    outbox = Outbox(settings_of(home).database, clock=clock)
    try:
        outbox.add(
            [Message(key="full", sink="desk", kind="alert", subject="s", text=LONG[:20_000])]
        )
    finally:
        outbox.close()


def write_thread(home: Path) -> None:
    threads = Threads(settings_of(home).database, clock=clock)
    try:
        first = len(threads.rows(1000))
        for number in range(first, first + 60):
            threads.opened(f"thread-{number}-{'x' * 40}", "demo", None)
    finally:
        threads.close()


FILES: dict[str, Callable[[Path], None]] = {
    "rows": write_rows, "forecast": write_model, "holdings": write_holdings,
    "report's files": write_report_files, "record": write_record, "backup": write_backup,
    "question": write_ticket,
}  # fmt: skip
TABLES: dict[str, Callable[[Path], None]] = {
    "call": write_call, "log": write_log, "message": write_message, "thread": write_thread,
}  # fmt: skip


def visible(home: Path) -> dict[str, bytes]:
    """Return every file a reader looks at; scratch and SQLite's own are none."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
        and "sqlite" not in path.name
        and not any(part.startswith(".") for part in path.relative_to(home).parts)
    }


def _some(writers: dict[str, Callable[[Path], None]], quick: set[str]) -> list[ParameterSet]:
    return [
        pytest.param(name, marks=[] if name in quick else [pytest.mark.prove]) for name in writers
    ]


@pytest.mark.parametrize("writer", _some(FILES, {"forecast", "question"}))
def test_a_file_is_written_whole_or_not_at_all(home: Path, writer: str) -> None:
    before = visible(home)
    with pytest.raises(Exception) as caught, room(1000):  # noqa: PT011 - each writer has its own
        FILES[writer](home)
    assert "no space is left" in str(storage_sentence(caught.value))
    assert visible(home) == before
    assert not list(home.parent.glob("*.tar"))
    FILES[writer](home)
    assert not [row for row in looked(settings_of(home), clock=clock).findings if row.mend]


@pytest.mark.parametrize("writer", _some(TABLES, {"call", "message"}))
def test_a_row_is_written_whole_or_not_at_all(home: Path, writer: str) -> None:
    size = grown(home)
    with pytest.raises(Exception) as caught, room(size):  # noqa: PT011 - each owner has its own
        TABLES[writer](home)
    assert "the disk is full" in str(storage_sentence(caught.value))
    assert not [row for row in looked(settings_of(home), clock=clock).findings if row.mend]
    TABLES[writer](home)
    assert not [row for row in looked(settings_of(home), clock=clock).findings if row.mend]


@pytest.mark.prove
@pytest.mark.parametrize(
    "size", [0, 2_000, 50_000, 200_000, 400_000, 700_000, 1_000_000, 1_300_000]
)
def test_a_report_ends_in_a_sentence_and_the_next_one_is_made(home: Path, size: int) -> None:
    ran_before = runs_of(home)
    command = ("report", "-u", "demo", "--as-of", "2024-12-13", "--formats", "json")
    with room(size):
        ran = sectorwise(*command, home=home)
    assert (ran.code, "Traceback" in ran.error) == (3, False), ran.error
    assert re.search(r"no space is left|the disk is full|disk I/O error", ran.error), ran.error
    assert runs_of(home) == ran_before, "no half report is listed"
    assert not list(home.glob("report.*"))
    again = sectorwise(*command, home=home)
    assert again.code == 0, again.error
    assert len(runs_of(home)) == len(ran_before) + 1
    assert not repaired(settings_of(home), clock=clock).is_broken


def test_a_home_that_cannot_be_written_is_said(home: Path) -> None:
    error = PermissionError(13, "Permission denied", str(home / "runs"))
    assert f"{home / 'runs'} cannot be written" in str(storage_sentence(error))
    assert storage_sentence(ValueError("another matter")) is None
    group = ExceptionGroup("nodes", [ValueError("x"), OSError(28, "No space left on device")])
    assert "no space is left for the home" in str(storage_sentence(group))
