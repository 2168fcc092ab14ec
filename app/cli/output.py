"""How the command line speaks: tables and progress for people, JSON for programs."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from core.records.record import Record

PIPED_WIDTH = 160
"""Columns of a table that is not written to a terminal."""


def say(text: str) -> None:
    """Write one line to stdout."""
    sys.stdout.write(f"{text}\n")


def counted(count: int, noun: str) -> str:
    """Return a number of things: `1 trial`, `2 trials`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def say_json(value: object) -> None:
    """Write one JSON document to stdout, keys sorted."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, sort_keys=True, default=_plain)
    sys.stdout.write("\n")


def say_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table to stdout; numbers stand to the right."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for place, heading in enumerate(headings):
        numeric = all(isinstance(row[place], int | float) for row in rows) and bool(rows)
        table.add_column(heading, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(table)


class Teller:
    """Shows what is under way on stderr; silent where stderr is not a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=None)

    def __call__(self, text: str) -> None:
        """Show this as what is under way."""
        self._progress.update(self._task, description=text)


@contextmanager
def telling() -> Iterator[Teller]:
    """Show a spinner with elapsed time while the block runs."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        yield Teller(progress)


def _plain(value: object) -> object:
    if isinstance(value, Record):
        return value.model_dump(mode="json")
    return str(value)
