"""Names the state of files by their content; what was found of another state is not kept."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def files_of(place: Path) -> list[Path]:
    """Return the files under a folder, or the file itself, without what Python compiles."""
    found = sorted(place.rglob("*")) if place.is_dir() else [place]
    return [path for path in found if path.is_file() and path.suffix != ".pyc"]


def state_of_files(files: Iterable[Path], *, root: Path) -> str:
    """Return a short hash of files, by their places under `root` where they have one there."""
    made = hashlib.sha256()
    for path in files:
        place = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
        made.update(f"{place.as_posix()}\0".encode())
        made.update(hashlib.sha256(path.read_bytes()).digest())
    return made.hexdigest()[:16]
