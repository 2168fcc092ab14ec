"""Decides what of a home a backup holds, and brings it back into an empty one.

Files that never change once they are there are packed first, the databases last: so whatever a
packed run needs of the ledger is in the packed ledger. Nobody has to stop working meanwhile.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final

from app.settings import CHECKPOINTS, LEDGER, Settings
from app.snapshots import RUNS
from app.state.integrity import require_whole, whole_damage
from app.state.opening import database_file, local_files
from app.state.schema import MIGRATIONS
from app.upkeep.archive import Manifest, unpacked, writing
from app.upkeep.quarantine import FOLDER as QUARANTINE
from core.errors import CallerError, DataError

RECORD: Final = "run.json"
SIDECAR, ROWS = ".json", ".parquet"


def backed_up(settings: Settings, path: Path, *, clock: Callable[[], datetime]) -> Manifest:
    """Write a backup, and return its manifest.

    Raises:
        CallerError: the file is there already, lies in the home, or cannot be written.
        DataError: a database is damaged.
    """
    home = settings.home_dir
    if path.exists():
        raise CallerError(f"{path} is there already: name another file")
    if path.resolve().is_relative_to(home.resolve()):
        raise CallerError(f"{path} lies in the home it is a backup of: name one elsewhere")
    require_whole(local_files(settings))
    shared = database_file(settings)
    databases = {CHECKPOINTS: home / CHECKPOINTS} | ({} if shared is None else {LEDGER: shared})
    try:
        with (
            TemporaryDirectory(dir=path.parent, prefix=".backup-") as scratch,
            writing(path) as tar,
        ):
            for name in packed_names(home, without=set(databases.values())):
                tar.add(name, home / name)
            for name, file in databases.items():
                if file.is_file():
                    tar.add(name, _copied(file, Path(scratch) / name))
            manifest = Manifest(
                sectorwise=version("sectorwise"),
                schema_version=len(MIGRATIONS),
                made_at=clock().isoformat(timespec="seconds"),
                database="postgresql" if shared is None else "sqlite",
                files=tuple(tar.files),
                left_out=tuple(left_out(home, without=set(databases.values()))),
            )
            tar.close(manifest)
    except OSError as error:
        raise CallerError(f"{path} cannot be written: {error.strerror}") from error
    return manifest


def restored(path: Path, home: Path) -> Manifest:
    """Bring a backup into a home that is not there or empty; it appears whole or not at all.

    Raises:
        CallerError: the home holds something, or either cannot be used.
        DataError: the backup is damaged, no backup, or of a later version.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise CallerError(
            f"{home} holds something: restore into a folder that is empty or not there"
        )
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(mkdtemp(dir=home.parent, prefix=f".{home.name}.restoring-"))
        try:
            manifest = unpacked(path, scratch)
            _require_usable(scratch, manifest)
            scratch.rename(home)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise CallerError(f"{error.filename or path}: {error.strerror}") from error
    return manifest


def packed_names(home: Path, *, without: set[Path]) -> Iterator[str]:
    """Yield the files a backup holds, sorted: no scratch, nothing unfinished, no quarantine.

    A partition's rows are packed where its sidecar is there already, a run's where its record is.
    """
    for place, names, _ in _walked(home):
        sidecars = {name.removesuffix(SIDECAR) for name in names if name.endswith(SIDECAR)}
        for name in sorted(names):
            path = place / name
            unfinished = name.endswith(ROWS) and name.removesuffix(ROWS) not in sidecars
            if name.startswith(".") or unfinished or path.is_symlink() or _is_of(path, without):
                continue
            yield path.relative_to(home).as_posix()


def left_out(home: Path, *, without: set[Path]) -> Iterator[str]:
    """Yield the links a backup does not follow."""
    for _, _, links in _walked(home):
        for path in links:
            if not _is_of(path, without):
                yield path.relative_to(home).as_posix()


def _walked(home: Path) -> Iterator[tuple[Path, list[str], list[Path]]]:
    """Yield the folders a backup looks into: each with its files, and the links in it."""
    for folder, folders, names in os.walk(home):
        place = Path(folder)
        seen = [place / name for name in sorted((*folders, *names)) if not name.startswith(".")]
        folders[:] = sorted(name for name in folders if _is_packed(home, place / name))
        links = [path for path in seen if path.is_symlink() and path != home / QUARANTINE]
        yield place, names, links


def _is_packed(home: Path, folder: Path) -> bool:
    if folder.name.startswith(".") or folder.is_symlink() or folder == home / QUARANTINE:
        return False
    return folder.parent != home / RUNS or (folder / RECORD).exists()


def _is_of(path: Path, databases: set[Path]) -> bool:
    """Tell whether a file is a database, or what SQLite keeps beside one."""
    return any(path.parent == file.parent and path.name.startswith(file.name) for file in databases)


def _copied(file: Path, copy: Path) -> Path:
    """Return a copy of a database as one moment saw it, whoever writes to it meanwhile.

    Raises:
        DataError: it is damaged.
    """
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        try:
            source.backup(target)
        except sqlite3.DatabaseError as error:
            raise DataError(f"{file} cannot be copied ({error}): `sectorwise doctor`") from error
    damage = whole_damage(copy)
    if damage is not None:
        raise DataError(f"{file} is damaged ({damage}): `sectorwise doctor --repair`, then again")
    return copy


def _require_usable(home: Path, manifest: Manifest) -> None:
    if manifest.schema_version > len(MIGRATIONS):
        raise DataError(
            f"sectorwise {manifest.sectorwise} made the backup, a later version than this: restore "
            "it with that one"
        )
    for name in (LEDGER, CHECKPOINTS):
        damage = whole_damage(home / name)
        if damage is not None:
            raise DataError(f"{name} in the backup is damaged: {damage}")
