"""Stored holdings: written once, the latest date up to as_of, the last import of a date."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from app.cli.holding import tell_unseen_holdings
from app.files.holdings import load_holdings, store_holdings, stored_holdings
from core.errors import DataError
from core.records.holdings import Holdings, Position
from tests.app.command import sectorwise

BOOK = "symbol,quantity\nTCB,2000000\nCASH,60000000000\n"


def held(day: date | None, quantity: float = 1.0) -> Holdings:
    position = Position(symbol="TCB", quantity=quantity)
    return Holdings(universe="vn", dated=day, source="book.csv", positions=(position,))


def quantity_at(home: Path, day: date) -> float | None:
    found = load_holdings(home, "vn", day)
    return None if found is None else found.positions[0].quantity


def test_the_latest_date_up_to_as_of_counts(tmp_path: Path) -> None:
    store_holdings(tmp_path, held(date(2024, 12, 20), 20.0))
    store_holdings(tmp_path, held(date(2024, 12, 13), 13.0))
    assert quantity_at(tmp_path, date(2024, 12, 12)) is None
    assert quantity_at(tmp_path, date(2024, 12, 19)) == 13.0
    assert quantity_at(tmp_path, date(2024, 12, 20)) == 20.0
    assert load_holdings(tmp_path, "us", date(2024, 12, 20)) is None


def test_of_one_date_the_last_import_counts_and_all_are_kept(tmp_path: Path) -> None:
    day = date(2024, 12, 20)
    for quantity in (1.0, 2.0, 3.0, 4.0, 5.0, 1.0):
        assert store_holdings(tmp_path, held(day, quantity))
    assert quantity_at(tmp_path, day) == 1.0
    assert [row.sequence for row in stored_holdings(tmp_path, "vn")] == [1, 2, 3, 4, 5, 6]
    assert len(list((tmp_path / "holdings" / "vn").iterdir())) == 6


def test_imports_at_once_take_one_number_each(tmp_path: Path) -> None:
    rows = [held(date(2024, 12, 20), float(quantity)) for quantity in range(1, 25)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda row: store_holdings(tmp_path, row), rows))
    sequences = [row.sequence for row in stored_holdings(tmp_path, "vn")]
    assert sequences == list(range(1, 25))


def test_the_same_holdings_again_store_nothing(tmp_path: Path) -> None:
    assert store_holdings(tmp_path, held(date(2024, 12, 20)))
    assert not store_holdings(tmp_path, held(date(2024, 12, 20)))
    assert len(stored_holdings(tmp_path, "vn")) == 1


def test_a_damaged_file_is_named_and_undated_holdings_are_refused(tmp_path: Path) -> None:
    store_holdings(tmp_path, held(date(2024, 12, 20)))
    (path,) = (tmp_path / "holdings" / "vn").glob("*.json")
    assert path.name.startswith("2024-12-20-")
    path.write_text("{}")
    with pytest.raises(DataError, match=path.name):
        load_holdings(tmp_path, "vn", date(2024, 12, 31))
    with pytest.raises(DataError, match="without a date"):
        store_holdings(tmp_path, held(None))


@pytest.fixture
def book(tmp_path: Path) -> str:
    path = tmp_path / "book.csv"
    path.write_text(BOOK, encoding="utf-8")
    return str(path)


def test_an_import_shows_what_was_understood_and_keeps_it(tmp_path: Path, book: str) -> None:
    words = ("import", "-u", "vn", "--holdings", book, "--holdings-date", "2024-12-27")
    dry = sectorwise(*words, "--dry-run", home=tmp_path)
    assert dry.code == 0, dry.error
    assert "symbol TCB" in dry.out
    assert "60 bn VND" in dry.out
    assert stored_holdings(tmp_path, "vn") == ()
    assert "1 position kept" in sectorwise(*words, home=tmp_path).out
    again = sectorwise(*words, "--json", home=tmp_path).json()
    assert isinstance(again, dict)
    assert again["stored"] is False
    assert again["holdings"]["cash_bn"] == 60.0


def test_a_file_without_a_date_is_said_to_be_of_today(tmp_path: Path, book: str) -> None:
    words = ("import", "-u", "vn", "--holdings", book)
    told = sectorwise(*words, "--dry-run", home=tmp_path).out
    assert "has no date column" in told
    assert "--holdings-date" in told
    dated = sectorwise(*words, "--holdings-date", "2024-12-27", "--dry-run", home=tmp_path)
    assert "no date column" not in dated.out


def test_a_report_before_the_first_holdings_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_unseen_holdings(tmp_path, "vn", date(2024, 12, 1))
    store_holdings(tmp_path, held(date(2024, 12, 20)))
    for day in (date(2024, 12, 20), date(2024, 12, 31)):
        tell_unseen_holdings(tmp_path, "vn", day)
    assert capsys.readouterr().out == ""
    tell_unseen_holdings(tmp_path, "vn", date(2024, 12, 19))
    assert "kept from 2024-12-20 on" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--holdings-date", "2999-01-01"), 2, "is yet to come"),
        (("--prices", "p.csv"), 2, "import holdings by themselves"),
        (("--map", "quantity=volume"), 3, "no column 'volume'"),
    ],
)
def test_a_wrong_word_is_one_sentence_and_nothing_is_kept(
    tmp_path: Path, book: str, words: tuple[str, ...], code: int, message: str
) -> None:
    ran = sectorwise("import", "-u", "vn", "--holdings", book, *words, home=tmp_path)
    assert (ran.code, len(ran.error.strip().splitlines())) == (code, 1)
    assert message in ran.error
    assert stored_holdings(tmp_path, "vn") == ()
