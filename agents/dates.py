"""Which date a universe is asked for, and which date its report is of."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from agents.state import State, evidence_of, request_of
from core.language.times.ago import day_of
from core.records.evidence import Evidence
from core.records.history import Changes
from core.records.payloads import StatusResult
from core.records.request import Request
from core.records.sectors import HeatmapResult


def known_dates(state: State) -> dict[str, date | None]:
    """Return the as_of every call is asked with: what the status says, else what the user said."""
    request = request_of(state)
    return dates_of(request, evidence_of(state))


def dates_of(request: Request, evidence: tuple[Evidence, ...]) -> dict[str, date | None]:
    """Return each universe's as_of, None when neither the data nor the user named one."""
    status = {
        item.result.universe: item.result.as_of
        for item in evidence
        if isinstance(item.result, StatusResult)
    }
    return {name: status.get(name, request.as_of) for name in request.universes}


def told_since(request: Request, as_of: date) -> date | None:
    """Return the day since which changes are asked for; None where none is named."""
    if "changed" not in request.topics:
        return None
    return request.since or (day_of(request.ago, as_of) if request.ago else None)


def told_against(
    request: Request, changes: Changes
) -> Literal["changed_younger", "changed_older"] | None:
    """Return how the report compared with lies to the day asked about; None where it is of it."""
    since = told_since(request, changes.as_of)
    if since is None or since == changes.since:
        return None
    return "changed_younger" if changes.since > since else "changed_older"


def report_dates(
    request: Request, evidence: tuple[Evidence, ...], *, today: date
) -> tuple[date, ...]:
    """Return each universe's report date, in the request's order.

    The heatmap's date, else the latest any tool answered for, else what was asked, else the day of
    asking.
    """
    asked = dates_of(request, evidence)
    return tuple(_report_date(name, evidence, asked, today) for name in request.universes)


def _report_date(
    name: str, evidence: tuple[Evidence, ...], asked: Mapping[str, date | None], today: date
) -> date:
    here = [item.result for item in evidence if item.result.universe == name]
    heatmap = [result.as_of for result in here if isinstance(result, HeatmapResult)]
    every = [result.as_of for result in here]
    return max(heatmap or every, default=asked[name] or today)
