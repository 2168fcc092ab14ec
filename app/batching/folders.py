"""Decides when a report's folder is whole, and lets a new one appear only as such.

A folder holds content only: its files, and `SHA256SUMS` over them, written last.
"""

import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.writing import sync_folder, write_whole

SUMS: Final = "SHA256SUMS"
"""In the form `sha256sum --check` reads."""
REPORT: Final = "report.json"


def is_whole(folder: Path, names: Iterable[str], *, report: str | None = None) -> bool:
    """Tell whether the folder holds these files, and every file of its sums unchanged.

    Args:
        folder: of a report.
        names: the files it must hold beside report.json.
        report: what report.json must say, if that is known.
    """
    sums = _sums(folder)
    if not {REPORT, *names} <= set(sums):
        return False
    if report is not None and hashlib.sha256(report.encode()).hexdigest() != sums[REPORT]:
        return False
    return all(_digest(folder / name) == kept for name, kept in sums.items())


def report_sha256(folder: Path) -> str | None:
    """Return the digest of a whole folder's report.json."""
    return _sums(folder).get(REPORT)


def appear(folder: Path, write: Callable[[Path], object]) -> None:
    """Write into a folder beside it and put that in its place, whole or not at all.

    Args:
        folder: where it appears; what stands there is replaced.
        write: fills the folder it is given.
    """
    pending = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.pending")
    try:
        write(pending)
        _seal(pending)
        _put(pending, folder)
    finally:
        sweep(pending)
    sync_folder(folder.parent)


@contextmanager
def kept_in(out: Path) -> Iterator[None]:
    """Let an error of writing in the block name the batch's folder: a file's own says none.

    Raises:
        OSError: what the block raised.
    """
    try:
        yield
    except OSError as error:
        error.filename = str(out)
        raise


def sweep(*folders: Path) -> None:
    """Remove what a killed writer left."""
    for folder in folders:
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.unlink(missing_ok=True)


def leftovers(out: Path) -> tuple[Path, ...]:
    """Return what killed writers left; only for who is alone in the folder."""
    return (*out.glob(".*.pending"), *out.glob(".*.replaced"))


def _put(pending: Path, folder: Path) -> None:
    """Move the folder into its place; for a moment of a replacement there is none.

    What stood there stands there again where the other cannot be moved.
    """
    replaced = pending.with_suffix(".replaced")
    if folder.exists():
        sweep(replaced)
        folder.replace(replaced)
    try:
        pending.replace(folder)
    except OSError:
        if replaced.exists():
            replaced.replace(folder)
        raise
    sweep(replaced)


def _seal(folder: Path) -> None:
    """Write the sums of all files, and let everything reach the disk."""
    rows = [f"{_digest(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    write_whole(folder / SUMS, "".join(rows).encode())


def _sums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.split("  ", 1) for line in lines if "  " in line)
    return {name: digest for digest, name in pairs if Path(name).name == name}


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
