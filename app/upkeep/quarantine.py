"""Moves what is damaged out of the way, whole: a repair is never the end of an only copy."""

import errno
import os
import shutil
from pathlib import Path
from typing import Final

FOLDER: Final = "quarantine"


class Quarantine:
    """One repair's folder of moved files; they keep their places below it."""

    def __init__(self, home: Path, stamp: str) -> None:
        """Keep where; the folder is made with the first file.

        Args:
            home: what is repaired.
            stamp: of the repair: names its folder.
        """
        self._home, self._root = home, home / FOLDER / stamp

    def place(self, path: Path) -> Path:
        """Return where a file of the home goes, its folder made; one there already stays."""
        inside = path.relative_to(self._home) if path.is_relative_to(self._home) else path.name
        place = self._root / inside
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = 1
        while place.exists():
            place = place.with_name(f"{place.name}.{number}")
            number += 1
        return place

    def moved(self, path: Path) -> Path | None:
        """Move a file or folder, and return where it is; None where there is none."""
        if not path.exists():
            return None
        place = self.place(path)
        try:
            path.rename(place)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copied_whole(path, place)
        return place

    def kept(self, path: Path) -> Path:
        """Give a file a second name here, so that replacing the first loses nothing."""
        place = self.place(path)
        try:
            os.link(path, place)
        except OSError:
            _copied(path, place)
        return place

    def named(self, path: Path) -> str:
        """Return how a path of the home is told."""
        return str(path.relative_to(self._home)) if path.is_relative_to(self._home) else str(path)


def _copied_whole(path: Path, place: Path) -> None:
    """Move a file or folder to another disk: it goes here once it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.copytree(path, place, symlinks=True, copy_function=_copied)
        shutil.rmtree(path)
    else:
        _copied(path, place)
        path.unlink()


def _copied(path: "os.PathLike[str] | str", place: "os.PathLike[str] | str") -> None:
    """Copy a file, and return once the disk holds it."""
    shutil.copy2(path, place, follow_symlinks=False)
    with Path(place).open("rb") as file:
        os.fsync(file.fileno())
