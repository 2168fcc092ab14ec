from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from core.errors import DataError
from tests.tools.sync.scripted import price_rows
from tools.storage.schema import empty_frame
from tools.sync.staging import Staging, SyncPlan, Wanted
from tools.upstream.errors import UnknownSymbolError
from tools.upstream.macro_frame import macro_frame
from tools.upstream.protocol import Fetched

DAYS = [date(2024, 6, day) for day in (24, 25, 26)]


def _plan(*names: str, until: date = DAYS[-1]) -> SyncPlan:
    wanted = tuple(Wanted(subject=name, since=DAYS[0], last=None, required=False) for name in names)
    return SyncPlan(source="s", universe="u", dataset="prices", until=until, wanted=wanted)


def _answer(name: str) -> Fetched:
    return Fetched(name, "prices", price_rows(name, dict.fromkeys(DAYS, 100.0)), "0" * 64)


def test_answers_come_back_as_they_were_in_the_order_asked_for(tmp_path: Path) -> None:
    staging = Staging(tmp_path, _plan("B/R K", "A"))
    staging.keep(_answer("A"))
    staging.keep(_answer("B/R K"))
    again = Staging(tmp_path, _plan("B/R K", "A"))
    assert set(again.kept) == {"A", "B/R K"}
    wanted = pd.concat([_answer("B/R K").rows, _answer("A").rows], ignore_index=True)
    pd.testing.assert_frame_equal(again.rows(("B/R K", "A")), wanted)


def test_missing_texts_and_stamps_stay_missing(tmp_path: Path) -> None:
    rows = macro_frame("UNRATE", pd.DatetimeIndex(["2024-05-01"]), pd.Index([4.0]))
    plan = _plan("UNRATE").model_copy(update={"dataset": "macro"})
    staging = Staging(tmp_path, plan)
    staging.keep(Fetched("UNRATE", "macro", rows, "0" * 64))
    pd.testing.assert_frame_equal(staging.rows(("UNRATE",)), rows)


def test_a_problem_is_kept_as_its_sentence(tmp_path: Path) -> None:
    staging = Staging(tmp_path, _plan("A"))
    problem = UnknownSymbolError("Test", "A")
    staging.keep(Fetched("A", "prices", empty_frame("prices"), "0" * 64, problem))
    assert Staging(tmp_path, _plan("A")).kept["A"].problem == str(problem)
    assert staging.rows(("A",)).empty


@pytest.mark.parametrize("content", [b"", b"half a file", b"PK\x03\x04"])
def test_half_a_file_is_no_answer(tmp_path: Path, content: bytes) -> None:
    staging = Staging(tmp_path, _plan("A"))
    staging.keep(_answer("A"))
    next(tmp_path.rglob("*.npz")).write_bytes(content)
    assert not Staging(tmp_path, _plan("A")).kept


def test_an_answer_with_a_damaged_column_is_asked_for_again(tmp_path: Path) -> None:
    staging = Staging(tmp_path, _plan("A", "B"))
    staging.keep(_answer("A"))
    staging.keep(_answer("B"))
    _flip_a_close(next(tmp_path.rglob("A.npz")))
    again = Staging(tmp_path, _plan("A", "B"))
    assert set(again.kept) == {"B"}
    again.keep(_answer("A"))
    assert len(again.rows(("A", "B"))) == 2 * len(DAYS)


def test_an_answer_damaged_meanwhile_is_thrown_away_and_named(tmp_path: Path) -> None:
    staging = Staging(tmp_path, _plan("A"))
    staging.keep(_answer("A"))
    path = next(tmp_path.rglob("A.npz"))
    _flip_a_close(path)
    with pytest.raises(DataError, match="answer to A is damaged"):
        staging.rows(("A",))
    assert not path.exists()


def _flip_a_close(path: Path) -> None:
    content = bytearray(path.read_bytes())
    place = content.index(b"close.npy") + 165
    content[place] ^= 0xFF
    path.write_bytes(bytes(content))


def test_answers_to_another_plan_are_thrown_away(tmp_path: Path) -> None:
    Staging(tmp_path, _plan("A")).keep(_answer("A"))
    assert not Staging(tmp_path, _plan("A", until=DAYS[0])).kept
    assert not Staging(tmp_path, _plan("A")).kept
