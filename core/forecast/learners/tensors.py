"""Decides how named arrays become safetensors bytes and back; it knows no network.

Imported only where a network is written or read.
"""

import json

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from core.errors import DataError

BYTES_CAP = 64_000_000
LENGTH_BYTES = 8
"""The format begins with the length of its JSON header, little-endian."""

NOTE = "shape"
"""The one header field: the order of several would differ from process to process."""


def packed(arrays: dict[str, NDArray[np.float32]], note: str) -> bytes:
    """Return the arrays with a text in the header; equal arrays and texts give equal bytes."""
    contiguous = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    return save(contiguous, {NOTE: note})


def unpacked(data: bytes, learner: str) -> tuple[dict[str, NDArray[np.float32]], str]:
    """Return what `packed` was given.

    Raises:
        DataError: too long, or not this format; the message begins with the learner.
    """
    if len(data) > BYTES_CAP:
        raise DataError(f"{learner}: {len(data)} bytes, expected {BYTES_CAP} at most")
    try:
        arrays = load(data)
        length = int.from_bytes(data[:LENGTH_BYTES], "little")
        note = json.loads(data[LENGTH_BYTES : LENGTH_BYTES + length])["__metadata__"][NOTE]
    except (ValueError, KeyError, TypeError, RecursionError, SafetensorError) as error:
        raise DataError(f"{learner}: the stored model is damaged") from error
    return arrays, note
