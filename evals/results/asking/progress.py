"""Says how far a run of cases is where no bar is seen: a line for every tenth that is done."""

import sys
from collections.abc import Callable
from typing import Final

PARTS: Final = 10
"""Lines of a whole run."""
Say = Callable[[str], None]


def tenths(who: str, count: int, say: Say) -> Callable[[int], None]:
    """Return who is told how many cases are done, and says each tenth once, the last case too."""
    said = 0

    def heard(done: int) -> None:
        nonlocal said
        part = PARTS * done // count if count else PARTS
        if part > said:
            said = part
            say(f"{who}: {done} of {count} cases")

    return heard


def unseen() -> bool:
    """Tell whether stderr is no terminal: a bar would not be seen there."""
    return not sys.stderr.isatty()


def printed(text: str) -> None:
    """Write a line to stderr at once."""
    print(text, file=sys.stderr, flush=True)
