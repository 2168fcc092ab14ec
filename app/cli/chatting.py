"""Talks on the command line until the lines end; a bad question costs only itself."""

import asyncio
import sys
from datetime import date

from rich.console import Console

from app.chat.desk import ChatDesk
from app.cli.chatting_input import Lines, PipedLines, TypedLines
from app.cli.chatting_talk import Talk
from app.cli.chatting_words import choices
from app.cli.reporting import composition
from app.files.universes import one_of
from app.running.runs import Runs
from core.errors import SectorwiseError

PIPED_WIDTH = 160


def converse(universe: str | None, *, as_of: date | None, thread: str | None, yes: bool) -> None:
    """Answer typed or piped lines as one thread of the home.

    Raises:
        SectorwiseError: the settings, the universe or the thread are none of ours.
    """
    base = composition()
    base.settings.require_writable_home()
    name = one_of(base.universes, universe or base.settings.universe).id
    console = Console(
        highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH
    )

    async def talk() -> None:
        desk = ChatDesk(Runs(lambda: base, base.settings.home_dir, database=base.settings.database))
        async with desk.open(taking_up=thread is not None, of=thread, warm=sys.stdin.isatty()):
            lines: Lines = PipedLines()
            if sys.stdin.isatty():
                lines = TypedLines(
                    base.settings.home_dir,
                    lambda before: choices(before, base.universes, session.universe),
                )
            session = Talk(desk, base, console, lines, yes=yes)
            session.universe, session.as_of = name, as_of
            if thread is not None:
                await session.open(thread)
            await _until_the_end(session, lines, console)

    asyncio.run(talk())


async def _until_the_end(session: Talk, lines: Lines, console: Console) -> None:
    while not session.ended:
        written, session.written = session.written, ""
        try:
            line = await lines.line(f"{session.universe}> ", written=written)
            if line is None:
                break
            await session.heard(line)
        except KeyboardInterrupt:
            continue
        except SectorwiseError as error:
            console.print(str(error), style="red", markup=False)
    if session.thread is not None and lines.typed:
        console.print(f"go on with: sectorwise chat --thread {session.thread.thread}", markup=False)
