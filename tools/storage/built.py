"""Keeps what was built of stored rows, one state of each, for every store of the process."""

import threading
from collections.abc import Callable
from typing import Final, TypeVar

Built = TypeVar("Built")
Name = tuple[str, str]
"""A universe, and what is built of its rows."""
State = tuple[tuple[str, int, int], ...]
"""A universe's files: names, which hold their rows' hashes, sizes and times of change."""

_BUILT: Final[dict[Name, tuple[State, object]]] = {}
_BUILDING: Final = threading.RLock()


def built_once(name: Name, state: State, build: Callable[[], Built]) -> Built:
    """Return what is held of this state, else what `build` makes now; an error keeps nothing.

    Args:
        name: fixes the type of the result.
        state: what was held of another goes.
        build: makes an immutable value of the rows alone.
    """
    with _BUILDING:
        kept = _BUILT.get(name)
        if kept is None or kept[0] != state:
            kept = _BUILT[name] = (state, build())
    built: Built = kept[1]  # type: ignore[assignment]  # one name always builds one type
    return built
