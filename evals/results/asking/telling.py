"""Decides which of a run is kept to be read: sentences, calls and the request, not the evidence."""

from evals.records import Answer, Case, Ran
from evals.results.records import Exchange, Marked, Said


def exchanges(ran: Ran) -> tuple[Exchange, ...]:
    """Return what was said, turn after turn."""
    return tuple(_exchange(ran.case, answer) for answer in ran.answers)


def failed(case: Case, error: str) -> Marked:
    """Return a case that could not be run."""
    return Marked(
        id=case.id, base=case.base, kind=case.kind, universe=case.universe, error=error,
        exchanges=tuple(Exchange(text=turn.text) for turn in case.turns),
    )  # fmt: skip


def _exchange(case: Case, answer: Answer) -> Exchange:
    request, report = answer.request, answer.report
    understood = None
    if request is not None:
        understood = request.model_dump(
            mode="json", exclude={"text"}, exclude_defaults=True, exclude_none=True
        )
    return Exchange(
        text=case.turns[answer.turn].text,
        understood=understood,
        planner=None if report is None else report.provenance.planner,
        said=tuple(
            Said(section=line.section, text=line.text, author=line.author)
            for line in (report.sentences if report is not None else ())
        ),
        called=answer.called,
        gaps=tuple(
            f"{gap.universe} {gap.tool}: {gap.gap.reason}"
            for gap in (report.gaps if report is not None else ())
        ),
        error=answer.error,
    )
