"""Runs a case through the product's own functions, turn after turn, and notes what came of it.

It decides nothing about the answers: what is understood, reused and told is the product's.
"""

import time
from dataclasses import dataclass
from typing import Final

from app.research import research_with
from app.running.questions import Asked, understood
from core.errors import SectorwiseError
from core.records.evidence import Evidence
from core.records.report import Report
from core.records.request import Request
from evals.records import Answer, Called, Case, Ran
from evals.runs.bench import Bench
from evals.tapes.ledger import TapeLedger, TapeMissError

RUN: Final = "eval"
"""The name of every run: nothing of it is kept."""


async def ran(case: Case, bench: Bench) -> Ran:
    """Return the case's answers.

    A question that is refused, and a run without an answer, are answers with an error.

    Raises:
        TapeMissError: a call is not on the tape, and the bench takes none for it.
        CallerError: there is no tape of the case's universe.
    """
    thread = _Thread(case, bench)
    return Ran(
        case=case, answers=tuple([await thread.answer(turn) for turn in range(len(case.turns))])
    )


@dataclass(slots=True)
class _Thread:
    """A conversation: a follow-up continues the last question that was answered and on topic."""

    case: Case
    bench: Bench
    previous: Request | None = None
    evidence: tuple[Evidence, ...] = ()

    async def answer(self, turn: int) -> Answer:
        ledger = self.bench.ledger(self.case)
        began = time.perf_counter()
        told = _Told()
        try:
            told.request = self._understood(turn, self.bench)
            told.report = await self._report(told.request, ledger)
        except TapeMissError:
            raise
        except SectorwiseError as error:
            told.error = f"{type(error).__name__}: {error}"
        finally:
            ledger.close()
        seconds = time.perf_counter() - began
        if told.report is not None:
            self._remember(told.report)
        return _answer(turn, told, ledger, seconds=seconds)

    def _understood(self, turn: int, bench: Bench) -> Request:
        case = self.case
        return understood(
            Asked(case.turns[turn].text, case.universe, case.as_of),
            bench.universes,
            today=bench.tape(case).asked_on,
            previous=self.previous,
        )

    async def _report(self, request: Request, ledger: TapeLedger) -> Report:
        done = await research_with(
            request,
            self.bench.services(self.case, ledger),
            self.bench.composition(self.case),
            run=RUN,
            previous=self.evidence,
            keep=False,
        )
        return done.report

    def _remember(self, report: Report) -> None:
        known = {item.sha256 for item in self.evidence}
        fresh = [item for item in report.evidence if item.sha256 not in known]
        self.evidence = (*self.evidence, *fresh)
        if report.request.intent != "off_topic":
            self.previous = report.request


@dataclass(slots=True)
class _Told:
    request: Request | None = None
    report: Report | None = None
    error: str = ""


def _answer(turn: int, told: _Told, ledger: TapeLedger, *, seconds: float) -> Answer:
    report = told.report
    evidence = report.evidence if report is not None else ()
    tokens = [answer for answer in ledger.models if answer is not None]
    return Answer(
        turn=turn,
        request=told.request,
        report=report,
        error=told.error,
        called=(*ledger.asked, *_known(evidence, ledger.asked)),
        model_calls_count=len(ledger.models),
        tokens_count=sum((one.input_tokens or 0) + (one.output_tokens or 0) for one in tokens),
        tokens_written_count=sum(one.output_tokens or 0 for one in tokens),
        seconds=seconds,
    )


def _known(evidence: tuple[Evidence, ...], asked: list[Called]) -> tuple[Called, ...]:
    """Return the calls whose answers earlier turns had brought."""
    made = [(call.tool, call.arguments) for call in asked]
    calls = (
        Called(tool=item.tool, server=item.server, arguments=item.arguments.sent(), known=True)
        for item in evidence
    )
    return tuple(call for call in calls if (call.tool, call.arguments) not in made)
