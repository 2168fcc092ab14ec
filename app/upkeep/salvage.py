"""Decides which rows of a damaged SQLite file can be read, and writes them to one that is whole.

Rows the tree still leads to are read through it; where it is broken, the pages are read one by one
and a row goes to the one table whose columns it fits. A row that says of itself that it is not what
was written is left behind.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.state.integrity import beside, read_only
from app.upkeep.calls import is_altered
from app.upkeep.pages import FoundRow, Pages, Value

Row = tuple[Value, ...]
_LENGTH: Final = re.compile(r"CHAR\((\d+)\)")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d\.\d{6})?")
VERSION: Final = "schema_version"
"""The one table that tells of the new file, not of the damaged one."""
CALLS: Final = "calls"
OF_LIST: Final = ("table", "index", "trigger")
_COMPANIONS: Final = ("-wal", "-journal")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How many rows of each table were kept, and how many were read but not kept."""

    kept: dict[str, int]
    left: int


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: str
    required: bool
    is_rowid: bool

    def holds(self, value: Value) -> bool:
        """Tell whether the column could hold what lies in its place."""
        if value is None:
            return self.is_rowid or not self.required
        if self.kind in {"INTEGER", "BOOLEAN"}:
            return isinstance(value, int)
        if self.kind in {"FLOAT", "REAL"}:
            return isinstance(value, float | int)
        if self.kind in {"DATE", "DATETIME"}:
            return isinstance(value, str) and _MOMENT.fullmatch(value) is not None
        if not isinstance(value, str):
            return False
        if self.name.endswith("sha256"):
            return _SHA256.fullmatch(value) is not None
        length = _LENGTH.search(self.kind)
        return length is None or len(value) <= int(length.group(1))


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: tuple[_Column, ...]

    def fitted(self, found: FoundRow) -> Row | None:
        """Return a found row as one of this table; None where it does not fit.

        A row written before a column was added has no value for it.
        """
        if not 0 < len(found.values) <= len(self.columns):
            return None
        row = (*found.values, *[None] * (len(self.columns) - len(found.values)))
        pairs = tuple(zip(self.columns, row, strict=True))
        if not all(column.holds(value) for column, value in pairs):
            return None
        return tuple(found.rowid if column.is_rowid else value for column, value in pairs)


def salvaged(path: Path, target: Path, *, blank: Callable[[Path], None]) -> Salvaged:
    """Write what can be read of a damaged file to a new one; the damaged one is not touched.

    Args:
        path: the damaged file.
        target: the new one; must not exist.
        blank: makes an empty database of the same owners.
    """
    with TemporaryDirectory(dir=path.parent, prefix=".salvaging-") as folder:
        copy = Path(folder) / path.name
        for suffix in ("", *_COMPANIONS):
            if beside(path, suffix).exists():
                shutil.copyfile(beside(path, suffix), beside(copy, suffix))
        fresh = Path(folder) / "fresh.sqlite"
        blank(fresh)
        with closing(sqlite3.connect(fresh)) as connection:
            _add_others(connection, copy)
            found = _Reading(copy, _tables(connection))
            kept = _written(connection, found)
        fresh.replace(target)
    return Salvaged(kept, found.left)


class _Reading:
    """Rows by table, each once, and how many were left behind."""

    def __init__(self, path: Path, tables: dict[str, _Table]) -> None:
        self.left = 0
        self._tables = tables
        self.rows: dict[str, dict[int, Row]] = {name: {} for name in tables}
        broken = [name for name in tables if not self._read_through(path, name)]
        if broken:
            self._read_pages(path)

    def _read_through(self, path: Path, name: str) -> bool:
        """Read a table from both ends; tell whether nothing of it is missing."""
        try:
            with closing(read_only(path)) as connection:
                connection.text_factory = _text
                if self._read(connection, name, "ASC"):
                    return True
                self._read(connection, name, "DESC")
                return False
        except sqlite3.DatabaseError:
            return False

    def _read(self, connection: sqlite3.Connection, name: str, way: str) -> bool:
        table = self._tables[name]
        there = {str(row[1]) for row in connection.execute(f'PRAGMA table_info("{name}")')}
        if not there:
            return _is_readable(connection)
        names = ", ".join(f'"{c.name}"' if c.name in there else "NULL" for c in table.columns)
        query = f'SELECT rowid, {names} FROM "{name}" NOT INDEXED ORDER BY rowid {way}'  # noqa: S608 - our tables
        try:
            for rowid, *values in connection.execute(query):
                self._keep(name, rowid, tuple(values))
        except sqlite3.DatabaseError:
            return False
        return True

    def _read_pages(self, path: Path) -> None:
        pages = Pages(path)
        found = tuple(pages.rows())
        owners = {
            page: table for table, root in _roots(found).items() for page in pages.below(root)
        }
        for each in found:
            owner = owners.get(each.page)
            fitting = [
                (name, row)
                for name, table in self._tables.items()
                if owner in {None, name} and (row := table.fitted(each)) is not None
            ]
            if len(fitting) == 1:
                self._keep(fitting[0][0], each.rowid, fitting[0][1])

    def _keep(self, name: str, rowid: int, row: Row) -> None:
        if rowid in self.rows[name]:
            return
        if name == CALLS and is_altered(dict(zip(self._names(name), row, strict=True))):
            self.left += 1
            return
        self.rows[name][rowid] = row

    def _names(self, name: str) -> tuple[str, ...]:
        return tuple(column.name for column in self._tables[name].columns)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _roots(found: Iterable[FoundRow]) -> dict[str, int]:
    """Return the tables and the roots of their trees that rows of SQLite's own list tell of."""
    return {name: root for kind, name, root, _ in _listed(found) if kind == "table"}


def _listed(found: Iterable[FoundRow]) -> Iterator[tuple[str, str, int, str]]:
    """Yield the rows of SQLite's own list: kind, name, root and statement."""
    for each in found:
        if len(each.values) == len(("type", "name", "tbl_name", "rootpage", "sql")):
            kind, name, _, root, sql = each.values
            is_listed = isinstance(name, str) and isinstance(root, int) and kind in OF_LIST
            if is_listed and isinstance(sql, str) and sql.startswith("CREATE "):
                yield str(kind), str(name), int(str(root)), sql


def _add_others(connection: sqlite3.Connection, damaged: Path) -> None:
    """Add the tables no owner here knows, with what belongs to them, as far as they are told of."""
    there = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    listed = sorted(_listed(Pages(damaged).rows()), key=lambda row: OF_LIST.index(row[0]))
    for _, name, _, sql in listed:
        if name not in there and not name.startswith("sqlite_"):
            with suppress(sqlite3.DatabaseError):
                connection.execute(sql)


def _is_readable(connection: sqlite3.Connection) -> bool:
    """Tell whether the list of tables can be read: one it does not name is then not there."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _tables(connection: sqlite3.Connection) -> dict[str, _Table]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = [str(name) for (name,) in connection.execute(query) if name != VERSION]
    return {name: _Table(name, tuple(_columns(connection, name))) for name in names}


def _columns(connection: sqlite3.Connection, table: str) -> Iterator[_Column]:
    for _, name, kind, required, _, key in connection.execute(f'PRAGMA table_info("{table}")'):
        rowid = str(kind) == "INTEGER" and key == 1
        yield _Column(str(name), str(kind).upper(), bool(required), rowid)


def _written(connection: sqlite3.Connection, found: _Reading) -> dict[str, int]:
    """Write the rows in the order they were written in; return how many each table took."""
    kept: dict[str, int] = {}
    with connection:
        for name, rows in found.rows.items():
            for rowid in sorted(rows):
                taken = _inserted(connection, name, rows[rowid])
                kept[name] = kept.get(name, 0) + taken
                found.left += 1 - taken
    return kept


def _inserted(connection: sqlite3.Connection, name: str, row: Row) -> int:
    """Insert a row and return 1; 0 where the table refuses it."""
    marks = ", ".join("?" * len(row))
    try:
        connection.execute(f'INSERT INTO "{name}" VALUES ({marks})', row)  # noqa: S608 - our tables
    except (sqlite3.DatabaseError, UnicodeEncodeError):
        return 0
    return 1
