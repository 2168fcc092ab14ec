from importlib.resources import files
from pathlib import Path

from core.markets.universe import parse_universe
from tools.intake.doctor import doctor
from tools.intake.importing import imported
from tools.storage.store import Store

TEXT = "ticker,date,close,volume\nSPY,2024-01-02,10,5\nSPY,2024-01-03,-1,5\nSPY,2024-01-04,11,0\n"


def _imported(home: Path) -> Store:
    universe = parse_universe(files("core.universes").joinpath("us.toml").read_text("utf-8"))
    (home / "spy.csv").write_text(TEXT)
    store = Store(home)
    imported(store, (home / "spy.csv",), "prices", universe)
    return store


def test_the_doctor_tells_what_was_left_out_and_marked_with_file_line_and_reason(
    tmp_path: Path,
) -> None:
    line = doctor(_imported(tmp_path), "us")[0]
    assert (line.rows_count, line.rejected_count, line.flagged_count) == (2, 1, 1)
    assert line.sentences() == (
        "1 left out: a price is not above zero, or an amount below it; "
        "first: spy.csv line 3: SPY 2024-01-03: a price is not above zero, or an amount below it",
        "1 marked: no share changed hands; "
        "first: spy.csv line 4: SPY 2024-01-04: no share changed hands (0)",
    )


def test_the_doctor_goes_on_past_a_damaged_partition(tmp_path: Path) -> None:
    _imported(tmp_path)
    path = next((tmp_path / "store" / "us" / "prices").glob("*.parquet"))
    path.write_bytes(b"gone")
    line = doctor(Store(tmp_path), "us")[0]
    assert line.problem is not None
    assert "is damaged" in line.problem
    assert doctor(Store(tmp_path), "vn") == ()
