"""Tables written to a user's file."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from core.errors import CallerError
from tools.storage.exports import write_table

TABLE = pd.DataFrame(
    {
        "date": pd.DatetimeIndex(["2024-01-05", "2024-01-12"]).as_unit("us"),
        "sector": pd.Series(["ngân hàng", 'a,"b"'], dtype="str"),
        "value": [0.1 + 0.2, np.nan],
    }
)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_table_reads_back_as_it_was(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"it's{suffix}"
    write_table(path, TABLE)
    read = duckdb.read_parquet if suffix == ".parquet" else duckdb.read_csv
    rows = read(str(path)).fetchall()
    assert [row[1] for row in rows] == ["ngân hàng", 'a,"b"']
    assert rows[0][2] == 0.1 + 0.2
    assert rows[1][2] is None or np.isnan(rows[1][2])
    assert str(rows[1][0]) == "2024-01-12"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_equal_tables_are_equal_bytes(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in paths:
        write_table(path, TABLE)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("name", ["table.xlsx", "nowhere/table.csv"])
def test_a_file_that_cannot_be_written_is_the_callers_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(CallerError, match="table"):
        write_table(tmp_path / name, TABLE)
