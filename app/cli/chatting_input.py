"""Reads a chat's lines: typed with editing, history and completion, or from a pipe."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory

from core.errors import CallerError

HISTORY: Final = "chat_history"
LONGEST_LINE: Final = 100_000
SHORTEST_WORD: Final = 2
"""Characters of a word before sectors are offered for it."""

Choices = Callable[[str], Iterable[str]]
"""What may stand after what is written so far, commands first."""


class Lines(Protocol):
    """Where questions come from."""

    typed: bool
    """Whether somebody is there to answer."""

    async def line(self, prompt: str, *, written: str = "") -> str | None:
        """Return the next line, None at the end. `written` stands there already, to be changed.

        Raises:
            KeyboardInterrupt: Ctrl-C, instead of a line.
        """


class PipedLines:
    """Lines of standard input."""

    typed = False

    async def line(self, prompt: str, *, written: str = "") -> str | None:
        """Return the next line without its end.

        Raises:
            CallerError: it is longer than any question.
        """
        del prompt, written
        read = await asyncio.to_thread(sys.stdin.readline, LONGEST_LINE)
        if len(read) >= LONGEST_LINE:
            raise CallerError(f"a line of more than {LONGEST_LINE:,} characters is no question")
        return read.strip() if read else None


class TypedLines:
    """Lines a person types; what was typed is kept in the home for its owner only."""

    typed = True

    def __init__(self, home: Path, choices: Choices) -> None:
        path = home / HISTORY
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
        self._session: PromptSession[str] = PromptSession(
            history=FileHistory(path), completer=_Offered(choices), complete_while_typing=False
        )

    async def line(self, prompt: str, *, written: str = "") -> str | None:
        """Return the next line; Ctrl-D is the end."""
        try:
            return (await self._session.prompt_async(prompt, default=written)).strip()
        except EOFError:
            return None


class _Offered(Completer):
    """Offers what fits the end of what is written."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Return what the choices hold of the longest end of the line they know."""
        del complete_event
        before = document.text_before_cursor
        starts = [0, *(place + 1 for place, mark in enumerate(before) if mark in " ,")]
        for choice in self._choices(before):
            start = next((at for at in starts if _fits(before[at:], choice)), None)
            if start is not None:
                yield Completion(choice, start_position=start - len(before))


def _fits(end: str, choice: str) -> bool:
    long = len(end) >= SHORTEST_WORD or not end or end.startswith("/")
    return long and choice.casefold().startswith(end.casefold())
