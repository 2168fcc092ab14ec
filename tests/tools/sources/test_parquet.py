from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from tools.sources.parquet import parquet_frame, retyped

DOUBLE, INT64 = 5, 2


def _split_file(path: Path, integers: np.ndarray, nulls: int = 0) -> Path:
    """Write doubles that DuckDB splits into byte streams, then call the column INT64."""
    frame = pd.DataFrame({"name": [f"s{i}" for i in range(len(integers))]})
    frame["volume"] = integers.astype("<i8").view("<f8")
    with duckdb.connect() as connection:
        connection.register("rows_in", frame)
        null = f"CASE WHEN rowid < {nulls} THEN NULL ELSE volume END" if nulls else "volume"
        connection.execute("CREATE TABLE t AS SELECT * FROM rows_in")
        connection.execute(
            f"COPY (SELECT name, {null} AS volume FROM t) TO '{path}' "  # noqa: S608 - a path of the test
            "(FORMAT parquet, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 4096)"
        )
        encodings = connection.execute(
            "SELECT encodings FROM parquet_metadata(?) WHERE path_in_schema = 'volume'", [str(path)]
        ).fetchall()
    assert all("BYTE_STREAM_SPLIT" in row[0] for row in encodings)
    path.write_bytes(retyped(path.read_bytes(), {1: INT64}))
    return path


def _integers(count: int) -> np.ndarray:
    values = np.random.default_rng(3).integers(0, 2**52, count)
    values[:4] = [0, 1, 2**62, 3_692_928_000]
    return values


def test_split_integers_duckdb_cannot_decode_are_read_exactly(tmp_path: Path) -> None:
    values = _integers(10_000)
    path = _split_file(tmp_path / "a.parquet", values)
    with duckdb.connect() as connection, pytest.raises(duckdb.Error):
        connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
    frame = parquet_frame(path)
    assert frame["volume"].dtype == np.int64
    np.testing.assert_array_equal(frame["volume"], values)
    assert frame["name"].iloc[-1] == "s9999"


def test_missing_split_integers_are_nan_and_the_others_exact(tmp_path: Path) -> None:
    values = _integers(5_000)
    frame = parquet_frame(_split_file(tmp_path / "a.parquet", values, nulls=7))
    assert frame["volume"].isna().sum() == 7
    np.testing.assert_array_equal(frame["volume"].iloc[7:], values[7:].astype(float))


def test_retyping_there_and_back_gives_the_same_bytes(tmp_path: Path) -> None:
    content = _split_file(tmp_path / "a.parquet", _integers(9_000)).read_bytes()
    there = retyped(content, {1: DOUBLE})
    assert there != content
    assert retyped(there, {1: INT64}) == content


@pytest.mark.real_data
def test_the_shared_index_file_is_read_with_its_split_volume(shared_data: Path) -> None:
    frame = parquet_frame(shared_data / "E_us_sp500_daily_adj.parquet")
    assert len(frame) == 1_109_745
    row = frame[(frame["ticker"] == "AAPL") & (frame["date"] == "2020-09-01")].iloc[0]
    assert row["volume"] == 151_948_100
