from pathlib import Path

import pytest

from tests.app.command import sectorwise

ROWS = "ticker,date,close\n" + "".join(f"SPY,2024-01-{day:02d},{day}\n" for day in (2, 3, 4, 5))


def _file(folder: Path, text: str) -> str:
    path = folder / "spy.csv"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize("json", [(), ("--json",)])
def test_the_doctor_fails_on_a_truncated_file_and_says_how_to_repair_it(
    tmp_path: Path, json: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    sectorwise("import", "-u", "us", "--prices", _file(tmp_path, ROWS), home=home)
    rows = next(home.rglob("*.parquet"))
    rows.write_bytes(rows.read_bytes()[:-100])
    ran = sectorwise("doctor", "-u", "us", *json, home=home)
    assert ran.code == 3
    assert "spy.csv" in ran.out
    assert len(ran.error.strip().splitlines()) == 1
    assert rows.name in ran.error
    assert "sectorwise import --universe us --prices spy.csv" in ran.error


def test_an_import_says_how_dates_are_read_and_what_was_left_out(tmp_path: Path) -> None:
    text = "ticker,date,close\nSPY,03/04/2024,1\nSPY,03/05/2024,N/A\nSPY,03/05/2999,1\n"
    ran = sectorwise("import", "-u", "us", "--prices", _file(tmp_path, text), home=tmp_path)
    assert ran.code == 0, ran.error
    assert ran.error == ""
    assert "read as month-first" in ran.out
    assert "--unit period=day-first" in ran.out
    assert "1 rows stored, 2 rejected" in ran.out
    assert "first: spy.csv line 3: SPY 2024-03-05" in ran.out
    assert "the date lies in the future" in ran.out


def test_a_ragged_file_is_refused_by_line_without_a_warning(tmp_path: Path) -> None:
    text = ROWS + "SPY,2024-01-08,8,9,9\nSPY,2024-01-09\n"
    ran = sectorwise("import", "-u", "us", "--prices", _file(tmp_path, text), home=tmp_path)
    assert ran.code == 3
    assert len(ran.error.strip().splitlines()) == 1
    assert "line 6 has 5 fields where the headings have 3" in ran.error
