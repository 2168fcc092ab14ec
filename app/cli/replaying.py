"""Takes up a recording to answer from, and says in what this program differs from its own."""

import sys
from dataclasses import replace
from pathlib import Path

from app.compose import Composition
from app.recordings import Recording, differences, load_recording

SHOWN = 3
"""Differences that are spelled out."""


def taken_up(base: Composition, path: Path | None) -> tuple[Composition, Recording | None]:
    """Return the composition with the recording's universes, and the recording; None without one.

    Raises:
        CallerError: the file is no recording this program can answer from.
    """
    if path is None:
        return base, None
    recording = load_recording(path)
    found = differences(recording)
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        told = "; ".join(found[:SHOWN])
        sys.stderr.write(f"sectorwise: {path}: {told}{more}: bytes may differ\n")
    return replace(base, universes=base.universes | recording.universes), recording
