"""The attack strings written for this project, by kind, and the table of what became of them."""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "corpora"
KINDS = ("script", "markdown", "template", "formula", "unicode", "path", "address")


@cache
def corpus(kind: str) -> tuple[str, ...]:
    """Return the strings of a kind."""
    return tuple(tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))["strings"])


@cache
def everything() -> tuple[tuple[str, str], ...]:
    """Return every string with its kind."""
    return tuple((kind, text) for kind in KINDS for text in corpus(kind))


def texts(budget: int) -> list[str]:
    """Return all strings, joined by lines into texts of at most so many characters."""
    made = [""]
    for _, text in everything():
        if len(made[-1]) + len(text) + 1 > budget:
            made.append("")
        made[-1] += f"{text}\n"
    return made


class Table:
    """How often which kind was tried on which surface, and how often it worked."""

    def __init__(self) -> None:
        self.tried: Counter[tuple[str, str]] = Counter()
        self.worked: list[tuple[str, str, str]] = []

    def note(self, surface: str, kind: str, wrong: str | None) -> None:
        """Count one attempt; `wrong` says how it worked."""
        self.tried[surface, kind] += 1
        if wrong is not None:
            self.worked.append((surface, kind, wrong))

    def failures(self, surface: str) -> list[tuple[str, str, str]]:
        return [row for row in self.worked if row[0] == surface]

    def text(self) -> str:
        """Return the table, surfaces down, kinds across: failures of attempts."""
        surfaces = sorted({surface for surface, _ in self.tried})
        lines = ["", f"{'surface':28}" + "".join(f"{kind:>12}" for kind in KINDS)]
        for surface in surfaces:
            cells = [self._cell(surface, kind) for kind in KINDS]
            lines.append(f"{surface:28}" + "".join(f"{cell:>12}" for cell in cells))
        total, wrong = sum(self.tried.values()), len(self.worked)
        return "\n".join([*lines, f"{total} attempts, {wrong} worked"])

    def _cell(self, surface: str, kind: str) -> str:
        tried = self.tried[surface, kind]
        wrong = sum(row[:2] == (surface, kind) for row in self.worked)
        return f"{wrong}/{tried}" if tried else "."
