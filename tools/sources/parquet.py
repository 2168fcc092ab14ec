"""Reads any flat Parquet file with DuckDB, also integer columns DuckDB cannot decode.

BYTE_STREAM_SPLIT stores the n-th bytes of all values together, whatever they mean. DuckDB 1.5
decodes it for FLOAT and DOUBLE only, other writers also use it for integers. The footer of a copy
is edited so that such a column calls itself a float of the same width; the bits are read back as
integers. Format: Apache Parquet, `parquet.thrift` (compact protocol).
"""

import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

WIDTHS = {"INT32": "<i4", "INT64": "<i8"}
FLOAT_CODES = {"<i4": 4, "<i8": 5}
"""Parquet's number of the float type as wide as the integers."""

_SCHEMA_TYPE = (2, 1)
_CHUNK_TYPE = (4, 1, 3, 1)
"""Field paths of a column's physical type, in the schema and in each row group."""


def parquet_frame(path: Path) -> pd.DataFrame:
    """Return the file's rows and columns.

    Raises:
        duckdb.Error: the file is not Parquet or is damaged.
    """
    with duckdb.connect(":memory:") as connection:
        split = _split_integers(connection, path)
        if not split:
            return _rows(connection, path)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.parquet"
            types = {column: FLOAT_CODES[width] for column, width in split.items()}
            copy.write_bytes(retyped(path.read_bytes(), types))
            frame = _rows(connection, copy)
            widths = {frame.columns[column]: width for column, width in split.items()}
            absent = {name: _nulls(connection, copy, name) for name in widths}
    bits = {name: _bits(frame[name], width, absent[name]) for name, width in widths.items()}
    return frame.assign(**bits)


def retyped(content: bytes, types: dict[int, int]) -> bytes:
    """Return the file with the physical type of some columns replaced in its footer.

    Args:
        content: a whole Parquet file with a flat schema.
        types: column number to the Parquet type number written in place of the old one.
    """
    (length,) = struct.unpack("<I", content[-8:-4])
    start = len(content) - 8 - length
    edited = bytearray(content)
    columns, chunks = 0, 0
    for path, offset in _integers(content, start):
        if path == _SCHEMA_TYPE:
            column = columns
            columns += 1
        elif path == _CHUNK_TYPE:
            column = chunks % columns
            chunks += 1
        else:
            continue
        if column in types:
            edited[offset] = types[column] << 1
    return bytes(edited)


def _rows(connection: duckdb.DuckDBPyConnection, path: Path) -> pd.DataFrame:
    return connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()


def _split_integers(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[int, str]:
    """Return the width of each integer column, by number, that is split into byte streams."""
    found = connection.execute(
        "SELECT DISTINCT column_id, type FROM parquet_metadata(?) "
        "WHERE contains(encodings, 'BYTE_STREAM_SPLIT') AND type IN ('INT32', 'INT64')",
        [str(path)],
    ).fetchall()
    return {column: WIDTHS[kind] for column, kind in found}


def _nulls(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> NDArray[np.bool_]:
    quoted = '"' + name.replace('"', '""') + '"'
    query = f"SELECT {quoted} IS NULL AS absent FROM read_parquet(?)"  # noqa: S608 - quoted name
    return np.asarray(connection.execute(query, [str(path)]).df()["absent"], dtype=np.bool_)


def _bits(values: pd.Series, width: str, absent: NDArray[np.bool_]) -> pd.Series:
    """Return the integers whose bits the floats hold, as float64 with NaN where some are absent."""
    floats = np.ascontiguousarray(values.to_numpy(), dtype=width.replace("i", "f"))
    series = pd.Series(floats.view(np.dtype(width)), index=values.index)
    return series.astype(np.float64).mask(absent) if absent.any() else series


def _integers(content: bytes, start: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield the field path and offset of every 32-bit number of the footer's structure."""
    yield from _Walk(content, start).structure(())


class _Walk:
    """One pass over a Thrift compact structure; list indices are left out of the paths."""

    def __init__(self, content: bytes, offset: int) -> None:
        self.content = content
        self.offset = offset

    def structure(self, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int]]:
        field = 0
        while (head := self._byte()) != 0:
            field = field + (head >> 4) if head >> 4 else self._zigzag()
            yield from self._value(head & 15, (*path, field), in_field=True)

    def _value(
        self, kind: int, path: tuple[int, ...], *, in_field: bool
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        if kind in (1, 2):
            self.offset += 0 if in_field else 1
        elif kind in (4, 5, 6):
            if kind == 5:
                yield path, self.offset
            self._varint()
        elif kind == 9:
            yield from self._items(path)
        elif kind == 12:
            yield from self.structure(path)
        else:
            self._skip(kind)

    def _items(self, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int]]:
        head = self._byte()
        count = head >> 4 if head >> 4 != 15 else self._varint()
        for _ in range(count):
            yield from self._value(head & 15, path, in_field=False)

    def _skip(self, kind: int) -> None:
        widths = {3: 1, 7: 8}
        if kind == 8:
            length = self._varint()
            self.offset += length
        elif kind in widths:
            self.offset += widths[kind]
        else:
            raise ValueError(f"Parquet footer holds an unexpected Thrift type {kind}")

    def _byte(self) -> int:
        self.offset += 1
        return self.content[self.offset - 1]

    def _varint(self) -> int:
        value, shift = 0, 0
        while (byte := self._byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
        return value | byte << shift

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
