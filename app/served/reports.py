"""Decides what is told of a run: from its report, or from how far it came without one."""

from contextlib import suppress
from typing import Literal

from app.running.course import Standing
from app.running.records import RunState, RunStep, Ticket
from app.running.runs import Runs
from app.served.records import ResearchAnswer, ResearchList, ResearchRow
from core.errors import CallerError, DataError
from core.records.report import Report, Section
from core.records.request import Request

Detail = Literal["full", "brief"]
FIRST: tuple[Section, ...] = ("answer", "headline", "recommendation", "warning")
"""What a reader needs first; a plain report has no answer of its own."""


def answer_of(runs: Runs, run_id: str, detail: Detail) -> ResearchAnswer:
    """Return a run's report, or how far it is.

    Raises:
        CallerError: there is no such run.
        DataError: its record is damaged.
    """
    standing = runs.standing(run_id)
    if standing is not None:
        return standing_answer(
            standing.ticket, standing.steps, standing.state, error=standing.error
        )
    report = runs.report(run_id)
    return ResearchAnswer(
        run_id=run_id,
        state="finished",
        request=report.request,
        synthetic=report.synthetic,
        answer=first_sentences(report),
        report=report if detail == "full" else None,
    )


def standing_answer(
    ticket: Ticket, steps: tuple[RunStep, ...], state: RunState, *, error: str | None = None
) -> ResearchAnswer:
    """Return how far a run is."""
    return ResearchAnswer(
        run_id=ticket.run_id,
        state=state,
        follows=ticket.follows,
        request=ticket.request,
        steps=steps,
        error=error,
    )


def question_of(runs: Runs, run_id: str) -> Request:
    """Return the question of a finished run.

    Raises:
        CallerError: it is not finished, or there is none.
    """
    if runs.standing(run_id) is not None:
        raise CallerError(f"run {run_id} has no report to follow up yet")
    return runs.report(run_id).request


def first_sentences(report: Report) -> tuple[str, ...]:
    """Return the sentences a reader needs first."""
    return tuple(row.text for row in report.sentences if row.section in FIRST)


def listed(runs: Runs, limit: int) -> ResearchList:
    """Return the latest runs of the home, whoever asked for them; damaged ones are passed over."""
    rows: list[ResearchRow] = []
    for run_id in runs.unfinished():
        with suppress(DataError):
            standing = runs.standing(run_id)
            if standing is not None:
                rows.append(_unfinished(standing))
    rows += [
        ResearchRow(
            run_id=record.run,
            state="finished",
            question=record.request.text,
            universes=record.request.universes,
            asked_on=record.asked_on,
            gaps_count=record.gaps_count,
        )
        for record in runs.finished(limit)
    ]
    latest = sorted({row.run_id: row for row in rows}.items(), reverse=True)
    return ResearchList(rows=tuple(row for _, row in latest[:limit]))


def _unfinished(standing: Standing) -> ResearchRow:
    request = standing.ticket.request
    return ResearchRow(
        run_id=standing.ticket.run_id,
        state=standing.state,
        question=request.text,
        universes=request.universes,
        error=standing.error,
    )
