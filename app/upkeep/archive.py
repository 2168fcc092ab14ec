"""Decides what a backup file is: a tar of plain files, closed by a manifest of their hashes."""

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tarfile import TarInfo
from typing import IO, Final, Literal

from pydantic import Field, ValidationError

from app.writing import sync_folder
from core.errors import DataError
from core.records.record import Record

MANIFEST: Final = "manifest.json"
BLOCK_BYTES: Final = 2**20


class Packed(Record):
    """A file of the backup, by its place in the home."""

    name: str = Field(min_length=1, max_length=1_000)
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Record):
    """The last file of a backup; one without it was cut off."""

    contract: Literal["1"] = "1"
    sectorwise: str
    schema_version: int
    made_at: str
    database: Literal["sqlite", "postgresql"] = Field(
        description="postgresql: what it holds is not in the backup"
    )
    files: tuple[Packed, ...]
    left_out: tuple[str, ...] = Field(
        default=(), description="links, by their places in the home: what they lead to is not here"
    )


class Writer:
    """Packs files, and remembers what they were."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: list[Packed] = []

    def add(self, name: str, path: Path) -> None:
        """Pack a file as it is when it is opened; one that is gone by then is not there."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            hashed = _Hashed(file)
            self._tar.addfile(_entry(name, size), hashed)
        self.files.append(Packed(name=name, size=size, sha256=hashed.sha256))

    def close(self, manifest: Manifest) -> None:
        """Pack the manifest, last."""
        text = json.dumps(manifest.model_dump(mode="json"), indent=1).encode()
        self._tar.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        """Of what was read, in hex."""
        return self._digest.hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Yield what packs into a new file; it appears whole or not at all.

    Raises:
        OSError: it cannot be written, or appeared meanwhile.
    """
    pending = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with pending.open("xb") as file:
            pending.chmod(0o600)
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        path.touch(mode=0o600, exist_ok=False)  # the name is one writer's
        pending.replace(path)
        sync_folder(path.parent)
    finally:
        pending.unlink(missing_ok=True)


def unpacked(path: Path, target: Path) -> Manifest:
    """Write the files of a backup into an empty folder, and return its manifest.

    Every entry must be a plain file inside the folder; nothing else is ever made.

    Raises:
        DataError: the file is no whole backup, or holds what a backup does not.
        OSError: it cannot be read, or a file cannot be written.
    """
    found: dict[str, Packed] = {}
    text: bytes | None = None
    try:
        with tarfile.open(path, mode="r:") as tar:
            for entry in tar:
                if text is not None:
                    raise DataError(f"{path} holds {entry.name!r} behind its manifest")
                name = _safe(entry, path, found)
                file = tar.extractfile(entry)
                if file is None:
                    raise DataError(f"{path} holds {entry.name!r}, which is no file")
                if name == MANIFEST:
                    text = file.read(entry.size)
                else:
                    found[name] = _written(target / name, name, file)
    except tarfile.TarError as error:
        raise DataError(f"{path} is no backup, or damaged: {error}") from error
    return _agreed(path, text, found)


def _entry(name: str, size: int) -> TarInfo:
    entry = TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _safe(entry: TarInfo, path: Path, found: dict[str, Packed]) -> str:
    """Return the entry's name.

    Raises:
        DataError: it is a link or no file, lies outside of the home, or was there before.
    """
    parts = entry.name.split("/")
    inside = not {"", ".", ".."} & set(parts) and "\\" not in entry.name and "\0" not in entry.name
    if not (entry.isreg() and inside) or entry.name in found:
        raise DataError(f"{path} holds {entry.name!r}, which no backup does: nothing was restored")
    return entry.name


def _written(place: Path, name: str, file: IO[bytes]) -> Packed:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with place.open("xb") as target:
        place.chmod(0o600)
        while piece := file.read(BLOCK_BYTES):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    return Packed(name=name, size=size, sha256=digest.hexdigest())


def _agreed(path: Path, text: bytes | None, found: dict[str, Packed]) -> Manifest:
    """Return the manifest, if it tells of exactly what was found.

    Raises:
        DataError: it does not; the sentence names the first file that differs.
    """
    if text is None:
        raise DataError(f"{path} was cut off: it has no manifest; nothing was restored")
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise DataError(f"{path} has a manifest of another version, or a damaged one") from error
    said = {row.name: row for row in manifest.files}
    differing = [name for name in sorted(said | found) if said.get(name) != found.get(name)]
    if differing:
        raise DataError(
            f"{path} is damaged: {differing[0]} is not what was packed; nothing was restored"
        )
    return manifest
