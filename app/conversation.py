"""A thread of `ask`, kept nowhere: what a follow-up keeps, and what it does not fetch again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from agents.run import Progress
from agents.services import Services
from app.compose import Composition
from app.recordings import Recording
from app.research import Research, research_with
from app.running.questions import Asked, understood
from core.records.evidence import Evidence
from core.records.request import Request

REMEMBERED_CALLS = 200


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what became of it."""

    research: Research
    reused: int

    @property
    def request(self) -> Request:
        """The question in closed terms."""
        return self.research.report.request


class Conversation:
    """One thread over open services. `as_of` bounds questions that name no date."""

    def __init__(
        self,
        services: Services,
        composition: Composition,
        *,
        universe: str | None = None,
        as_of: date | None = None,
        recording: Recording | None = None,
    ) -> None:
        self._services, self._composition = services, composition
        self._universe = universe or composition.settings.universe
        self._as_of, self._recording = as_of, recording
        self._previous: Request | None = None
        self._evidence: tuple[Evidence, ...] = ()

    def understood(self, text: str) -> Request:
        """Return the question in closed terms, with the thread's where it states none.

        Raises:
            RequestError: the text cannot be a question of ours.
            DateError: it is about a day to come.
        """
        return understood(
            Asked(text, self._universe, self._as_of),
            self._composition.universes,
            today=self._services.today(),
            previous=self._previous,
        )

    async def asked(
        self, request: Request, *, progress: Callable[[Progress], None] | None = None
    ) -> Turn:
        """Return the answered turn; its evidence serves later turns."""
        known = {item.sha256 for item in self._evidence}
        done = await research_with(
            request,
            self._services,
            self._composition,
            run=self._recording.run if self._recording else None,
            previous=self._evidence,
            progress=progress,
            keep=self._recording is None,
        )
        fresh = [item for item in done.report.evidence if item.sha256 not in known]
        if request.intent != "off_topic":
            self._previous = request
        self._evidence = (*self._evidence, *fresh)[-REMEMBERED_CALLS:]
        return Turn(research=done, reused=len(done.report.evidence) - len(fresh))
