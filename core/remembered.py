"""Decides how long a computed value is kept: by key, the least recently used forgotten first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """A bounded memory safe to share between threads; one value is made once."""

    def __init__(self, capacity: int) -> None:
        """Keep at most `capacity` values."""
        self._capacity = capacity
        self._lock = threading.RLock()
        self._held: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value of the key, made now if it is not held; an error keeps nothing."""
        with self._lock:
            if key not in self._held:
                self._held[key] = make()
            self._held.move_to_end(key)
            while len(self._held) > self._capacity:
                self._held.popitem(last=False)
            return self._held[key]
