"""Makes a planned call: ledger, then session, then gate; the answer is evidence or a gap."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache

from agents.toolbox.errors import AnswerRejectedError, ToolCallError
from agents.toolbox.gate import admitted, canonical_text
from agents.toolbox.ledger import CallRequest, Ledger, Outcome, content_sha256
from agents.toolbox.sessions import Sessions
from core.gaps import actor_of
from core.records.contracts import RESULT_OF_TOOL
from core.records.evidence import Evidence, Gap
from core.records.plan import PlanStep, ToolName
from core.records.result import GapReason, NamedGap
from core.records.universe import Universe


class Toolbox:
    """Every tool of the contract, wherever it is served.

    `routes` names the server of a tool; tools not named go to `default`. `today` bounds an as_of
    nobody asked for (a day later, since a market may be ahead of the clock's time zone).
    """

    def __init__(
        self,
        sessions: Sessions,
        ledger: Ledger,
        *,
        universes: Mapping[str, Universe],
        today: Callable[[], date],
        default: str,
        routes: Mapping[ToolName, str] | None = None,
    ) -> None:
        self._sessions, self._ledger = sessions, ledger
        self._universes, self._today = dict(universes), today
        self._default, self._routes = default, dict(routes or {})

    @property
    def ledger(self) -> Ledger:
        """The table every call goes through."""
        return self._ledger

    async def call(self, step: PlanStep, *, run: str) -> Evidence | Gap:
        """Return what the step's call brought; no server can make this raise or wait forever."""
        server = self._routes.get(step.tool, self._default)
        arguments = step.arguments.sent()
        request = CallRequest(
            kind="tool",
            server=server,
            name=step.tool,
            arguments=arguments,
            schema_hash=_contract_hash(step.tool),
        )

        async def make() -> Outcome:
            try:
                raw = await self._sessions.call(server, step.tool, arguments)
                return Outcome(text=canonical_text(raw, self._sessions.limits))
            except ToolCallError as error:
                return Outcome(failed=error.reason)

        outcome = await self._ledger.outcome(request, run=run, call=make)
        if outcome.text is None:
            return _gap(step, _named(outcome.failed or "tool_failed"))
        return self._evidence(step, server, outcome.text)

    def _evidence(self, step: PlanStep, server: str, text: str) -> Evidence | Gap:
        latest = self._today() + timedelta(days=1)
        try:
            result = admitted(text, step, self._universes[step.universe], latest=latest)
        except AnswerRejectedError as error:
            return _gap(step, _named(error.reason))
        if result.gap is not None:
            return _gap(step, result.gap)
        return Evidence(
            id=step.id,
            node=step.node,
            tool=step.tool,
            server=server,
            arguments=step.arguments,
            sha256=content_sha256(text),
            result=result,
        )


def failed_step(step: PlanStep, reason: GapReason) -> Gap:
    """Return the gap of a step that failed for a reason outside the result."""
    return _gap(step, _named(reason))


def _named(reason: GapReason) -> NamedGap:
    return NamedGap(reason=reason, actor=actor_of(reason))


def _gap(step: PlanStep, named: NamedGap) -> Gap:
    return Gap(id=step.id, node=step.node, tool=step.tool, universe=step.universe, gap=named)


@cache
def _contract_hash(tool: ToolName) -> str:
    schema = RESULT_OF_TOOL[tool].model_json_schema()
    return content_sha256(json.dumps(schema, sort_keys=True, separators=(",", ":")))
