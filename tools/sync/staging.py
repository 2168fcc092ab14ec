"""Keeps a source's answers until all are there, so that a broken sync asks for none of them twice.

Nothing here is part of the store. Answers to another plan are thrown away: they are of another day.
"""

import fcntl
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from pydantic import ValidationError

from core.errors import CallerError, DataError
from core.records.record import Record
from core.records.result import Dataset
from tools.storage.schema import SCHEMAS, Schema, empty_frame
from tools.upstream.errors import UnknownSymbolError
from tools.upstream.protocol import Fetched

TOLD: Final = "answer"
"""The member of an answer's file that says of whom it is; the others are its columns."""

_DAMAGE = (ValidationError, ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile)

Columns = dict[str, np.ndarray]


class Wanted(Record):
    """One name, from when on, between which days it is stored, and if the universe needs it."""

    subject: str
    since: date
    first: date | None = None
    last: date | None
    required: bool


class SyncPlan(Record):
    """What one run fetches of one data set; equal plans take each other's answers over."""

    source: str
    universe: str
    dataset: Dataset
    until: date
    wanted: tuple[Wanted, ...]


class Kept(Record):
    """One answer that is there."""

    subject: str
    sha256: str
    problem: str | None = None
    unknown: bool = False


class Staging:
    """The answers to one plan, one file each, in a folder of their own."""

    def __init__(self, folder: Path, plan: SyncPlan) -> None:
        self._folder = folder / plan.content_hash()[:16]
        self._schema, self._dataset = SCHEMAS[plan.dataset], plan.dataset
        for other in folder.iterdir():
            if other.is_dir() and other != self._folder:
                shutil.rmtree(other, ignore_errors=True)
        self._folder.mkdir(exist_ok=True)
        self._kept = dict(self._found())

    @property
    def kept(self) -> Mapping[str, Kept]:
        """The answers that are there, by name."""
        return MappingProxyType(self._kept)

    def keep(self, fetched: Fetched) -> None:
        """Keep an answer; killed meanwhile, there is none."""
        kept = Kept(
            subject=fetched.subject,
            sha256=fetched.sha256,
            problem=None if fetched.problem is None else str(fetched.problem),
            unknown=isinstance(fetched.problem, UnknownSymbolError),
        )
        path = self._path(fetched.subject)
        part = path.with_suffix(".writing")
        columns = _packed(fetched.rows, self._schema)
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, **{TOLD: np.array(kept.canonical_json())}, **columns)
        part.replace(path)
        self._kept[fetched.subject] = kept

    def rows(self, subjects: tuple[str, ...]) -> pd.DataFrame:
        """Return the rows of these answers, one after the other.

        Raises:
            DataError: one was damaged since it was found or kept; it is thrown away.
        """
        parts = [self._read(name) for name in subjects]
        if not parts:
            return empty_frame(self._dataset)
        joined = {
            name: np.concatenate([part[name] for part in parts]) for name in self._schema.columns
        }
        return _unpacked(joined, self._schema)

    def forget(self, subject: str) -> None:
        """Throw one answer away, so that the next run asks again."""
        self._path(subject).unlink(missing_ok=True)

    def clear(self) -> None:
        """Throw the answers away: they are stored."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, subject: str) -> Columns:
        try:
            return _columns(self._path(subject), self._schema)
        except _DAMAGE as error:
            self.forget(subject)
            raise DataError(
                f"the kept answer to {subject} is damaged and was thrown away; run the same "
                "command again, which asks for it anew"
            ) from error

    def _path(self, subject: str) -> Path:
        stem = "".join(c if c.isalnum() and c.isascii() else f"_{ord(c):x}_" for c in subject)
        return self._folder / f"{stem}.npz"

    def _found(self) -> Iterator[tuple[str, Kept]]:
        for path in sorted(self._folder.glob("*.npz")):
            try:
                with path.open("rb") as bytes_, np.load(bytes_, allow_pickle=False) as file:
                    kept = Kept.model_validate_json(str(file[TOLD]))
                _columns(path, self._schema)
            except _DAMAGE:
                path.unlink()  # a damaged answer is none
                continue
            yield kept.subject, kept


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock.

    Raises:
        CallerError: another sync of the same data holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CallerError(
                f"{folder.name}: another sync of these data is under way; let it end first"
            ) from error
        yield


def _packed(rows: pd.DataFrame, schema: Schema) -> Columns:
    """Return the columns as plain arrays; a missing text is an empty one."""
    texts = {
        name: rows[name].fillna("").to_numpy(dtype=object).astype(np.str_) for name in schema.text
    }
    stamps = {name: rows[name].to_numpy().astype("datetime64[us]") for name in schema.stamps}
    numbers = {name: rows[name].to_numpy(dtype=np.float64) for name in schema.numbers}
    truths = {name: rows[name].to_numpy(dtype=np.bool_) for name in schema.truths}
    return texts | stamps | numbers | truths


def _columns(path: Path, schema: Schema) -> Columns:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in schema.columns}


def _unpacked(columns: Columns, schema: Schema) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    for name in schema.text:
        texts = frame[name].astype("str")
        frame = frame.assign(**{name: texts.mask(texts == "")})
    return frame[list(schema.columns)]
