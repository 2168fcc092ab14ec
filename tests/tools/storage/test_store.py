import hashlib
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DataError
from core.records.result import Dataset
from tools.storage.partition import Lot
from tools.storage.schema import SCHEMAS, empty_frame
from tools.storage.store import Store


def _prices(closes: dict[tuple[str, str], float], *, adjusted: bool = False) -> pd.DataFrame:
    rows = empty_frame("prices").reindex(range(len(closes)))
    rows["symbol"] = pd.Series([symbol for symbol, _ in closes], dtype="str")
    rows["period"] = pd.to_datetime([day for _, day in closes]).as_unit("us")
    rows["known_at"] = rows["period"]
    rows["close"] = list(closes.values())
    if adjusted:
        rows["adj_close"] = rows["close"]
    return rows


def _macro(rows: list[tuple[str, str, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["period", "known_at", "value"])
    for column in ("period", "known_at"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
    return frame.assign(series="CPI", unit="%", category="inflation", assumed=False)


def _lot(dataset: Dataset, name: str, basis: str = "raw") -> Lot:
    digest = name.encode().hex().ljust(64, "0")[:64]
    return Lot(
        dataset=dataset,
        origin=f"{name}.csv",
        input_sha256=digest,
        recipe_sha256="0" * 64,
        basis="adjusted" if basis == "adjusted" else "raw",
    )


def _closes(store: Store) -> dict[tuple[str, str], float]:
    rows = store.read("u", "prices")
    return {
        (symbol, str(day.date())): close
        for symbol, day, close in zip(rows["symbol"], rows["period"], rows["close"], strict=True)
    }


def test_rows_come_back_as_they_were_stored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    frame = _prices({("A", "2024-01-02"): 1.5, ("A", "2024-01-03"): 1.6, ("B", "2024-01-02"): 9.0})
    part = store.write("u", frame, _lot("prices", "first"))
    assert part is not None
    assert (part.rows_count, part.symbols_count, part.sequence) == (3, 2, 1)
    assert (part.first, part.last) == (date(2024, 1, 2), date(2024, 1, 3))
    pd.testing.assert_frame_equal(store.read("u", "prices"), frame[[*SCHEMAS["prices"].columns]])


def test_an_empty_store_answers_with_the_same_columns(tmp_path: Path) -> None:
    for dataset, schema in SCHEMAS.items():
        rows = Store(tmp_path).read("u", dataset)
        assert rows.empty
        assert tuple(rows.columns) == schema.columns


def test_the_same_file_by_the_same_mapping_is_stored_once(tmp_path: Path) -> None:
    store, frame = Store(tmp_path), _prices({("A", "2024-01-02"): 1.5})
    assert store.write("u", frame, _lot("prices", "first")) is not None
    state = store.fingerprint("u")
    assert store.write("u", frame, _lot("prices", "first")) is None
    assert store.fingerprint("u") == state
    other = _lot("prices", "first").model_copy(update={"recipe_sha256": "1" * 64})
    assert store.write("u", frame, other) is not None


def test_a_later_file_wins_row_by_row(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(
        "u", _prices({("A", "2024-01-02"): 1.0, ("A", "2024-01-03"): 2.0}), _lot("prices", "a")
    )
    store.write(
        "u", _prices({("A", "2024-01-03"): 3.0, ("A", "2024-01-04"): 4.0}), _lot("prices", "b")
    )
    assert _closes(store) == {
        ("A", "2024-01-02"): 1.0, ("A", "2024-01-03"): 3.0, ("A", "2024-01-04"): 4.0,
    }  # fmt: skip


def test_an_adjusted_history_replaces_the_symbols_other_rows_whole(tmp_path: Path) -> None:
    """Half of one adjustment beside half of another would show a dividend as a loss."""
    store = Store(tmp_path)
    old = _prices(
        {("A", "2024-01-02"): 1.0, ("A", "2024-01-03"): 2.0, ("B", "2024-01-02"): 7.0},
        adjusted=True,
    )
    store.write("u", old, _lot("prices", "a", "adjusted"))
    store.write(
        "u", _prices({("A", "2024-01-03"): 1.9}, adjusted=True), _lot("prices", "b", "adjusted")
    )
    assert _closes(store) == {("A", "2024-01-03"): 1.9, ("B", "2024-01-02"): 7.0}


def test_the_newest_statement_of_who_is_a_member_stands_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name, sector in (("a", "banks"), ("b", "retail")):
        rows = pd.DataFrame(
            {
                "symbol": ["A"], "sector": sector, "name": "", "exchange": "X", "industry": "",
                "start": pd.Timestamp("2020-01-01"),
                "end": pd.Series([pd.NaT], dtype="datetime64[us]"),
            }
        )  # fmt: skip
        store.write("u", rows, _lot("members", name))
    assert store.read("u", "members")["sector"].tolist() == ["retail"]


def test_a_partition_from_before_a_column_was_added_still_reads(tmp_path: Path) -> None:
    store = Store(tmp_path)
    rows = empty_frame("members").reindex(range(1))
    rows["symbol"], rows["sector"], rows["name"], rows["exchange"] = "A", "banks", "", "HOSE"
    rows["start"] = pd.Timestamp("2020-01-01")
    part = store.write("u", rows, _lot("members", "a"))
    assert part is not None
    path = tmp_path / "store" / "u" / "members" / f"{part.stem}.parquet"
    older = path.with_suffix(".older")
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"COPY (SELECT * EXCLUDE exchange FROM read_parquet('{path}')) "  # noqa: S608 - ours
            f"TO '{older}' (FORMAT parquet)"
        )
    digest = hashlib.sha256(older.read_bytes()).hexdigest()
    aged = part.model_copy(update={"rows_sha256": digest})
    older.replace(path.with_name(f"{aged.stem}.parquet"))
    path.with_name(f"{aged.stem}.json").write_text(aged.model_dump_json(), encoding="utf-8")
    path.with_suffix(".json").unlink()
    alone = Store(tmp_path).read("u", "members")
    assert alone["exchange"].isna().tolist() == [True]
    again = Store(tmp_path)
    again.write("u", rows.assign(symbol="B"), _lot("members", "b"))
    assert again.read("u", "members").set_index("symbol")["exchange"].to_dict() == {
        "A": pytest.approx(np.nan, nan_ok=True),
        "B": "HOSE",
    }


def test_revisions_are_kept_and_each_date_sees_what_was_known_then(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("u", _macro([("2024-01-31", "2024-02-13", 3.1)]), _lot("macro", "a"))
    store.write("u", _macro([("2024-01-31", "2024-03-12", 3.2)]), _lot("macro", "b"))
    assert store.read("u", "macro")["value"].tolist() == [3.1, 3.2]
    assert store.read("u", "macro", as_of=date(2024, 3, 11))["value"].tolist() == [3.1]
    assert store.read("u", "macro", as_of=date(2024, 2, 12)).empty


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 30)), min_size=1, max_size=25, unique=True
    ),
    st.integers(0, 55),
)
def test_reading_at_a_date_never_shows_a_row_known_later(
    tmp_path_factory: pytest.TempPathFactory, lags: list[tuple[int, int]], cut: int
) -> None:
    base = pd.Timestamp("2024-01-01")
    rows = [
        (
            str((base + pd.Timedelta(days=day)).date()),
            str((base + pd.Timedelta(days=day + lag)).date()),
            float(i),
        )
        for i, (day, lag) in enumerate(lags)
    ]
    store = Store(tmp_path_factory.mktemp("store"))
    store.write("u", _macro(rows[::2]), _lot("macro", "even"))
    if rows[1::2]:
        store.write("u", _macro(rows[1::2]), _lot("macro", "odd"))
    as_of = base + pd.Timedelta(days=cut)
    seen = set(store.read("u", "macro", as_of=as_of.date())["value"])
    assert seen == {value for _, known, value in rows if pd.Timestamp(known) <= as_of}


def test_equal_rows_give_equal_bytes_and_any_row_changes_the_fingerprint(tmp_path: Path) -> None:
    states = []
    for name, close in (("x", 1.0), ("y", 1.0), ("z", 1.1)):
        store = Store(tmp_path / name)
        store.write(
            "u",
            _prices({("A", "2024-01-02"): close, ("B", "2024-01-02"): 2.0}),
            _lot("prices", "a"),
        )
        states.append(store.fingerprint("u"))
    assert states[0] == states[1] != states[2]


def test_a_damaged_partition_is_named_with_what_to_do(tmp_path: Path) -> None:
    part = Store(tmp_path).write("u", _prices({("A", "2024-01-02"): 1.0}), _lot("prices", "a"))
    assert part is not None
    path = tmp_path / "store" / "u" / "prices" / f"{part.stem}.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        DataError, match=rf"{path.name} is damaged; delete it .* import a.csv again"
    ):
        Store(tmp_path).read("u", "prices")
    path.unlink()
    with pytest.raises(DataError, match="is missing"):
        Store(tmp_path).read("u", "prices")


def test_a_damaged_sidecar_is_named(tmp_path: Path) -> None:
    part = Store(tmp_path).write("u", _prices({("A", "2024-01-02"): 1.0}), _lot("prices", "a"))
    assert part is not None
    path = tmp_path / "store" / "u" / "prices" / f"{part.stem}.json"
    path.write_text("{}")
    with pytest.raises(DataError, match=rf"{path.name} is damaged"):
        Store(tmp_path).sources("u")


def test_rows_without_a_sidecar_are_not_part_of_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("u", _prices({("A", "2024-01-02"): 1.0}), _lot("prices", "a"))
    folder = tmp_path / "store" / "u" / "prices"
    (folder / "000002-aaaaaaaaaaaa.parquet").write_bytes(b"half written")
    assert len(store.read("u", "prices")) == 1


def test_what_was_built_is_kept_until_rows_change(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made: list[int] = []

    def build() -> int:
        made.append(1)
        return len(made)

    assert [store.remembered("u", "n", build) for _ in range(3)] == [1, 1, 1]
    store.write("u", _prices({("A", "2024-01-02"): 1.0}), _lot("prices", "a"))
    assert store.remembered("u", "n", build) == 2


def test_what_was_built_serves_a_copy_and_not_once_a_file_is_damaged(tmp_path: Path) -> None:
    first = Store(tmp_path / "a")
    made: list[int] = []
    first.write("copied", _prices({("A", "2024-01-02"): 1.0}), _lot("prices", "a"))
    shutil.copytree(tmp_path / "a", tmp_path / "b")

    def build(store: Store) -> int:
        made.append(len(store.read("copied", "prices")))
        return len(made)

    stores = (first, Store(tmp_path / "a"), Store(tmp_path / "b"))
    assert [one.remembered("copied", "n", lambda: build(one)) for one in stores] == [1, 1, 1]  # noqa: B023 - called at once
    (rows,) = (tmp_path / "b").rglob("*.parquet")
    rows.write_bytes(rows.read_bytes()[:-1] + b"x")
    damaged = Store(tmp_path / "b")
    with pytest.raises(DataError, match="is damaged"):
        damaged.remembered("copied", "n", lambda: build(damaged))


def test_missing_cells_come_back_missing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("u", _prices({("A", "2024-01-02"): 1.0}), _lot("prices", "a"))
    row = store.read("u", "prices").iloc[0]
    assert np.isnan(row["volume"])
    assert np.isnan(row["put_through_bn"])


WRITER = """
import sys, time
from pathlib import Path
import pandas as pd
from tools.storage.partition import Lot
from tools.storage.schema import empty_frame
from tools.storage.store import Store

home, name = Path(sys.argv[1]), sys.argv[2]
day = pd.Timestamp("2024-01-02").as_unit("us")
rows = empty_frame("prices").reindex(range(1))
rows = rows.assign(symbol=pd.Series([name], dtype="str"), period=day, known_at=day, close=1.0)
(home / name).touch()
while len(list(home.glob("?"))) < 2:
    time.sleep(0.001)
for turn in range(6):
    digest = f"{name}{turn}".encode().hex().ljust(64, "0")
    lot = Lot(dataset="prices", origin=name, input_sha256=digest, recipe_sha256="0" * 64)
    Store(home).write("u", rows, lot)
"""


def test_two_processes_never_share_a_sequence_number(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    parts = Store(tmp_path).partitions("u", "prices")
    assert [part.sequence for part in parts] == list(range(1, 13))


def test_files_without_a_common_symbol_read_as_if_they_were_merged(tmp_path: Path) -> None:
    """The short way around merging gives what merging gives."""
    rows = _prices({("B", "2024-01-03"): 2.0, ("A", "2024-01-02"): 1.0, ("B", "2024-01-02"): 3.0})
    apart, merged = Store(tmp_path / "apart"), Store(tmp_path / "merged")
    for store, symbols in ((apart, ("B", "A")), (merged, ("B", "A"))):
        for symbol in symbols:
            part = rows[rows["symbol"] == symbol].reset_index(drop=True)
            store.write("u", part, _lot("prices", symbol))
    again = rows[rows["symbol"] == "A"].reset_index(drop=True)
    merged.write("u", again, _lot("prices", "again"))
    pd.testing.assert_frame_equal(apart.read("u", "prices"), merged.read("u", "prices"))
    coded = apart.read("u", "prices", columns=("symbol", "close"), coded=True)
    assert str(coded["symbol"].dtype) == "category"
    assert coded["symbol"].tolist() == ["A", "B", "B"]


def test_a_row_known_on_a_later_day_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.has_late_rows("u")
    rows = _prices({("A", "2024-01-02"): 1.0})
    evening = rows.assign(known_at=rows["known_at"] + pd.Timedelta(hours=23))
    store.write("u", evening, _lot("prices", "evening"))
    assert not store.has_late_rows("u")
    store.write(
        "u", rows.assign(known_at=rows["known_at"] + pd.Timedelta(days=1)), _lot("prices", "next")
    )
    assert store.has_late_rows("u")


def test_what_came_later_changes_no_source_of_a_date(tmp_path: Path) -> None:
    day = date(2024, 1, 3)
    store, grown = Store(tmp_path / "then"), Store(tmp_path / "now")
    rows = _prices({("A", "2024-01-02"): 1.0, ("A", "2024-01-03"): 1.1})
    more = _prices({("A", "2024-01-02"): 1.0, ("A", "2024-01-03"): 1.1, ("A", "2024-01-04"): 1.2})
    releases = [("2023-11-30", "2023-12-15", 3.1), ("2023-12-31", "2024-01-16", 3.4)]
    store.write("u", rows, _lot("prices", "file"))
    store.write("u", _macro(releases[:1]), _lot("macro", "file"))
    grown.write("u", more, _lot("prices", "file"))
    grown.write("u", _macro(releases), _lot("macro", "file"))
    grown.write("u", _prices({("B", "2024-01-05"): 9.0}), _lot("prices", "later"))
    then = store.sources("u", as_of=day)
    assert then == grown.sources("u", as_of=day)
    assert [(row.dataset, row.last, row.rows_count) for row in then] == [
        ("prices", day, 2), ("macro", date(2023, 11, 30), 1),
    ]  # fmt: skip
    assert len(grown.sources("u")) == 3


def test_a_membership_is_known_from_its_start_and_its_end_from_that_day(tmp_path: Path) -> None:
    rows = empty_frame("members").reindex(range(2))
    rows = rows.assign(
        symbol=pd.Series(["A", "B"], dtype="str"), sector=pd.Series(["s", "s"], dtype="str"),
        start=pd.to_datetime(["2024-01-02", "2024-02-01"]).as_unit("us"),
        end=pd.DatetimeIndex([pd.Timestamp("2024-03-01"), pd.NaT]).as_unit("us"),
    )  # fmt: skip
    store = Store(tmp_path)
    store.write("u", rows, _lot("members", "file"))
    spans = {
        day: [(row.last, row.rows_count) for row in store.sources("u", as_of=day)]
        for day in (date(2024, 1, 1), date(2024, 1, 2), date(2024, 2, 9), date(2024, 3, 1))
    }
    assert list(spans.values()) == [
        [], [(date(2024, 1, 2), 1)], [(date(2024, 2, 1), 2)], [(date(2024, 3, 1), 2)],
    ]  # fmt: skip


def test_a_damaged_file_counts_as_its_sidecar_says_until_it_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    part = store.write("u", _prices({("A", "2024-01-04"): 1.0}), _lot("prices", "file"))
    assert part is not None
    (store.root / "u" / "prices" / f"{part.stem}.parquet").write_bytes(b"none")
    assert store.sources("u", as_of=date(2024, 1, 3)) == ()
    assert [row.last for row in store.sources("u", as_of=date(2024, 2, 1))] == [date(2024, 1, 4)]
    with pytest.raises(DataError, match="is damaged"):
        store.read("u", "prices")
