"""Prints what a terminal chat tells beside its answers: limits, model, threads, commands."""

from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.llm.protocol import ModelAnswer
from app.chat.records import ThreadRow
from app.cli.chatting_words import HELP
from app.compose import Composition, open_ledger
from app.files.mandates import load_book, mandate_at
from app.settings import Settings
from core.mandate import stated_limits
from core.records.mandate import MandatePatch
from core.records.universe import Universe


def tell_limits(
    console: Console, settings: Settings, universe: Universe, *, as_of: date,
    patch: MandatePatch | None,
) -> None:  # fmt: skip
    """Print every limit in force at a date, and what the thread states beyond them.

    Raises:
        MandateError: the operator's limits cannot be read.
        DateError: they begin later.
    """
    mandate = mandate_at(load_book(settings.mandate), as_of, universe=universe.id)
    before, after = stated_limits(mandate), stated_limits(mandate.patched(patch))
    table = _table(f"limits of {universe.id}, mandate {mandate.id} version {mandate.version}")
    table.add_column("limit")
    table.add_column("in force", justify="right")
    for name, value in after.items():
        stated = "" if before.get(name) == value else " (this thread)"
        table.add_row(Text(name), Text(f"{value}{stated}"))
    console.print(table)


def tell_model(console: Console, base: Composition, runs: tuple[str, ...]) -> None:
    """Print which model answers and what it read and wrote for these runs.

    Raises:
        DataError: the ledger cannot be used.
    """
    name = base.settings.model_name
    if name is None:
        console.print(
            "no language model: rules and templates; OPENAI_API_KEY or _BASE_URL sets one"
        )
        return
    ledger = open_ledger(base.settings, base.clock)
    try:
        answers = [
            ModelAnswer.model_validate(call.answer)
            for run in runs
            for call in ledger.calls(run)
            if call.kind == "model" and call.answer is not None
        ]
    finally:
        ledger.close()
    read = sum(answer.input_tokens or 0 for answer in answers)
    written = sum(answer.output_tokens or 0 for answer in answers)
    told = (
        f"{name}: {len(answers)} answers in this thread, {read:,} tokens read, {written:,} written"
    )
    console.print(told, markup=False)


def tell_threads(console: Console, rows: tuple[ThreadRow, ...]) -> None:
    """Print the threads, the last changed first."""
    table = _table("threads")
    for heading in ("thread", "market", "as of", "questions", "first question"):
        table.add_column(heading, overflow="fold" if heading == "thread" else "ellipsis")
    for row in rows:
        day, count = str(row.as_of or "last"), str(row.turns_count)
        table.add_row(row.thread, row.universe, day, count, Text(row.title))
    console.print(table)


def tell_help(console: Console) -> None:
    """Print the commands."""
    table = Table.grid(padding=(0, 2))
    for name, what in HELP.items():
        table.add_row(Text(name), Text(what))
    console.print(table)


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", header_style="bold")
