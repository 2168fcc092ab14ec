"""Decides how rows lie in Parquet files, and which rows stand where several files are read as one.

It knows files and schemas; what a partition is and when one counts is the store's.
"""

import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd

from core.records.result import Dataset
from tools.storage.schema import SCHEMAS, VINTAGED, Schema

Basis = Literal["raw", "adjusted"]

_VINTAGE_PRICES: tuple[Dataset, ...] = ("prices", "intraday")


def write_rows(path: Path, frame: pd.DataFrame, schema: Schema) -> None:
    """Write rows in key order with one thread, so equal rows give equal bytes."""
    kinds = {
        **dict.fromkeys(schema.text, "VARCHAR"),
        **dict.fromkeys(schema.stamps, "TIMESTAMP"),
        **dict.fromkeys(schema.numbers, "DOUBLE"),
        **dict.fromkeys(schema.truths, "BOOLEAN"),
    }
    cells = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in kinds.items())
    target = str(path).replace("'", "''")
    order = _quoted(schema.key)
    with _database() as connection:
        connection.execute("SET threads = 1")
        connection.register("rows_in", frame)
        connection.execute(
            f"COPY (SELECT {cells} FROM rows_in ORDER BY {order}) TO '{target}' "  # noqa: S608 - names are the schema's, the path is ours
            "(FORMAT parquet, COMPRESSION zstd)"
        )


def merged_rows(
    files: dict[str, Basis],
    dataset: Dataset,
    wanted: tuple[str, ...],
    *,
    as_of: date | None,
    since: date | None = None,
) -> pd.DataFrame:
    """Return one row a key, sorted by key, the key's names as categories.

    Args:
        files: paths in import order, later ones win, and the basis of each.
        dataset: of all files.
        wanted: columns of its schema.
        as_of: leave out rows that became known later; None keeps all.
        since: leave out rows of earlier periods before anything is merged; None keeps all.

    Raises:
        duckdb.Error: a file cannot be read.
    """
    adjusted = [path for path, basis in files.items() if basis == "adjusted"]
    bound: dict[str, object] = {"files": list(files)}
    if as_of is not None:
        bound["until"] = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    if since is not None:
        bound["since"] = pd.Timestamp(since)
    with _reading() as connection:
        for name in _names(dataset):
            _make_kind(connection, name, list(files))
        apart = len(files) == 1 or _apart(connection, dataset, list(files))
        stored = _stored_columns(connection, list(files))
        added = tuple(name for name in SCHEMAS[dataset].text if name not in stored)
        limits = {"until": as_of is not None, "since": since is not None}
        query = _merge_query(dataset, wanted, limits=limits, apart=apart, added=added)
        if "$adjusted" in query:
            bound["adjusted"] = adjusted
        return connection.execute(query, bound).df()


def any_known_late(files: list[str]) -> bool:
    """Tell whether any row of the files became known on a later day than its period.

    Raises:
        duckdb.Error: a file cannot be read.
    """
    if not files:
        return False
    with _reading() as connection:
        found = connection.execute(
            "SELECT 1 FROM read_parquet($files, union_by_name = true) "
            "WHERE known_at >= date_trunc('day', period) + INTERVAL 1 DAY LIMIT 1",
            {"files": files},
        ).fetchone()
    return found is not None


def known_days(files: list[str], dataset: Dataset) -> pd.DataFrame:
    """Return what of each file became known on which day, by day.

    Columns: file, day, rows_count, first and last (the span those rows are of). A membership is
    known from its start, its end from that day on, which counts no row.

    Raises:
        duckdb.Error: a file cannot be read.
    """
    rows = "read_parquet($files, filename = true, union_by_name = true)"
    told = f"SELECT filename, known_at AS known, 1 AS n, period AS stamp FROM {rows}"  # noqa: S608 - no words of others
    if "known_at" not in SCHEMAS[dataset].stamps:
        told = (
            f"SELECT filename, start AS known, 1 AS n, start AS stamp FROM {rows} UNION ALL "  # noqa: S608 - same
            f'SELECT filename, "end", 0, "end" FROM {rows} WHERE "end" IS NOT NULL'
        )
    query = (
        "SELECT filename AS file, date_trunc('day', known) AS day, sum(n)::BIGINT AS rows_count, "  # noqa: S608 - same
        f"min(stamp) AS first, max(stamp) AS last FROM ({told}) GROUP BY 1, 2 ORDER BY 1, 2"
    )
    with _reading() as connection:
        return connection.execute(query, {"files": files}).df()


def unlike_schema(path: Path, schema: Schema) -> str | None:
    """Return how a file's columns differ from the schema's; None where its rows can be read.

    Columns the schema gained since it was written are missing, all of them text.
    """
    query = "DESCRIBE SELECT * FROM read_parquet($files)"
    try:
        with _reading() as connection:
            rows = connection.execute(query, {"files": [str(path)]}).fetchall()
    except duckdb.Error:
        return "they cannot be read"
    there = {str(row[0]) for row in rows}
    missing = [name for name in schema.columns if name not in there and name not in schema.text]
    return f"they have no column {missing[0]}" if missing else None


def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_external_file_cache": "false",  # a damaged file is to be seen at once
        },
    )


@cache
def _shared(_process: int) -> duckdb.DuckDBPyConnection:
    """The database a process reads with: to start one takes longer than to read a small file.

    A forked process has one of its own, because threads do not come along.
    """
    return _database()


def _reading() -> duckdb.DuckDBPyConnection:
    """Return a connection of its own to the shared database; it sees no other's temporary types."""
    return _shared(os.getpid()).cursor()


def _names(dataset: Dataset) -> tuple[str, ...]:
    schema = SCHEMAS[dataset]
    return tuple(name for name in schema.key if name in schema.text)


def _make_kind(connection: duckdb.DuckDBPyConnection, name: str, files: list[str]) -> None:
    """Make the enumeration of a column's names; numbers sort and copy faster than text."""
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
    connection.execute(
        f'CREATE TEMP TYPE "kind_{name}" AS ENUM (SELECT DISTINCT "{name}" '  # noqa: S608 - names are the schema's, the paths are ours
        f"FROM read_parquet([{listed}], union_by_name = true) ORDER BY 1)"
    )


def _apart(connection: duckdb.DuckDBPyConnection, dataset: Dataset, files: list[str]) -> bool:
    """Tell whether no subject is in two files; then there is nothing to merge."""
    subject = f'"{SCHEMAS[dataset].subject}"'
    found = connection.execute(
        f"SELECT 1 FROM (SELECT DISTINCT {subject}, filename FROM "  # noqa: S608 - names are the schema's
        "read_parquet($files, filename = true, union_by_name = true)) "
        f"GROUP BY {subject} HAVING count(*) > 1 LIMIT 1",
        {"files": files},
    ).fetchone()
    return found is None


def _stored_columns(connection: duckdb.DuckDBPyConnection, files: list[str]) -> frozenset[str]:
    """Return the columns any of the files has; older files lack those the schema gained since."""
    query = "DESCRIBE SELECT * FROM read_parquet($files, union_by_name = true)"
    return frozenset(str(row[0]) for row in connection.execute(query, {"files": files}).fetchall())


def _merge_query(
    dataset: Dataset,
    wanted: tuple[str, ...],
    *,
    limits: dict[str, bool],
    apart: bool,
    added: tuple[str, ...] = (),
) -> str:
    """Return the SQL that reads files in import order and keeps one row a key.

    Text columns `added` to the schema since the files were written are missing in every row.
    """
    schema = SCHEMAS[dataset]
    known = "known_at" if "known_at" in schema.stamps else "start"
    tests = [f"{known} < $until"] * limits["until"] + ["period >= $since"] * limits["since"]
    limit = f"WHERE {' AND '.join(tests)}" if tests else ""
    cells, order = _quoted(wanted), _quoted(schema.key)
    coded = ", ".join(f'"{name}"::"kind_{name}" AS "{name}"' for name in _names(dataset))
    absent = "".join(f', NULL::VARCHAR AS "{name}"' for name in added)
    rows = (
        f"SELECT * REPLACE ({coded}){absent} "  # noqa: S608 - names are the schema's
        f"FROM read_parquet($files, filename = true, union_by_name = true) {limit}"
    )
    if apart:
        return f"WITH r AS ({rows}) SELECT {cells} FROM r ORDER BY {order}"  # noqa: S608 - same
    key = _quoted((*schema.key, "known_at") if dataset in VINTAGED else schema.key)
    vintage = ""
    if dataset == "members":
        rows = f"SELECT r.*, max(filename) OVER (PARTITION BY symbol) AS vintage FROM ({rows}) r"  # noqa: S608 - same
        vintage = "WHERE filename = vintage"
    elif dataset in _VINTAGE_PRICES:
        newest = "max(CASE WHEN list_contains($adjusted, filename) THEN filename END)"
        rows = f"SELECT r.*, {newest} OVER (PARTITION BY symbol) AS vintage FROM ({rows}) r"  # noqa: S608 - same
        vintage = "WHERE vintage IS NULL OR filename = vintage"
    return (
        f"WITH r AS ({rows}) SELECT {cells} FROM r {vintage} "  # noqa: S608 - same
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {known} DESC, filename DESC) = 1 "
        f"ORDER BY {order}"
    )


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
