from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from core.errors import ImportRejectedError
from core.markets.universe import parse_universe
from tools.intake.doctor import doctor
from tools.intake.importing import Imported, ImportWords, imported, opened
from tools.storage.store import Store

US = parse_universe(files("core.universes").joinpath("us.toml").read_text("utf-8"))
TODAY = date(2024, 6, 3)
DAYS = ("2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05")


def _imported(home: Path, *lines: str, dataset: str = "prices", **units: str) -> Imported:
    (home / "f.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    paths, words = (home / "f.csv",), ImportWords(units=units)
    return imported(Store(home), paths, dataset, US, words, today=TODAY)[0]  # type: ignore[arg-type]  # by name


def _counts(found: Imported) -> dict[str, int]:
    return {count.kind: count.rows_count for count in found.finding_counts}


def _prices(closes: tuple[str, ...], *, symbol: str = "SPY") -> list[str]:
    rows = zip(DAYS, closes, strict=False)
    return ["ticker,date,close,volume", *(f"{symbol},{day},{close},5" for day, close in rows)]


@pytest.mark.parametrize("volume", ["", ",volume"])
def test_a_text_where_a_price_belongs_is_counted_with_its_line(tmp_path: Path, volume: str) -> None:
    cells = ",5" if volume else ""
    rows = [f"SPY,{day},{close}{cells}" for day, close in zip(DAYS, "1x1x", strict=True)]
    found = _imported(tmp_path, f"ticker,date,close{volume}", *rows)
    assert (found.rows_count, found.rejected_count) == (2, 2)
    assert _counts(found) == {"no_value": 2}
    said = doctor(Store(tmp_path), "us")[0].sentences()[0]
    assert said.startswith("2 left out: the row holds no usable value; first: f.csv line 3: SPY")


def test_a_text_in_a_wide_file_and_beside_a_price_is_counted(tmp_path: Path) -> None:
    wide = _imported(
        tmp_path, "date,SPY,XLK", *[f"{day},1,2" for day in DAYS[:3]], f"{DAYS[3]},N/A,"
    )
    assert (wide.rows_count, _counts(wide)) == (6, {"no_value": 1})
    beside = _imported(tmp_path, "ticker,date,close,volume", "SPY,2024-01-02,1,#N/A")
    assert (beside.rows_count, _counts(beside)) == (1, {"cell_cleared": 1})


def test_flows_statements_and_macro_values_that_are_no_number_are_counted(tmp_path: Path) -> None:
    flows = _imported(
        tmp_path, "ticker,date,foreign_buy,foreign_sell", "SPY,2024-01-02,1,2",
        "SPY,2024-01-03,N/A,2", dataset="flows",
    )  # fmt: skip
    assert _counts(flows) == {"no_value": 1}
    statements = _imported(
        tmp_path, "ticker,date,revenue,eps", "XLK,2023-09-30,1,2", "XLK,2023-12-31,1,?",
        dataset="fundamentals",
    )  # fmt: skip
    assert (statements.rows_count, _counts(statements)["no_value"]) == (3, 1)
    macro = _imported(tmp_path, "date,UNRATE", "2024-01-01,3.7", "2024-02-01,.", dataset="macro")
    assert (macro.rows_count, _counts(macro)) == (1, {"no_value": 1})


def test_days_after_the_day_of_the_import_are_left_out(tmp_path: Path) -> None:
    found = _imported(
        tmp_path, "ticker,date,close", "SPY,2024-06-03,1", "SPY,2024-06-04,1", "SPY,2042-06-03,1"
    )
    assert (found.rows_count, _counts(found)) == (1, {"future": 2})


def test_a_month_that_is_not_over_is_no_future_and_the_next_quarter_is(tmp_path: Path) -> None:
    rows = ("2024-06-01,UNRATE,4", "2024-07-01,UNRATE,4")
    found = _imported(tmp_path, "date,series,value", *rows, dataset="macro")
    assert (found.rows_count, _counts(found)) == (1, {"future": 1})


@pytest.mark.parametrize("closes", [("100", "1.0"), ("1.0", "100"), ("100", "1.0", "1.0")])
def test_the_sound_one_of_two_rows_of_a_day_stands(tmp_path: Path, closes: tuple[str, ...]) -> None:
    again = [f"SPY,{DAYS[1]},{close},5" for close in closes]
    rows = _prices(("100", "100", "101", "102"))
    _imported(tmp_path, *rows[:2], *again, *rows[3:])
    assert Store(tmp_path).read("us", "prices")["close"].tolist() == [100, 100, 101, 102]


def test_dates_that_read_both_ways_are_shown_marked_and_can_be_told(tmp_path: Path) -> None:
    lines = ("ticker,date,close", "SPY,03/04/2024,1", "SPY,05/02/2024,1")
    found = _imported(tmp_path, *lines)
    period = next(row for row in found.mapping[0].rows if row.field == "period")
    assert (period.unit, period.ambiguous) == ("month-first", True)
    assert _counts(found)["ambiguous_date"] == 2
    told = _imported(tmp_path, *lines, period="day-first")
    assert "ambiguous_date" not in _counts(told)
    days = [str(day.date()) for day in Store(tmp_path).read("us", "prices")["period"]]
    assert "2024-04-03" in days
    with pytest.raises(ImportRejectedError, match="use day-first or month-first"):
        _imported(tmp_path, *lines, period="sideways")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2024-01-02", "year-month-day"),
        ("01/25/2024", "month-first"),
        ("25/01/2024", "day-first"),
        ("45316", "Excel serial"),
    ],
)
def test_the_mapping_shows_how_dates_are_read(tmp_path: Path, cell: str, words: str) -> None:
    (tmp_path / "f.csv").write_text(f"ticker,date,close\nSPY,{cell},1\n")
    rows = opened((tmp_path / "f.csv",), "prices", US).mappings[0].rows
    period = next(row for row in rows if row.field == "period")
    assert (period.unit, period.ambiguous) == (words, False)


def test_series_without_a_category_are_listed_with_their_rows(tmp_path: Path) -> None:
    rows = ("UNRATE,3.7", "Odd one,1", "Odd one,2", "Other,1")
    lines = [f"2024-0{place + 1}-01,{row}" for place, row in enumerate(rows)]
    found = _imported(tmp_path, "date,series,value", *lines, dataset="macro")
    names = {item.name: item.rows_count for item in found.finding_counts[0].names}
    assert names == {"Odd one": 2, "Other": 1}
    said = doctor(Store(tmp_path), "us")[0].sentences()[0]
    assert "(Odd one 2, Other 1); first: f.csv line 3: Odd one" in said


def test_an_import_of_nothing_the_universe_knows_is_marked(tmp_path: Path) -> None:
    found = _imported(tmp_path, *_prices(("1", "1"), symbol="ZZZZ"))
    assert _counts(found) == {"outside_universe": 2}
    assert found.findings[0].sentence().endswith("member of the universe: 'us'")
    assert _counts(_imported(tmp_path, *_prices(("1", "1"), symbol="XLK"))) == {}
    _imported(tmp_path, "ticker,sector", "ZZZZ,Energy", dataset="members")
    assert _counts(_imported(tmp_path, *_prices(("1", "1.1"), symbol="ZZZZ"))) == {}


def test_a_date_that_cannot_be_read_is_shown_with_its_line(tmp_path: Path) -> None:
    found = _imported(tmp_path, "ticker,date,close", "SPY,2024-01-02,1", "", "SPY,soon,1")
    assert found.findings[0].sentence() == (
        "f.csv line 4: SPY: the date is missing or cannot be read: 'soon'"
    )
    with pytest.raises(ImportRejectedError, match=r"line 2, the date .* be read: 'never'\."):
        _imported(tmp_path, "ticker,date,close", "SPY,never,1")
