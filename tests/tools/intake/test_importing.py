from datetime import date
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from core.errors import ImportRejectedError
from core.markets.universe import parse_universe
from core.records.universe import Universe
from tools.intake.importing import ImportWords, imported, opened, stored
from tools.storage.store import Store


def _packaged(name: str) -> Universe:
    return parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def us() -> Universe:
    return _packaged("us")


@pytest.fixture(scope="module")
def vn() -> Universe:
    return _packaged("vn")


def _csv(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


PRICES = (
    "symbol,date,close,adj_close,volume,value_mvnd,fb_val_mvnd,fs_val_mvnd,f_own_pct\n"
    + "".join(
        f"FPT,2024-01-{day:02d},{90 + day},{80 + day},1000,{100 * day},50,20,49.0\n"
        for day in (2, 3, 4, 5)
    )
)


def test_a_price_file_with_foreign_columns_becomes_prices_and_flows(
    tmp_path: Path, vn: Universe
) -> None:
    store, path = Store(tmp_path), _csv(tmp_path, "fpt.csv", PRICES)
    results = imported(store, (path,), "prices", vn)
    assert [(found.dataset, found.rows_count, found.stored) for found in results] == [
        ("prices", 4, True), ("flows", 4, True),
    ]  # fmt: skip
    assert store.read("vn", "prices")["value_bn"].tolist() == pytest.approx([0.2, 0.3, 0.4, 0.5])
    assert store.read("vn", "flows")["buy_bn"].tolist() == pytest.approx([0.05] * 4)


def test_importing_the_same_file_again_changes_nothing(tmp_path: Path, vn: Universe) -> None:
    store, path = Store(tmp_path), _csv(tmp_path, "fpt.csv", PRICES)
    imported(store, (path,), "prices", vn)
    state = store.fingerprint("vn")
    assert not any(found.stored for found in imported(store, (path,), "prices", vn))
    assert store.fingerprint("vn") == state


def test_a_market_wide_file_of_one_index_becomes_prices_and_flows(
    tmp_path: Path, vn: Universe
) -> None:
    text = "date,close,value,fb_val,fs_val\n2024-01-02,1131.5,1.5e13,2e12,1e12\n"
    store, path = Store(tmp_path), _csv(tmp_path, "D_vnindex_all.csv", text)
    imported(store, (path,), "prices", vn)
    assert store.read("vn", "prices")["symbol"].tolist() == ["VNINDEX"]
    assert store.read("vn", "flows")["buy_bn"].tolist() == pytest.approx([2_000.0])
    told = ImportWords(columns={"symbol": "=ALL"})
    imported(store, (path,), "prices", vn, told)
    assert "ALL" in set(store.read("vn", "flows")["symbol"])


def test_a_plan_shows_every_mapping_and_writes_nothing(tmp_path: Path, vn: Universe) -> None:
    path = _csv(tmp_path, "fpt.csv", PRICES)
    mappings = opened((path,), "prices", vn).mappings
    assert [mapping.dataset for mapping in mappings] == ["prices", "flows"]
    assert ("value_bn", "value_mvnd", "mn") in {
        (row.field, row.column, row.unit) for row in mappings[0].rows
    }
    assert Store(tmp_path).partitions("vn") == ()


def test_an_opened_file_is_not_read_again(tmp_path: Path, vn: Universe) -> None:
    path, store = _csv(tmp_path, "fpt.csv", PRICES), Store(tmp_path)
    files = opened((path,), "prices", vn)
    path.unlink()
    found = stored(store, files)
    assert [(result.dataset, result.rows_count) for result in found] == [
        ("prices", 4),
        ("flows", 4),
    ]
    assert tuple(mapping for result in found for mapping in result.mapping) == files.mappings


def test_the_users_words_go_into_the_rows(tmp_path: Path, us: Universe) -> None:
    path = _csv(tmp_path, "p.csv", "ticker,date,close,px\nSPY,2024-01-02,1,2\n")
    imported(Store(tmp_path), (path,), "prices", us, ImportWords(columns={"close": "px"}))
    assert Store(tmp_path).read("us", "prices")["close"].tolist() == [2.0]


def test_when_one_of_two_files_is_unusable_nothing_is_stored(tmp_path: Path, us: Universe) -> None:
    good = _csv(tmp_path, "good.csv", "ticker,date,close\nSPY,2024-01-02,1\n")
    bad = _csv(tmp_path, "bad.csv", "ticker,date,close\nSPY,never,1\n")
    store = Store(tmp_path)
    with pytest.raises(ImportRejectedError, match=r"bad\.csv"):
        imported(store, (good, bad), "prices", us)
    assert store.partitions("us") == ()


def test_dividends_are_not_counted_twice_in_a_file_adjusted_without_saying_so(
    tmp_path: Path, us: Universe
) -> None:
    days = pd.date_range("2020-01-08", periods=40, freq="W-WED")
    frame = pd.DataFrame({"ticker": "SPY", "date": days, "close": 100.0, "dividend": 1.0})
    path = tmp_path / "p.csv"
    frame.to_csv(path, index=False)
    store = Store(tmp_path)
    imported(store, (path,), "prices", us)
    assert store.partitions("us")[0].basis == "adjusted"
    assert store.read("us", "prices")["adj_close"].tolist() == [100.0] * 40


def test_raw_rows_are_not_spliced_onto_an_adjusted_history(tmp_path: Path, us: Universe) -> None:
    store = Store(tmp_path)
    whole = _csv(tmp_path, "a.csv", "ticker,date,close,adj_close\nSPY,2024-01-02,10,9\n")
    imported(store, (whole,), "prices", us)
    raw = _csv(tmp_path, "b.csv", "ticker,date,close\nSPY,2024-01-03,10\nXLK,2024-01-03,5\n")
    found = imported(store, (raw,), "prices", us)[0]
    assert [(item.kind, item.symbol) for item in found.findings] == [("mixed_basis", "SPY")]
    assert store.read("us", "prices")["symbol"].tolist() == ["SPY", "XLK"]
    alone = _csv(tmp_path, "c.csv", "ticker,date,close\nSPY,2024-01-03,10\n")
    with pytest.raises(ImportRejectedError, match="import a whole adjusted history instead"):
        imported(store, (alone,), "prices", us)


def test_an_adjusted_history_that_begins_later_is_pointed_out(tmp_path: Path, us: Universe) -> None:
    store = Store(tmp_path)
    for name, day in (("a.csv", "2020-01-02"), ("b.csv", "2024-01-02")):
        path = _csv(tmp_path, name, f"ticker,date,close,adj_close\nSPY,{day},10,9\n")
        imported(store, (path,), "prices", us)
    assert [item.kind for item in store.findings("us")] == ["shorter_vintage"]
    assert store.findings("us")[-1].sentence().startswith("b.csv: SPY")


NEXT_DAY = (
    "ticker,date,close,known_at\nSPY,2024-01-02,10,2024-01-05\nSPY,2024-01-03,11,2024-01-03\n"
)


def test_a_correction_without_its_own_date_stands_from_the_day_of_the_row_it_corrects(
    tmp_path: Path, us: Universe
) -> None:
    store = Store(tmp_path)
    imported(store, (_csv(tmp_path, "a.csv", NEXT_DAY),), "prices", us)
    again = _csv(tmp_path, "b.csv", "ticker,date,close\nSPY,2024-01-02,12\nSPY,2024-01-03,13\n")
    found = imported(store, (again,), "prices", us)[0]
    assert found.finding_counts == ()
    assert store.read("us", "prices")["close"].tolist() == [12.0, 13.0]
    before = store.read("us", "prices", as_of=date(2024, 1, 4))
    assert before["close"].tolist() == [13.0]


def test_a_row_that_loses_to_one_known_later_is_counted(tmp_path: Path, us: Universe) -> None:
    store = Store(tmp_path)
    imported(store, (_csv(tmp_path, "a.csv", NEXT_DAY),), "prices", us)
    first = _csv(
        tmp_path,
        "b.csv",
        "ticker,date,close,known_at\nSPY,2024-01-02,9,2024-01-02\nSPY,2024-01-03,12,2024-01-03\n",
    )
    found = imported(store, (first,), "prices", us)[0]
    assert [(n.kind, n.rows_count) for n in found.finding_counts] == [("superseded", 1)]
    assert [(item.symbol, item.period) for item in found.findings] == [("SPY", date(2024, 1, 2))]
    assert found.rejected_count == 0
    assert store.read("us", "prices")["close"].tolist() == [10.0, 12.0]
    assert store.read("us", "prices", as_of=date(2024, 1, 4))["close"].tolist() == [9.0, 12.0]


def test_an_adjusted_history_stands_whatever_was_known_before(tmp_path: Path, us: Universe) -> None:
    store = Store(tmp_path)
    imported(store, (_csv(tmp_path, "a.csv", NEXT_DAY),), "prices", us)
    whole = _csv(tmp_path, "b.csv", "ticker,date,close,adj_close\nSPY,2024-01-02,10,8\n")
    assert imported(store, (whole,), "prices", us)[0].finding_counts == ()
    rows = store.read("us", "prices")
    assert rows["adj_close"].tolist() == [8.0]
    assert rows["known_at"].tolist() == [pd.Timestamp("2024-01-02")]


def test_a_corrected_flow_stands_too(tmp_path: Path, vn: Universe) -> None:
    store = Store(tmp_path)
    heading = "symbol,date,investor,buy_bn,sell_bn"
    late = _csv(tmp_path, "a.csv", f"{heading},known_at\nFPT,2024-01-02,foreign,5,1,2024-01-04\n")
    imported(store, (late,), "flows", vn)
    again = _csv(tmp_path, "b.csv", f"{heading}\nFPT,2024-01-02,foreign,7,1\n")
    imported(store, (again,), "flows", vn)
    assert store.read("vn", "flows")["buy_bn"].tolist() == [7.0]


def test_members_need_a_file_that_tells_sectors(tmp_path: Path, us: Universe) -> None:
    spells = _csv(tmp_path, "spells.csv", "ticker,start_date,end_date\nA,2000-01-01,\n")
    with pytest.raises(ImportRejectedError, match="no sector column"):
        imported(Store(tmp_path), (spells,), "members", us)
    with pytest.raises(ImportRejectedError, match="of two files one must have a sector column"):
        imported(Store(tmp_path), (spells, spells), "members", us)
    sectors = _csv(tmp_path, "map.csv", "ticker,gics_sector\nA,Energy\nB,Alchemy\n")
    found = imported(Store(tmp_path), (spells, sectors), "members", us)[0]
    assert (found.rows_count, found.rejected_count) == (1, 1)
    row = Store(tmp_path).read("us", "members").iloc[0]
    assert (row["sector"], str(row["start"].date())) == ("energy", "2000-01-01")


def test_no_path_of_the_machine_is_kept(tmp_path: Path, vn: Universe) -> None:
    imported(Store(tmp_path), (_csv(tmp_path, "fpt.csv", PRICES),), "prices", vn)
    for path in (tmp_path / "store").rglob("*.json"):
        assert str(tmp_path) not in path.read_text(encoding="utf-8")


def test_what_somebody_holds_is_no_price_file(tmp_path: Path, us: Universe) -> None:
    path = _csv(tmp_path, "hold.csv", "date,symbol,quantity\n2024-12-27,XLK,1000\n")
    with pytest.raises(ImportRejectedError, match=r"among date, symbol, quantity; .* --holdings"):
        opened((path,), "prices", us)
