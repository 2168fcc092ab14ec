"""Makes a planned call of one server after the other; the answer is evidence or a gap.

A server that is down, lacks the tool, is out of quota, has changed it, answers badly or with a gap
of its data passes the step on to the next; the evidence names the one that answered.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial

from agents.toolbox.answering import Answering, Asked
from agents.toolbox.calling import Calling
from agents.toolbox.calls import CallRequest, Outcome, content_sha256
from agents.toolbox.errors import AnswerRejectedError, ToolCallError
from agents.toolbox.freshness import fresh_for
from agents.toolbox.ledger import Ledger
from agents.toolbox.offers import ConfiguredOffers, Offers, telling
from agents.toolbox.pins import Pins
from agents.toolbox.quota import Quota, Way
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import ServerSpec
from agents.tracing import Work, span, tool_attributes
from core.gaps import actor_of
from core.records.contracts import contract_hash
from core.records.evidence import Evidence, Gap
from core.records.plan import PlanStep
from core.records.result import GapReason, NamedGap, ToolResult
from core.records.universe import Universe


class Toolbox:
    """Every tool of the contract, wherever it is served.

    `today` bounds an as_of nobody asked for (a day later, since a market may be ahead of the
    clock's time zone); `clock` says when an answer is fetched. Servers are asked in the order of
    the offers.
    """

    def __init__(
        self,
        sessions: Sessions,
        ledger: Ledger,
        *,
        universes: Mapping[str, Universe],
        today: Callable[[], date],
        offers: Offers | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        quota: Quota | None = None,
        pins: Pins | None = None,
        pace_seconds: float = 0.0,
    ) -> None:
        self._ledger, self._universes = ledger, dict(universes)
        self._offers = offers or ConfiguredOffers(sessions.specs)
        self._quota, self._pace_seconds = quota, pace_seconds
        calling = Calling(sessions, ledger, clock, quota, pins, pace_seconds)
        self._answering = Answering(calling, today)
        self._allotted: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def ledger(self) -> Ledger:
        """The table every call goes through."""
        return self._ledger

    async def call(self, step: PlanStep, *, run: str) -> Evidence | Gap:
        """Return what the step's call brought; no server can make this raise or wait forever.

        Only the servers the step was allotted are asked, where it was allotted any.
        """
        said: Gap | None = None
        allotted = self._allotted.pop((run, step.id), None)
        for offer in self._offers.of(step):
            if allotted is not None and offer.spec.name not in allotted:
                continue
            found = await self._told(Asked(offer, step, self._universes[step.universe], run))
            if isinstance(found, Evidence):
                return found
            said = telling(said, found)
        return said or await self.failed(step, "not_served", run=run)

    def allot(self, servers: Mapping[str, tuple[str, ...]], *, run: str) -> None:
        """Let each of a run's steps, by id, ask no other servers the next time it is called."""
        self._allotted |= {(run, step): names for step, names in servers.items()}

    def release(self, *, run: str) -> None:
        """Forget what a run that ended or waits was allotted."""
        self._allotted = {key: names for key, names in self._allotted.items() if key[0] != run}

    def ways(self, step: PlanStep, *, run: str) -> tuple[Way, ...]:
        """Return who would be asked, in order, and how many calls of its server each takes.

        A server that is known to have no answer, without asking it, is no way.
        """
        universe = self._universes[step.universe]
        asked = (Asked(offer, step, universe, run) for offer in self._offers.of(step))
        needed = ((one.offer.spec.name, self._calls_needed(one)) for one in asked)
        return tuple(Way(name, calls) for name, calls in needed if calls is not None)

    def calls_left(self) -> dict[str, int]:
        """Return how many calls a server with a limit still grants within the time we may wait."""
        found: dict[str, int] = {}
        if self._quota is None:
            return found
        for spec in self._offers.specs:
            left = self._quota.within(
                spec.name,
                a_minute=spec.calls_a_minute,
                a_day=spec.calls_a_day,
                seconds=self._pace_seconds,
            )
            if left is not None:
                found[spec.name] = left
        return found

    async def failed(self, step: PlanStep, reason: GapReason, *, run: str) -> Gap:
        """Return the gap of a step nobody was asked, or that was cut off.

        It is recorded of everyone who may have answered, so that a replay finds nothing else.
        """
        asked = tuple(offer.spec for offer in self._offers.of(step)) or self._offers.specs[:1]
        for spec in asked:
            await self._ledger.failed(_request(spec, step), reason, run=run)
        return failed_step(step, reason)

    async def _told(self, asked: Asked) -> Evidence | Gap:
        """Return what one server's answer is, told to who watches."""
        server, tool = asked.offer.spec.name, asked.step.tool
        with span(f"execute_tool {tool}", server=server, **tool_attributes(tool)) as work:
            found = await self._from(asked, work)
            work.note(outcome=found.gap.reason if isinstance(found, Gap) else "answered")
            return found

    async def _from(self, asked: Asked, work: Work) -> Evidence | Gap:
        made: list[ToolResult] = []

        async def make() -> Outcome:
            work.note(asked=True)
            try:
                made.append(await self._answering.result(asked))
            except ToolCallError as error:
                return Outcome(failed=error.reason)
            return Outcome(text=made[0].canonical_json())

        step = asked.step
        fresh = self._fresh(asked)
        request = _request(asked.offer.spec, step)
        outcome = await self._ledger.outcome(request, run=asked.run, call=make, fresh_for=fresh)
        if outcome.text is None:
            return failed_step(step, outcome.gap or "tool_failed")
        try:
            return _evidence(asked, outcome.text, self._result(asked, outcome.text, made))
        except AnswerRejectedError as error:
            return failed_step(step, error.reason)

    def _result(self, asked: Asked, text: str, made: list[ToolResult]) -> ToolResult:
        """Return the record the text was just made from, else what the gate makes of the text."""
        if made and made[0].canonical_json() == text:
            return made[0]
        return self._answering.admitted(asked, text)

    def _fresh(self, asked: Asked) -> timedelta | None:
        """Return how old another run's record may be; one made of other answers is made again."""
        made_of = any(call.reading for call in self._answering.calls(asked))
        return None if made_of else fresh_for(asked.offer.spec, asked.step.tool)

    def _calls_needed(self, asked: Asked) -> int | None:
        """Return how many calls its server is asked; None when that is known to bring nothing."""
        spec, step = asked.offer.spec, asked.step
        holds = partial(self._ledger.holds, run=asked.run)
        if holds(_request(spec, step), fresh_for=self._fresh(asked)):
            return 0
        fresh = fresh_for(spec, step.tool)
        calls = self._answering.calls(asked)
        if not calls:
            return None
        if self._answering.past_day(asked) is not None:
            return 0 if self._answering.was_told(asked) else None
        return sum(not (c.reading and holds(c.request(), fresh_for=fresh)) for c in calls)


def failed_step(step: PlanStep, reason: GapReason) -> Gap:
    """Return the gap of a step that failed for a reason outside the result."""
    return _gap(step, NamedGap(reason=reason, actor=actor_of(reason)))


def _evidence(asked: Asked, text: str, result: ToolResult) -> Evidence | Gap:
    step = asked.step
    if result.gap is not None:
        return _gap(step, result.gap)
    return Evidence(
        id=step.id,
        node=step.node,
        tool=step.tool,
        server=asked.offer.spec.name,
        arguments=step.arguments,
        sha256=content_sha256(text),
        result=result,
    )


def _gap(step: PlanStep, named: NamedGap) -> Gap:
    return Gap(id=step.id, node=step.node, tool=step.tool, universe=step.universe, gap=named)


def _request(spec: ServerSpec, step: PlanStep) -> CallRequest:
    return CallRequest(
        kind="tool",
        server=spec.name,
        name=step.tool,
        arguments=step.arguments.sent(),
        schema_hash=contract_hash(step.tool),
    )
