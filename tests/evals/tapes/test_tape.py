"""A tape is kept in small readable files, and refused where it no longer fits."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.files.universes import load_universes
from core.errors import CallerError
from evals.tapes.tape import HEAD, RECORDINGS, load_tape, tape_of, write_tape

DEMO = RECORDINGS / "demo"
UNIVERSES = load_universes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "tape"))


def rewritten(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told)
    path.write_text(json.dumps(told), encoding="utf-8")


def test_what_is_written_is_read_back_to_the_same_bytes(tmp_path: Path) -> None:
    tape = load_tape(DEMO, UNIVERSES)
    write_tape(tape, tmp_path)
    assert load_tape(tmp_path, UNIVERSES) == tape
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert files == {path.name: path.read_bytes() for path in DEMO.iterdir()}


def test_the_committed_tape_is_small_and_holds_each_call_once() -> None:
    sizes = [path.stat().st_size for path in DEMO.iterdir()]
    assert max(sizes) < 300_000
    assert sum(sizes) < 3_000_000
    calls = load_tape(DEMO, UNIVERSES).calls
    assert len({call.request_hash for call in calls}) == len(calls)
    assert {call.kind for call in calls} == {"tool"}


def test_of_two_answers_to_one_call_the_last_is_kept_and_no_models() -> None:
    call = load_tape(DEMO, UNIVERSES).calls[0]
    later = call.model_copy(update={"answer": None, "failed": "timeout"})
    asked = call.model_copy(update={"kind": "model"})
    tape = tape_of(
        "a", (call, asked, later), of=(), asked_on=call.fetched_at.date(), universes=UNIVERSES
    )
    assert tape.calls == (later,)


def test_an_earlier_tape_leaves_nothing_in_its_folder(folder: Path) -> None:
    tape = load_tape(folder, UNIVERSES)
    write_tape(tape.model_copy(update={"calls": tape.calls[:1]}), folder)
    assert len(list(folder.iterdir())) == 2


def test_a_tape_of_answers_of_another_form_says_how_to_record_again(folder: Path) -> None:
    path = next(folder.glob("get_sector_heatmap.*"))
    rewritten(path, lambda told: told.update(schema_hash="0" * 64))
    with pytest.raises(
        CallerError, match=r"the answers of get_sector_heatmap had another form: record it again"
    ):
        load_tape(folder, UNIVERSES)


def test_a_tape_of_a_universe_that_changed_says_how_to_record_again(folder: Path) -> None:
    demo = UNIVERSES["demo"].model_copy(update={"currency": "EUR"})
    with pytest.raises(CallerError, match="universe demo was another: record it again"):
        load_tape(folder, UNIVERSES | {"demo": demo})


def test_a_damaged_file_and_a_folder_without_tape_are_named(folder: Path, tmp_path: Path) -> None:
    path = next(folder.glob("get_sector_heatmap.*"))
    rewritten(path, lambda told: told.update(calls="none"))
    with pytest.raises(CallerError, match=rf"{path.name} is no file of a tape \(field calls\)"):
        load_tape(folder, UNIVERSES)
    (folder / HEAD).unlink()
    with pytest.raises(CallerError, match="no tape in tape"):
        load_tape(folder, UNIVERSES)
