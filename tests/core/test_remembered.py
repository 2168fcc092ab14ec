import threading
from collections.abc import Callable
from typing import TypeVar

import pytest

from core.remembered import Remembered

Value = TypeVar("Value")


def counting(made: list[Value], value: Value) -> Callable[[], Value]:
    def make() -> Value:
        made.append(value)
        return value

    return make


def test_a_value_is_made_once() -> None:
    made: list[int] = []
    memory: Remembered[str, int] = Remembered(2)
    for _ in range(3):
        assert memory.get("a", counting(made, 7)) == 7
    assert made == [7]


def test_the_least_recently_used_is_forgotten() -> None:
    made: list[str] = []
    memory: Remembered[str, str] = Remembered(2)

    def get(key: str) -> None:
        memory.get(key, counting(made, key))

    for key in ("a", "b", "a", "c", "a", "b"):
        get(key)
    assert made == ["a", "b", "c", "b"]


def test_an_error_keeps_nothing() -> None:
    memory: Remembered[str, int] = Remembered(2)
    with pytest.raises(ZeroDivisionError):
        memory.get("a", lambda: 1 // 0)
    assert memory.get("a", lambda: 3) == 3


def test_threads_share_one_making() -> None:
    made: list[int] = []
    memory: Remembered[str, int] = Remembered(2)
    gate = threading.Barrier(4)

    def ask() -> None:
        gate.wait()
        memory.get("a", counting(made, 5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [5]
