"""Decides whether a SQLite write-ahead log lost something that was committed; not how to mend it.

SQLite passes over what follows a frame whose checksum is wrong: right after a kill, when nobody
committed it; a loss nobody is told of, when a commit stands behind it.
"""

import struct
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

HEADER_BYTES: Final = 32
FRAME_HEADER_BYTES: Final = 24
SUMMED_HEADER_BYTES: Final = 24
SUMMED_FRAME_HEADER_BYTES: Final = 8
LITTLE_ENDIAN, BIG_ENDIAN = 0x377F0682, 0x377F0683
"""Magic numbers; they tell in which order a word's bytes are summed (SQLite file format, 4.1)."""
_WORDS = npt.NDArray[np.uint32]
_State = tuple[int, int]


def wal_damage(path: Path) -> str | None:
    """Return what is wrong with a log; None where every commit in it can be read.

    Args:
        path: of the log; one that is missing or holds no whole header has no commit.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(content) <= HEADER_BYTES:
        return None
    magic, _, page_bytes = struct.unpack(">3I", content[:12])
    order = {LITTLE_ENDIAN: "<u4", BIG_ENDIAN: ">u4"}.get(magic)
    state = (0, 0) if order is None else _summed(content[:SUMMED_HEADER_BYTES], order, (0, 0))
    if order is None or state != struct.unpack(">2I", content[24:32]):
        return "its write-ahead log is not one"
    frame = _broken_frame(content, FRAME_HEADER_BYTES + page_bytes, order, state)
    return None if frame is None else f"frame {frame} of its write-ahead log is broken"


def _broken_frame(content: bytes, frame_bytes: int, order: str, state: _State) -> int | None:
    """Return the number of the first broken frame that has a commit of its generation behind it."""
    salt, broken = content[16:24], None
    starts = range(HEADER_BYTES, len(content) - frame_bytes + 1, frame_bytes)
    for number, start in enumerate(starts, start=1):
        header = content[start : start + FRAME_HEADER_BYTES]
        if header[8:16] != salt and broken is None:
            broken = number
        if broken is None:
            state = _summed(header[:SUMMED_FRAME_HEADER_BYTES], order, state)
            page = content[start + FRAME_HEADER_BYTES : start + frame_bytes]
            state = _summed(page, order, state)
            if state != struct.unpack(">2I", header[16:24]):
                broken = number
        elif header[8:16] == salt and header[4:8] != bytes(4):
            return broken
    return None


def _summed(content: bytes, order: str, state: _State) -> _State:
    """Return the checksum carried over these bytes, a whole number of pairs of words.

    A pair (a, b) takes (s, t) to (s + t + a, s + 2t + a + b), modulo 2^32: a linear step, whose
    powers let all pairs be summed at once.
    """
    words = np.frombuffer(content, dtype=order).astype(np.uint32).reshape(-1, 2)
    n_pairs = len(words)
    powers = _powers(n_pairs)
    added = np.stack([words[:, 0], words[:, 0] + words[:, 1]], axis=1)
    start = np.array(state, dtype=np.uint32)
    total = powers[n_pairs] @ start + np.einsum("nij,nj->i", powers[n_pairs - 1 :: -1], added)
    return int(total[0]), int(total[1])


_KNOWN: dict[int, _WORDS] = {}


def _powers(n_pairs: int) -> _WORDS:
    """Return the step's powers from 0 to n_pairs, 2 x 2 each, modulo 2^32."""
    if n_pairs not in _KNOWN:
        step = np.array([[1, 1], [1, 2]], dtype=np.uint32)
        rows = [np.eye(2, dtype=np.uint32)]
        for _ in range(n_pairs):
            rows.append(rows[-1] @ step)
        _KNOWN[n_pairs] = np.stack(rows)
    return _KNOWN[n_pairs]
