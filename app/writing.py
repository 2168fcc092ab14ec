"""Decides how a file is written so that neither a kill nor a power cut leaves half of it."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write the file, or leave what was there; what is there when this returns stays there.

    Raises:
        OSError: the folder is missing, full or not ours to write; nothing is left behind.
    """
    pending = path.with_name(f".{path.name}.{secrets.token_hex(4)}.pending")
    try:
        with pending.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        pending.replace(path)
    finally:
        pending.unlink(missing_ok=True)
    sync_folder(path.parent)


def made_folder(folder: Path) -> Path:
    """Return the folder, there to stay, without what killed writers left in it.

    Only for who is alone in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for parent in (folder.parent, folder.parent.parent):
        sync_folder(parent)
    for pending in folder.glob(".*.pending"):
        pending.unlink(missing_ok=True)
    return folder


def sync_folder(folder: Path) -> None:
    """Return once the disk holds the folder's names."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
