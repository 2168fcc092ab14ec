"""Gets one server's answer to one step as our record: by calls that may be made, or from history.

A server that only answers for today is never asked for another day: its own recorded answers are,
and where there is none the day stays unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date

from pydantic import ValidationError

from agents.toolbox.alias_map import AliasMap, ToolAlias
from agents.toolbox.aliases.adapter import adapted, answer_day, called_symbols, sent_arguments
from agents.toolbox.aliases.closed_rows import ClosedAnswer, Reader
from agents.toolbox.aliases.recipes import Making
from agents.toolbox.calling import Call, Calling
from agents.toolbox.calls import canonical
from agents.toolbox.errors import AnswerRejectedError, NotServedError, ToolCallError
from agents.toolbox.freshness import DAY, day_end, fresh_for, is_past, local_day, zone_of
from agents.toolbox.gate import admitted, canonical_text
from agents.toolbox.money import wrong_unit
from agents.toolbox.offers import Offer
from core.records.contracts import contract_hash
from core.records.plan import PlanStep
from core.records.result import ToolResult
from core.records.universe import Universe
from core.strict_json import UnreadableError, strict_json


@dataclass(frozen=True, slots=True)
class Asked:
    """A step put to one server by a run."""

    offer: Offer
    step: PlanStep
    universe: Universe
    run: str


@dataclass(frozen=True, slots=True)
class Answering:
    """Every server's way to an answer; `today` bounds an as_of nobody asked for."""

    calling: Calling
    today: Callable[[], date]

    async def result(self, asked: Asked) -> ToolResult:
        """Return the server's answer as our record, through the gate.

        Raises:
            ToolCallError: by the gap it becomes.
        """
        spec, alias = asked.offer.spec, asked.offer.alias
        if alias is not None and spec.alias_map is not None:
            return await self._aliased(asked, alias, spec.alias_map)
        return await self._direct(asked)

    def admitted(self, asked: Asked, text: str) -> ToolResult:
        """Return what the gate makes of canonical text; a stranger's money must be the market's.

        Raises:
            AnswerRejectedError: it does not fit.
        """
        spec, said = asked.offer.spec, asked.step.arguments
        result = admitted(
            text,
            asked.step,
            asked.universe,
            latest=self.today() + DAY,
            ours=spec.ours,
            weighs=spec.benchmark_weights,
        )
        whole = said.sector is None and said.symbols is None
        wrong = None if spec.ours else wrong_unit(result, whole_market=whole)
        if wrong is not None:
            raise AnswerRejectedError(
                f"{asked.step.tool}: {wrong} is no money of {result.universe}"
            )
        return result

    def past_day(self, asked: Asked) -> date | None:
        """Return the day only recorded answers are of; None when the server may be asked."""
        day = asked.step.arguments.as_of
        past = is_past(asked.universe, day, self.calling.clock())
        return day if asked.offer.spec.today_only and past else None

    def was_told(self, asked: Asked) -> bool:
        """Tell whether any of the step's calls was recorded for its past day."""
        day, fresh = asked.step.arguments.as_of, fresh_for(asked.offer.spec, asked.step.tool)
        return day is not None and any(
            self.calling.of_day(call, asked.universe, day, fresh=fresh) is not None
            for call in self.calls(asked)
        )

    def calls(self, asked: Asked) -> tuple[Call, ...]:
        """Return the calls the step takes of this server; none when it knows none of the symbols.

        A server of today only is not told a date.
        """
        spec, step, alias = asked.offer.spec, asked.step, asked.offer.alias
        if alias is None or spec.alias_map is None:
            hidden = {"as_of"} if spec.today_only else set()
            sent = {name: v for name, v in step.arguments.sent().items() if name not in hidden}
            kept = "" if sent == step.arguments.sent() else contract_hash(step.tool)
            return (Call(spec, step.tool, sent, kept),)
        reading = spec.alias_map.reading(alias.calls)
        symbols = called_symbols(alias, step, spec.alias_map.symbols)
        named = symbols if alias.each_symbol else (None,)
        return tuple(
            Call(spec, alias.calls, sent_arguments(alias, step, symbol), reading)
            for symbol in named
        )

    async def _direct(self, asked: Asked) -> ToolResult:
        call = self.calls(asked)[0]
        spec, tool = call.spec, asked.step.tool
        if not call.reading:
            return await self._fetched(asked, call)

        async def make() -> str:
            return (await self._fetched(asked, call)).canonical_json()

        fresh = fresh_for(spec, tool)
        day = self.past_day(asked)
        text = (
            await self.calling.kept(call, make, run=asked.run, fresh=fresh)
            if day is None
            else await self.calling.recorded(call, asked.universe, day, fresh=fresh)
        )
        return self.admitted(asked, text)

    async def _fetched(self, asked: Asked, call: Call) -> ToolResult:
        raw = await self.calling.structured(call)
        return self.admitted(asked, canonical_text(raw, self.calling.sessions.limits))

    async def _aliased(self, asked: Asked, alias: ToolAlias, alias_map: AliasMap) -> ToolResult:
        calls = self.calls(asked)
        if not calls:
            raise NotServedError("the alias map knows none of the symbols")
        symbols = called_symbols(alias, asked.step, alias_map.symbols)
        answers: list[ClosedAnswer] = []
        named: list[str] = []
        failed: list[ToolCallError] = []
        for place, call in enumerate(calls):
            try:
                answers.append(await self._closed(asked, call, alias_map))
                named += symbols[place : place + 1]
            except ToolCallError as error:
                failed.append(error)
        if not answers:
            raise failed[-1]
        making = Making(
            alias_map=alias_map,
            alias=alias,
            universe=asked.universe,
            as_of=answer_day(tuple(answers), asked.universe),
            answers=tuple(answers),
            symbols=tuple(named),
        )
        result = adapted(making, asked.step, recorded=await self._days(calls[0], making))
        return self.admitted(asked, result.canonical_json())

    async def _closed(self, asked: Asked, call: Call, alias_map: AliasMap) -> ClosedAnswer:
        """Return one call's closed answer: recorded, fresh, or fetched now."""
        reader = Reader(alias_map, alias_map.answers[call.tool], zone_of(asked.universe))

        async def make() -> str:
            text = await self.calling.text(call)
            try:
                parsed = strict_json(text.encode())
            except UnreadableError as error:
                raise AnswerRejectedError(f"{call.tool}: not strict JSON") from error
            canonical_text({"answer": parsed}, self.calling.sessions.limits)
            closed = reader.closed(parsed, fetched_at=self.calling.clock().astimezone(UTC))
            return canonical(closed.model_dump(mode="json"))

        fresh, day = fresh_for(call.spec, asked.step.tool), self.past_day(asked)
        if day is not None:
            text = await self.calling.recorded(call, asked.universe, day, fresh=fresh)
        else:
            text = await self.calling.kept(call, make, run=asked.run, fresh=fresh)
        return _read(text)

    async def _days(self, call: Call, making: Making) -> tuple[ClosedAnswer, ...]:
        """Return every recorded answer up to the one that is shown, where the recipe wants them."""
        if making.alias.recipe != "rotation":
            return ()
        until = day_end(making.universe, local_day(making.universe, making.answers[-1].fetched_at))
        history = await self.calling.history(call, until=until)
        return tuple(answer for told in history if (answer := _readable(told.text)) is not None)


def _read(text: str) -> ClosedAnswer:
    answer = _readable(text)
    if answer is None:
        raise AnswerRejectedError("a recorded answer is damaged")
    return answer


def _readable(text: str) -> ClosedAnswer | None:
    try:
        return ClosedAnswer.model_validate_json(text)
    except ValidationError:
        return None
