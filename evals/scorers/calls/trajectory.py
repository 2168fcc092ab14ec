"""Whether the right calls were made: none missing, none nobody needs, with the right arguments.

What every question calls, whoever plans, is neither praised nor blamed: only what looks deeper is.
"""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from core.records.request import Topic
from evals.records import Answer, Called, Ran, Turn
from evals.scorers.checks import Check, turns

FIXED = frozenset(
    {
        "get_data_status", "get_sector_heatmap", "get_scoring_inputs", "get_macro_indicators",
        "get_sector_fundamentals", "get_foreign_flow_by_sector", "get_whale_activity",
        "get_market_overview", "get_market_warning", "get_rotation_statistics",
        "get_trading_conditions", "get_forecast_record",
    }
)  # fmt: skip
"""Calls of every question; with a sector, symbols or a benchmark of their own they look deeper."""
DEEPER = ("sector", "benchmark")
NAMING = ("sector", "symbols", "benchmark")
"""Arguments that name what a call is about, beside its market."""
WHOLE: dict[str, frozenset[Topic]] = {
    "get_technical_momentum": frozenset({"momentum", "rotation", "returns"}),
    "get_rotation_history": frozenset({"path", "changed"}),
}
"""Topics that need a call about all sectors at once."""
LEADERS = 2
"""Best-ranked sectors that may be looked into unasked."""


def recall(ran: Ran) -> Iterator[Check]:
    """Yield whether each needed tool was called on what was asked, or so known from before."""
    for place, turn, answer in turns(ran):
        for tool in turn.expected.needs:
            yield Check(_is_met(tool, turn, answer), f"turn {place + 1}: {tool} not called")


def precision(ran: Ran) -> Iterator[Check]:
    """Yield whether each avoided tool stayed uncalled, and whether each deeper call was asked for.

    A deeper call is asked for when what it names is: a sector, symbols or the benchmark of the
    question, or one of the leading sectors. One that names nothing is needed by the case, or serves
    a topic of the question.
    """
    for place, turn, answer in turns(ran):
        where = f"turn {place + 1}: "
        tools = {call.tool for call in answer.called}
        if answer.request is not None or tools:
            for tool in turn.expected.avoids:
                yield Check(tool not in tools, f"{where}{tool} called")
        for call in answer.called:
            if not call.known and looks_deeper(call) and call.tool not in turn.expected.avoids:
                yield Check(
                    _wanted(call, turn, answer), f"{where}{_named(call)} is asked by nobody"
                )


def arguments(ran: Ran) -> Iterator[Check]:
    """Yield whether some call of a tool has each expected argument, by its closest call."""
    for place, turn, answer in turns(ran):
        for tool, wanted in sorted(turn.expected.arguments.items()):
            calls = [call for call in answer.called if call.tool == tool]
            closest = max(calls, key=lambda call: _shared(call, wanted), default=None)
            given = closest.arguments if closest else {}
            for name, value in sorted(wanted.items()):
                said = f"turn {place + 1}: {tool} {name} {given.get(name)!r}, not {value!r}"
                yield Check(given.get(name) == value, said)


def looks_deeper(call: Called) -> bool:
    """Tell whether a call is none of those that every question makes."""
    return call.tool not in FIXED or any(call.arguments.get(name) for name in DEEPER)


def _wanted(call: Called, turn: Turn, answer: Answer) -> bool:
    request = answer.request
    if request is None or request.intent == "off_topic":
        return False
    if not _is_asked(call, turn, answer):
        return False
    if call.tool in turn.expected.needs or any(call.arguments.get(name) for name in NAMING):
        return True
    topics = WHOLE.get(call.tool, frozenset())
    return bool(topics & set(request.topics)) or request.since is not None or bool(request.stated)


def _is_met(tool: str, turn: Turn, answer: Answer) -> bool:
    """Tell whether the tool was called on what was asked: of all sectors, or of each one named.

    Where none is named a leading one will do.
    """
    named = _named_sectors(turn, answer)
    calls = [call for call in answer.called if call.tool == tool]
    calls = [call for call in calls if _is_asked(call, turn, answer)]
    if any(not call.arguments.get("sector") for call in calls):
        return True
    return bool(calls) and named <= {str(call.arguments["sector"]) for call in calls}


def _is_asked(call: Called, turn: Turn, answer: Answer) -> bool:
    """Tell whether the market and the day of a call are asked, and what it names beside.

    What the case names counts as asked, as do leading sectors.
    """
    expected, request, given = turn.expected, answer.request, call.arguments
    if request is None or given.get("region") not in (*request.universes, *expected.universes):
        return False
    days = {expected.as_of, request.as_of, *(answer.report.as_of if answer.report else ())}
    asked_on = {str(day) for day in days if day is not None}
    if given.get("as_of") and asked_on and str(given["as_of"]) not in asked_on:
        return False
    sector = given.get("sector")
    if sector and str(sector) not in _named_sectors(turn, answer) | _leaders(answer):
        return False
    symbols = given.get("symbols")
    if isinstance(symbols, list) and not {*request.symbols, *expected.symbols}.issuperset(symbols):
        return False
    benchmark = given.get("benchmark")
    return not benchmark or benchmark in (request.benchmark, expected.benchmark)


def _named_sectors(turn: Turn, answer: Answer) -> set[str]:
    focus = answer.request.focus if answer.request is not None else ()
    return {row.sector for row in focus} | set(turn.expected.sectors)


def _leaders(answer: Answer) -> set[str]:
    """Return the sectors that come first by expected, and by three-month, excess return."""
    if answer.report is None:
        return set()
    horizon = answer.report.request.horizon.lower()
    rows: dict[tuple[str | None, str], list[tuple[float, str]]] = {}
    for fact in answer.report.facts:
        if fact.measure in (f"expected_excess.{horizon}", "excess_3m") and fact.value is not None:
            rows.setdefault((fact.evidence, fact.measure), []).append((-fact.value, fact.subject))
    return {subject for found in rows.values() for _, subject in sorted(found)[:LEADERS]}


def _shared(call: Called, wanted: Mapping[str, JsonValue]) -> int:
    return sum(call.arguments.get(name) == value for name, value in wanted.items())


def _named(call: Called) -> str:
    told = call.arguments.get("sector") or call.arguments.get("symbols") or ""
    return f"{call.tool} {told}".strip()
