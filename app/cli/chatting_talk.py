"""A conversation in a terminal: which thread, market, date and limits its next question has."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from rich.console import Console

from app.chat.desk import ChatDesk
from app.chat.records import Thread
from app.cli import chatting_words as words
from app.cli.chatting_input import Lines
from app.cli.chatting_shown import Shown
from app.cli.chatting_told import tell_help, tell_limits, tell_model, tell_threads
from app.cli.chatting_turn import Followed
from app.cli.options import parsed_date
from app.compose import Composition
from app.data import prepare_synthetic
from app.files.universes import one_of
from app.render.bundle import render
from app.running.questions import tightened
from app.snapshots import kept_report
from core.errors import CallerError
from core.records.mandate import MandatePatch
from core.records.request import Language, Request
from core.wording import entity_name


class Talk:
    """One person's conversation; its questions are kept in the home's threads."""

    def __init__(
        self, desk: ChatDesk, base: Composition, console: Console, lines: Lines, *, yes: bool
    ) -> None:
        """Keep what is talked over; `yes` agrees to every plan, as a pipe does."""
        self._desk, self._base, self._console, self._lines = desk, base, console, lines
        self._at_once = yes or not lines.typed
        self.universe = base.settings.universe
        self.as_of: date | None = None
        self.thread: Thread | None = None
        self.written = ""
        self.ended = False
        self._patch: MandatePatch | None = None
        self._last: Request | None = None
        self._report: str | None = None
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "/universe": self._universe, "/as-of": self._as_of, "/horizon": self._horizon,
            "/why": self._why, "/compare": self._compare, "/mandate": self._mandate,
            "/export": self._export, "/model": self._model, "/threads": self._threads,
            "/open": self.open, "/new": self._new, "/help": self._help, "/quit": self._quit,
        }  # fmt: skip

    async def heard(self, line: str) -> None:
        """Do what a line says.

        Raises:
            SectorwiseError: by who must act; the conversation goes on.
        """
        command = words.command_of(line)
        if command is not None:
            await self._commands[command.name](command.said)
        elif line:
            await self._asked(line)

    async def open(self, said: str) -> None:
        """Go on with a thread; a question of it that is still under way is seen through.

        Raises:
            UnknownIdError: there is none of that id.
        """
        thread = self._desk.thread(said)
        self.thread, self.universe, self.as_of = thread, thread.universe, thread.as_of
        self._patch = None
        finished = [turn for turn in thread.turns if turn.state == "finished"]
        self._report = finished[-1].run if finished else None
        self._last = finished[-1].request if finished else None
        self._console.print(f"{thread.thread}: {thread.title}", markup=False)
        for turn in thread.turns:
            self._console.print(f"  {turn.state:9} {turn.text}", markup=False)
        for turn in thread.turns:
            if turn.state in ("running", "waiting"):
                await self._followed(turn.run)

    async def _asked(self, text: str) -> None:
        universe = one_of(self._base.universes, self.universe)
        await asyncio.to_thread(
            prepare_synthetic, self._base.settings, universe, tell=self._unheard
        )
        self.thread = self.thread or self._desk.opened(self.universe, self.as_of)
        turn = await self._desk.asked(
            self.thread.thread, text, patch=self._patch, approve=not self._at_once
        )
        await self._followed(turn.run)

    async def _followed(self, run: str) -> None:
        shown = Shown(self._console, self._base.universes)
        followed = Followed(self._desk, shown, self._lines, at_once=self._at_once)
        await followed.seen(self._desk.turn(run))
        self.written = followed.reworded
        if followed.finished is not None:
            self._report, self._last = run, shown.request

    @property
    def _language(self) -> Language:
        return "en" if self._last is None else self._last.language

    async def _universe(self, said: str) -> None:
        self.universe = one_of(self._base.universes, said).id if said else self.universe
        if said:
            await self._new("")
        others = ", ".join(name for name in self._base.universes if name != self.universe)
        here = entity_name(self.universe, "en", self._base.universes[self.universe])
        self._console.print(f"now {here}, {self._standpoint()}; others: {others}", markup=False)

    async def _as_of(self, said: str) -> None:
        if said:
            self.as_of = None if said == "last" else parsed_date(said)
            await self._new("")
        self._console.print(self._standpoint())

    def _standpoint(self) -> str:
        return f"as of {self.as_of or 'the last session'}"

    async def _horizon(self, said: str) -> None:
        if self._last is None:
            raise CallerError("/horizon changes the last question: ask one first")
        await self._asked(words.again(said, self._language))

    async def _why(self, said: str) -> None:
        universe = one_of(self._base.universes, self.universe)
        await self._asked(words.why(said, universe, self._language))

    async def _compare(self, said: str) -> None:
        await self._asked(words.compare(said, self._language))

    async def _mandate(self, said: str) -> None:
        if said == "clear":
            self._patch = None
        elif said:
            stated = words.limits(said, self._base.universes, self.universe)
            self._patch = tightened(self._patch or MandatePatch(), stated)
        universe = one_of(self._base.universes, self.universe)
        day = self.as_of or self._base.today
        tell_limits(self._console, self._base.settings, universe, as_of=day, patch=self._patch)

    async def _export(self, said: str) -> None:
        form = said or "pdf"
        if form not in words.FORMS:
            raise CallerError(f"/export {form}: take one of {', '.join(words.FORMS)}")
        if self._report is None:
            raise CallerError("/export: there is no report yet, ask a question first")
        report = kept_report(self._base.settings.home_dir, self._report)
        folder = Path.cwd() / f"sectorwise-{self._report}"
        made = await asyncio.to_thread(
            render, report, self._base.universes, formats=(form,), out_dir=folder
        )
        for path in made.values():
            self._console.print(f"wrote {path}", markup=False)

    async def _model(self, _: str) -> None:
        turns = () if self.thread is None else self._desk.thread(self.thread.thread).turns
        tell_model(self._console, self._base, tuple(turn.run for turn in turns))

    async def _threads(self, _: str) -> None:
        tell_threads(self._console, self._desk.threads())

    async def _new(self, _: str) -> None:
        self.thread = self._last = self._report = self._patch = None

    async def _help(self, _: str) -> None:
        tell_help(self._console)

    async def _quit(self, _: str) -> None:
        self.ended = True

    def _unheard(self, line: str) -> None:
        self._console.print(line, style="dim", markup=False)
