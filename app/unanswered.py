"""Decides whether a run that brought nothing is an answer, or which error: by who must act."""

from app.compose import Composition
from app.files.servers import load_servers
from core.errors import (
    DataError,
    DateError,
    EmptyStoreError,
    OverBudgetError,
    ProviderError,
    SectorwiseError,
)
from core.gaps import gap_sentence
from core.records.report import Report
from core.records.result import GapReason

_ERROR_OF: dict[GapReason, type[SectorwiseError]] = {
    "no_data": EmptyStoreError,
    "before_data": DateError,
    "server_down": ProviderError,
    "timeout": ProviderError,
    "tool_failed": ProviderError,
    "rejected": ProviderError,
    "not_served": ProviderError,
    "replay_miss": ProviderError,
    "over_budget": OverBudgetError,
}


_ABSENT: frozenset[GapReason] = frozenset({"no_data", "before_data", "not_published"})
"""Reasons that nothing went wrong for: a question is answered by saying what is not there."""
_NOBODYS: frozenset[GapReason] = frozenset({"not_published"})
"""What nobody can bring is no reason to stop while something else could be brought."""


def require_answer(report: Report, composition: Composition) -> None:
    """Raise when not one tool brought evidence; a partial answer is an answer.

    So is, to a question, that a market has no data; a report of nothing is none.

    Raises:
        SectorwiseError: of the first gap somebody can fill.
    """
    if report.evidence or not report.gaps:
        return
    asked = report.request.intent != "report"
    if asked and all(gap.gap.reason in _ABSENT for gap in report.gaps):
        return
    gap = min(report.gaps, key=lambda row: row.gap.reason in _NOBODYS)
    universe = composition.universes[gap.universe]
    alike = dict.fromkeys(row.tool for row in report.gaps if row.gap == gap.gap)
    sentence = gap_sentence(gap.gap, universe, report.request.language, tools=tuple(alike))
    error = _ERROR_OF.get(gap.gap.reason, DataError)
    config = composition.settings.mcp_config
    if error is ProviderError and config is not None:
        names = ", ".join(spec.name for spec in load_servers(config, composition.settings.server))
        sentence = f"{sentence} Check how {names} is started in {config.name}."
    raise error(sentence)
