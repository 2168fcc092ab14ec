"""Decides how what is told of a run reads in a chat: progress, and the answer as plain Markdown.

A report asked for is told whole; a question gets the sections a reader needs first. Nothing that
is told can open an address, a picture or a tag.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, assert_never

from app.chat.records import (
    Event,
    FailedEvent,
    FinishedEvent,
    PlanEvent,
    SentenceEvent,
    StepEvent,
    StoppedEvent,
    UnderstoodEvent,
)
from app.render.markdown import MARKS
from app.render.words import Words
from app.web.pages.page import words
from core.errors import CallerError, ConflictError, DataError, ProviderError, RequestError
from core.plain_text import plain_line
from core.records.approval import PlannedCall
from core.records.report import Section
from core.records.request import Language, Request
from core.records.universe import Universe

FIRST: Final[frozenset[Section]] = frozenset(
    ("answer", "headline", "recommendation", "warning", "missing", "changes")
)
"""Sections that answer a question; the report holds the others."""
TITLES: Final[Mapping[Section, str]] = {
    "recommendation": "actions", "for": "arguments", "against": "arguments", "flow": "flows",
    "warning": "warnings", "trades": "orders", "opportunity": "actions",
}  # fmt: skip
"""Sections whose heading has another name than theirs."""
SENTENCE_CHARS: Final = 4_000
ASKERS: Final = (CallerError.exit_code, DataError.exit_code)
"""Of errors after which whoever asks must act: change the question, or bring the data."""
_DOT = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_]{2})")
"""A dot between words, which some readers take for an address."""
_OPENING = re.compile(r"^(\d*)([#>]|[-+](?=[\s-]|$)|(?<=\d)[.)](?=\s|$))")
"""What would make a line a heading, a list or a quotation."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of what a client shows: while it waits, or for good."""

    kind: Literal["progress", "answer"]
    text: str


@dataclass(slots=True)
class Telling:
    """Turns one run's events into pieces, in their order.

    With `picture_ignored` the answer begins by saying so.
    """

    universes: Mapping[str, Universe]
    picture_ignored: bool = False
    _request: Request | None = None
    _calls: dict[str, PlannedCall] = field(default_factory=dict)
    _heading: tuple[str, str] = ("", "")

    def told(self, event: Event) -> tuple[Piece, ...]:
        """Return the pieces of an event.

        Raises:
            ProviderError: the run ended without a report; the event's sentence says why.
            RequestError: the same, and no asking again helps: the market's data are missing.
            ConflictError: somebody stopped it, or its plan waits for another door's consent.
        """
        match event:
            case UnderstoodEvent():
                return self._understood(event)
            case PlanEvent():
                return self._plan(event)
            case StepEvent():
                return self._step(event)
            case SentenceEvent():
                return self._sentence(event)
            case FinishedEvent():
                return self._end(event)
            case FailedEvent():
                raise (RequestError if event.exit_code in ASKERS else ProviderError)(event.error)
            case StoppedEvent():
                raise ConflictError(words("clients", self._words.language)["stopped"])
        assert_never(event)

    @property
    def language(self) -> Language:
        """The question's language, as far as it is known."""
        return self._request.language if self._request is not None else "en"

    @property
    def _words(self) -> Words:
        request = self._request
        if request is None:
            return Words("en", next(iter(self.universes.values())))
        return Words(request.language, self.universes[request.universes[0]])

    def _understood(self, event: UnderstoodEvent) -> tuple[Piece, ...]:
        self._request = event.request
        said, request = self._words, event.request
        understood = said.text(
            "understood",
            intent=said.label("intent", request.intent),
            universes=", ".join(Words(request.language, self.universes[name]).entity(name)
                                for name in request.universes),
            horizon=said.label("span", request.horizon.lower()),
        )  # fmt: skip
        lines = [plain(understood), *([plain(event.stated)] if event.stated else [])]
        pieces = [Piece("progress", "\n".join(lines) + "\n")]
        if any(self.universes[name].synthetic for name in request.universes):
            pieces.append(Piece("answer", f"**{plain(said.text('synthetic'))}**\n\n"))
        if self.picture_ignored:
            pieces.append(
                Piece("answer", f"{plain(words('clients', request.language)['picture'])}\n\n")
            )
        return tuple(pieces)

    def _plan(self, event: PlanEvent) -> tuple[Piece, ...]:
        steps = event.approval.steps
        self._calls |= {step.step: step for step in steps}
        said = words("clients", self._words.language)
        if event.waiting:
            raise ConflictError(said["waiting"])
        known = sum(step.known for step in steps)
        return (Piece("progress", said["plan"].format(calls=len(steps), known=known) + "\n"),)

    def _step(self, event: StepEvent) -> tuple[Piece, ...]:
        call = self._calls.get(event.call or "")
        if call is None or event.state == "started":
            return ()
        said, universe = self._words, self.universes[call.universe]
        named = [said.label("tool", call.tool), Words(said.language, universe).entity(universe.id)]
        if call.sector is not None:
            named.append(Words(said.language, universe).entity(call.sector))
        key = "step_gap" if event.state == "gap" else "step_done"
        line = words("clients", said.language)[key].format(
            what=plain(", ".join(named)), seconds=f"{event.seconds:.1f}"
        )
        return (Piece("progress", f"{line}\n"),)

    def _sentence(self, event: SentenceEvent) -> tuple[Piece, ...]:
        request = self._request
        whole = request is None or request.intent == "report"
        if not whole and event.section not in FIRST:
            return ()
        text = plain("".join(span.text for span in event.spans))
        before, self._heading = self._heading, (event.universe, event.section)
        if before == self._heading:
            return (Piece("answer", f"- {text}\n"),)
        heading = f"**{self._title(event)}**\n\n"
        gap = "\n" if before[1] else ""
        return (Piece("answer", f"{gap}{heading}- {text}\n"),)

    def _title(self, event: SentenceEvent) -> str:
        said = Words(self._words.language, self.universes[event.universe])
        title = said.label("title", TITLES.get(event.section, event.section))
        if event.section in ("for", "against"):
            title = said.label("column", event.section)
        several = self._request is not None and len(self._request.universes) > 1
        return plain(f"{said.entity(event.universe)}: {title}" if several else title)

    def _end(self, event: FinishedEvent) -> tuple[Piece, ...]:
        said = words("clients", event.language)
        rest = said["whole"].format(run=event.run)
        return (Piece("answer", f"\n{plain(self._words.text('disclaimer'))} {plain(rest)}\n"),)


def plain(text: str) -> str:
    """Return a line that reads the same as Markdown: no tag, address, picture, list or heading."""
    line = plain_line(text, SENTENCE_CHARS).translate(MARKS)
    return _OPENING.sub(r"\1\\\2", _DOT.sub(r"\\.", line))
