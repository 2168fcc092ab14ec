"""Decides how a table is written to a user's file: Parquet or CSV, by its suffix."""

import tempfile
from pathlib import Path

import duckdb
import pandas as pd

from core.errors import CallerError

FORMATS = {
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
    ".csv": "FORMAT csv, HEADER true, DATEFORMAT '%Y-%m-%d'",
}


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write the rows in their order; equal rows give equal bytes, and a file is whole or absent.

    Columns named `date` or `known_at` are dates, NaN is null.

    Raises:
        CallerError: the suffix is neither .parquet nor .csv, or the folder cannot be written to.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise CallerError(f"{path.name}: name a file that ends in .parquet or .csv")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as scratch:
            written = Path(scratch) / "table"
            _copy(frame, written, form)
            written.replace(path)
    except OSError as error:
        raise CallerError(f"{path} cannot be written: {error.strerror or error}") from error


def _copy(frame: pd.DataFrame, path: Path, form: str) -> None:
    cells = ", ".join(
        f'CAST("{name}" AS DATE) AS "{name}"' if name in ("date", "known_at") else f'"{name}"'
        for name in frame.columns
    )
    target = str(path).replace("'", "''")
    with duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
    ) as connection:
        connection.execute("SET threads = 1")
        connection.register("rows_in", frame)
        connection.execute(f"COPY (SELECT {cells} FROM rows_in) TO '{target}' ({form})")  # noqa: S608 - names are ours, the path is quoted
