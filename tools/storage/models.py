"""Keeps each universe's fitted forecast as JSON beside the data state it was fitted on."""

import hashlib
import os
import tempfile
import threading
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from core.errors import DataError
from core.forecast.model import ForecastModel
from core.records.record import Record
from core.records.universe import Universe

FileVersion = tuple[int, int]
"""Of a file: when it was written, in nanoseconds, and its size."""


_MODEL: Final = b'"model":'
"""What stands before the model in its file: it is the last field."""


class FittedModel(Record):
    """One file: the model, its text's sha256, and the fingerprint of the rows that made it."""

    fingerprint: str
    model_sha256: str | None = None
    model: ForecastModel


class ModelStore:
    """The fitted models under one folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "models"
        self._read: dict[str, tuple[FileVersion, FittedModel]] = {}
        self._lock = threading.Lock()

    def save(self, universe: str, model: ForecastModel, fingerprint: str) -> Path:
        """Write the model whole or not at all, and return its file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(universe)
        told = model.model_dump_json()
        sha256 = hashlib.sha256(told.encode()).hexdigest()
        fitted = FittedModel(fingerprint=fingerprint, model_sha256=sha256, model=model)
        text = fitted.model_dump_json() + "\n"
        handle, scratch = tempfile.mkstemp(dir=self.folder, prefix=f".{universe}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(scratch).replace(path)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise
        return path

    def load(self, universe: str) -> ForecastModel | None:
        """Return the fitted model, None when there is none.

        Raises:
            DataError: the file is damaged or from another version; the message names the command.
        """
        fitted = self._fitted(universe)
        return None if fitted is None else fitted.model

    def version(self, universe: str) -> FileVersion | None:
        """Return what changes whenever the universe's model does, None without one."""
        try:
            state = self._path(universe).stat()
        except FileNotFoundError:
            return None
        return state.st_mtime_ns, state.st_size

    def is_current(self, universe: Universe, fingerprint: str, recipe: str) -> bool:
        """Tell whether a model is there that a fit made now could not differ from.

        It was fitted on rows of this fingerprint, this very universe and by this very recipe.
        """
        try:
            fitted = self._fitted(universe.id)
        except DataError:
            return False
        if fitted is None or fitted.fingerprint != fingerprint:
            return False
        model = fitted.model
        return model.universe_hash == universe.content_hash() and model.recipe == recipe

    def _path(self, universe: str) -> Path:
        return self.folder / f"{universe}.json"

    def _fitted(self, universe: str) -> FittedModel | None:
        path, version = self._path(universe), self.version(universe)
        if version is None:
            return None
        with self._lock:
            kept = self._read.get(universe)
            if kept is None or kept[0] != version:
                kept = (version, _parsed(path, universe))
                self._read[universe] = kept
            return kept[1]


def _parsed(path: Path, universe: str) -> FittedModel:
    again = f"run `sectorwise fit --universe {universe}` to make it again."
    text = path.read_bytes()
    try:
        fitted = FittedModel.model_validate_json(text)
    except ValidationError as error:
        raise DataError(f"{path} is no fitted model of this version; {again}") from error
    told = text.partition(_MODEL)[2].rstrip().removesuffix(b"}")
    if fitted.model_sha256 not in {None, hashlib.sha256(told).hexdigest()}:
        raise DataError(f"{path} is not the model that was fitted; {again}")
    return fitted
