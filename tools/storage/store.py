"""Keeps imported rows as append-only Parquet partitions and merges them at read.

Nothing is ever edited: of rows with one key the one known last stands, of those known at one time
the one imported last. Adjusted prices are the exception, since two adjustments cannot be spliced (a
2 % dividend would become a -2 % return): a symbol's newest adjusted partition replaces all its
other rows. Revisions of macro series, statements and positions are all kept, so any past date can
be asked for.
"""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
from pydantic import ValidationError

from core.errors import DataError
from core.records.result import Dataset, Source
from tools.storage.built import Built, State, built_once
from tools.storage.findings import Finding
from tools.storage.partition import Lot, Partition, together
from tools.storage.row_files import any_known_late, known_days, merged_rows, write_rows
from tools.storage.schema import SCHEMAS, Schema, empty_frame

_PANEL_DATASETS: tuple[Dataset, ...] = ("prices", "flows")
"""Data sets whose panels carry no known_at of their own."""


class Store:
    """The rows of all universes under one folder; safe for readers in several threads."""

    def __init__(self, home: Path) -> None:
        self.root = home / "store"
        self._verified: set[Path] = set()

    def partitions(self, universe: str, dataset: Dataset | None = None) -> tuple[Partition, ...]:
        """Return the sidecars, in data set and import order.

        Raises:
            DataError: a sidecar is not readable; the message names it.
        """
        chosen = list(SCHEMAS) if dataset is None else [dataset]
        found: list[Partition] = []
        for name in chosen:
            paths = sorted(self._folder(universe, name).glob("*.json"))
            found += [_sidecar(path) for path in paths]
        return tuple(found)

    def write(self, universe: str, frame: pd.DataFrame, lot: Lot) -> Partition | None:
        """Store checked rows as a new partition and return its sidecar.

        Returns None when the same input was stored by the same mapping before. Writers of one data
        set take turns, also from several processes, so that each gets its own sequence number.

        Args:
            universe: its id.
            frame: columns of the data set's schema, at least one row.
            lot: where the rows come from and what was found.
        """
        folder = self._folder(universe, lot.dataset)
        folder.mkdir(parents=True, exist_ok=True)
        schema = SCHEMAS[lot.dataset]
        with (
            _alone(folder),
            tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as scratch,
        ):
            _sweep(folder, keep=Path(scratch))
            earlier = self.partitions(universe, lot.dataset)
            if any(_same(part, lot) for part in earlier):
                return None
            sequence = 1 + max((part.sequence for part in earlier), default=0)
            rows_path = Path(scratch) / "rows.parquet"
            write_rows(rows_path, frame, schema)
            partition = _described(frame, schema, lot, sequence, _sha256(rows_path))
            text_path = Path(scratch) / "sidecar.json"
            text_path.write_text(partition.model_dump_json(indent=1) + "\n", encoding="utf-8")
            rows_path.replace(folder / f"{partition.stem}.parquet")
            text_path.replace(folder / f"{partition.stem}.json")
        return partition

    def read(
        self,
        universe: str,
        dataset: Dataset,
        *,
        as_of: date | None = None,
        since: date | None = None,
        columns: tuple[str, ...] | None = None,
        coded: bool = False,
    ) -> pd.DataFrame:
        """Return the merged rows, sorted by key; without any, an empty frame of the same columns.

        Args:
            universe: its id.
            dataset: which rows.
            as_of: leave out rows that became known later.
            since: leave out rows of earlier periods; not for members.
            columns: the schema's columns to return, all by default.
            coded: leave the key's names as categories, which spares large data sets a second.

        Raises:
            DataError: a partition is damaged; the message names it and what to do.
        """
        parts = self.partitions(universe, dataset)
        wanted = columns or SCHEMAS[dataset].columns
        if not parts:
            return empty_frame(dataset)[list(wanted)]
        for part in parts:
            self.verify(universe, part)
        folder = self._folder(universe, dataset)
        files = {str(folder / f"{part.stem}.parquet"): part.basis for part in parts}
        try:
            frame = merged_rows(files, dataset, wanted, as_of=as_of, since=since)
        except duckdb.Error as error:
            raise DataError(
                f"store of {universe}, {dataset}: {folder} cannot be read "
                f"({str(error).splitlines()[0][:120]}); remove the folder and import again."
            ) from error
        kept = SCHEMAS[dataset].key if coded else ()
        return frame.astype(
            {name: "str" for name in SCHEMAS[dataset].text if name in wanted and name not in kept}
        )

    def has_late_rows(self, universe: str) -> bool:
        """Tell whether any price or flow became known after the day it is of."""

        def look() -> bool:
            files = [
                str(self._folder(universe, part.dataset) / f"{part.stem}.parquet")
                for dataset in _PANEL_DATASETS
                for part in self.partitions(universe, dataset)
            ]
            return any_known_late(files)

        return self.remembered(universe, "late rows", look)

    def remove(self, universe: str, parts: Iterable[Partition]) -> None:
        """Remove partitions of a universe; for synthetic ones, which can be drawn again."""
        for part in parts:
            folder = self._folder(universe, part.dataset)
            for kind in ("json", "parquet"):
                (folder / f"{part.stem}.{kind}").unlink(missing_ok=True)

    def verify(self, universe: str, part: Partition) -> None:
        """Compare a partition's bytes with its sidecar, once a store object.

        Raises:
            DataError: they differ or are missing; the message says what to do.
        """
        path = self._folder(universe, part.dataset) / f"{part.stem}.parquet"
        if path in self._verified:
            return
        problem = None
        if not path.is_file():
            problem = "is missing"
        elif _sha256(path) != part.rows_sha256:
            problem = "is damaged"
        if problem is not None:
            raise DataError(
                f"{path} {problem}; delete it and {path.stem}.json beside it, "
                f"then import {part.origin} again."
            )
        self._verified.add(path)

    def known(self, universe: str, as_of: date) -> tuple[Partition, ...]:
        """Return the sidecars of what was known at a date, counting and spanning only that."""
        days = self.remembered(universe, "known days", lambda: self._known_days(universe))
        parts = self.partitions(universe)
        found = (part.known(days.get((part.dataset, part.stem)), as_of) for part in parts)
        return tuple(part for part in found if part is not None)

    def sources(self, universe: str, *, as_of: date | None = None) -> tuple[Source, ...]:
        """Return one source an imported file, and one for all a network source ever brought.

        With a date, of what was known then: what came later changes none of them.
        """
        parts = self.partitions(universe) if as_of is None else self.known(universe, as_of)
        groups: dict[tuple[Dataset, str], list[Partition]] = {}
        for part in parts:
            name = part.origin if part.synced else part.stem
            groups.setdefault((part.dataset, name), []).append(part)
        return tuple(together(tuple(parts)) for parts in groups.values())

    def findings(self, universe: str) -> tuple[Finding, ...]:
        """Return the kept findings of all partitions; their full numbers are in the sidecars."""
        return tuple(item for part in self.partitions(universe) for item in part.findings)

    def fingerprint(self, universe: str) -> str:
        """Return a sha256 that changes with any stored row of the universe."""
        digest = hashlib.sha256()
        for name in sorted(SCHEMAS):
            for path in sorted(self._folder(universe, name).glob("*.json")):
                digest.update(f"{name}/{path.stem}\n".encode())
        return digest.hexdigest()

    def remembered(self, universe: str, name: str, build: Callable[[], Built]) -> Built:
        """Return what `build` made of the universe's present rows, made once until they change.

        Every store of the process shares it, and so does a copy of a home.

        Args:
            universe: its id.
            name: what is built; with the universe it fixes the type of the result.
            build: makes an immutable value of the rows alone.
        """
        return built_once((universe, name), self._state(universe), build)

    def _state(self, universe: str) -> State:
        """Return what changes with any stored row, and with any damage to a file of rows."""
        found: list[tuple[str, int, int]] = []
        for name in sorted(SCHEMAS):
            for path in sorted(self._folder(universe, name).glob("[0-9]*")):
                with suppress(FileNotFoundError):  # removed meanwhile: another state
                    told = path.stat()
                    found.append((f"{name}/{path.name}", told.st_size, told.st_mtime_ns))
        return tuple(found)

    def _known_days(self, universe: str) -> dict[tuple[Dataset, str], pd.DataFrame]:
        """Return what of each partition became known on which day; none of a damaged data set."""
        found: dict[tuple[Dataset, str], pd.DataFrame] = {}
        for dataset in SCHEMAS:
            parts, folder = self.partitions(universe, dataset), self._folder(universe, dataset)
            files = {str(folder / f"{part.stem}.parquet"): part.stem for part in parts}
            if not files:
                continue
            with suppress(duckdb.Error):
                days = known_days(list(files), dataset)
                found |= {
                    (dataset, stem): days[days["file"] == path] for path, stem in files.items()
                }
        return found

    def _folder(self, universe: str, dataset: Dataset) -> Path:
        return self.root / universe / dataset


def _sidecar(path: Path) -> Partition:
    try:
        return Partition.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise DataError(
            f"{path} is damaged; delete it and {path.stem}.parquet beside it, "
            "then import its file again."
        ) from error


def _same(part: Partition, lot: Lot) -> bool:
    return (part.input_sha256, part.recipe_sha256) == (lot.input_sha256, lot.recipe_sha256)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system releases it when the process ends."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(folder: Path, keep: Path) -> None:
    """Remove what a killed writer left; who holds the folder's lock is its only writer."""
    for left in folder.glob(".writing-*"):
        if left != keep:
            shutil.rmtree(left, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _described(
    frame: pd.DataFrame, schema: Schema, lot: Lot, sequence: int, rows_sha256: str
) -> Partition:
    stamps = [name for name in ("period", "start", "end") if name in schema.stamps]
    return Partition(
        **lot.model_dump(),
        sequence=sequence,
        rows_sha256=rows_sha256,
        rows_count=len(frame),
        symbols_count=int(frame[schema.subject].nunique()),
        first=frame[stamps[0]].min().date(),
        last=max(frame[name].max() for name in stamps if frame[name].notna().any()).date(),
    )
