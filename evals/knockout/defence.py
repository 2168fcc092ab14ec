"""What a defence of the product is here: how it is switched off, and which tests must notice."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Literal
from unittest.mock import patch


@dataclass(frozen=True, slots=True)
class Defence:
    """One part of a structural defence.

    name: its number in the catalogue of defences and its own word, `S4.size`. says: what holds
    while it is on. off: dotted places of the product where it is looked up, and what stands there
    when it is off. tests: pytest's node ids, without parameters; at least one of them must fail.
    """

    name: str
    says: str
    off: tuple[tuple[str, object], ...]
    tests: tuple[str, ...]

    @property
    def number(self) -> str:
        """The defence it is a part of, S1 to S15."""
        return self.name.partition(".")[0]

    @property
    def of(self) -> Literal["product", "evals"]:
        """Whose defence it is: of the product, or of the evals that read what it made."""
        parts = {place.partition(".")[0] for place, _ in self.off}
        return "evals" if parts == {"evals"} else "product"

    def switched_off(self) -> AbstractContextManager[None]:
        """Return what keeps the defence off; a place that is not there raises AttributeError."""
        return _Off(self.off)


class _Off(AbstractContextManager[None]):
    def __init__(self, places: tuple[tuple[str, object], ...]) -> None:
        self._places, self._stack = places, ExitStack()

    def __enter__(self) -> None:
        for place, stand_in in self._places:
            self._stack.enter_context(patch(place, stand_in))

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def fixed(value: object) -> Callable[..., object]:
    """Return a function that says the same of anything."""
    return lambda *_, **__: value


def later(value: object) -> Callable[..., object]:
    """Return an asynchronous function that says the same of anything."""

    async def said(*_: object, **__: object) -> object:
        return value

    return said


def unchanged(value: object, *_: object, **__: object) -> object:
    """Return its first argument."""
    return value


def own_unchanged(_: object, value: object) -> object:
    """Return the first argument of a method."""
    return value
