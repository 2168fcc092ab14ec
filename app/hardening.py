"""Process-wide settings that must stand before the graph library is imported."""

import ctypes
import logging
import os
import sys
from typing import Final

ARENA_MAX: Final = -8
"""glibc's name of the setting (malloc.h, M_ARENA_MAX)."""
ARENAS: Final = 2
"""Heaps of the allocator: with one a thread, memory that threads gave back is kept unused."""


def harden() -> None:
    """Let a checkpoint name no class to build, send no trace, keep stderr ours, memory flat.

    langgraph reads the first variable once, when it is imported; `agents.run` refuses to run
    without it.
    """
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    os.environ["LANGSMITH_TRACING"] = "false"
    os.environ["LANGCHAIN_TRACING_V2"] = "false"
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(ARENA_MAX, ARENAS)
    # Without any handler, libraries' warnings would be printed between our sentences.
    logging.getLogger().addHandler(logging.NullHandler())
