"""Decides what is said of a home's folder: who may read it, whether it can be written, its room."""

import os
import shutil
from collections.abc import Iterator
from typing import Final

from app.settings import Settings
from app.upkeep.finding import Finding
from core.errors import CallerError

OTHERS: Final = 0o077
"""Rights of the group and of everyone."""
MEGABYTE: Final = 1_000_000
SCARCE_BYTES: Final = 2_000 * MEGABYTE
"""Less room than this is told of: a night of 300 reports keeps about 600 MB."""
SPENT_BYTES: Final = 100 * MEGABYTE


def folder_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the home itself."""
    home = settings.home_dir
    if home.stat().st_mode & OTHERS:
        yield Finding(
            severity="warning",
            what=f"the home {home} can be entered by others than its owner",
            where=".",
            do="--repair takes their rights away, or run chmod 700 on it",
            mend="rights",
        )
    try:
        settings.require_writable_home()
    except CallerError as error:
        do = "give its owner the right to write"
        yield Finding(severity="broken", what=str(error), where=".", do=do)
    free = shutil.disk_usage(home).free
    if free < SCARCE_BYTES:
        yield Finding(
            severity="broken" if free < SPENT_BYTES else "warning",
            what=f"{free // MEGABYTE:,} MB are free",
            where=".",
            do="`sectorwise prune --older-than 90d --dry-run` tells what could go",
        )


def made_private(home: "os.PathLike[str]") -> None:
    """Take everyone's rights but the owner's."""
    os.chmod(home, 0o700)  # noqa: PTH101 - a path-like
