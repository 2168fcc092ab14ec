"""The ingest gate: what a tool answered becomes a record, or is rejected whole.

Only structured content is looked at. It is bounded, strict JSON, the tool's own record, of the
universe and date that were asked for, knows nothing later than its own as_of, names only what the
universe names, and holds no number that no market shows.
"""

import json
import math
from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import ValidationError

from agents.toolbox.bounds import implausible
from agents.toolbox.errors import AnswerRejectedError, StaleAnswerError
from agents.toolbox.naming import strange_name
from agents.toolbox.shares import moved_benchmark
from agents.toolbox.spec import CallLimits
from core.records.contracts import RESULT_OF_TOOL
from core.records.plan import PlanStep
from core.records.result import ToolResult
from core.records.scoring import ScoringResult
from core.records.universe import Universe

INTEGER_CAP = 2**53
"""Integers beyond it do not survive JSON readers that use doubles (RFC 8259, section 6)."""
KNOWN_DATES = ("released", "known_at", "since", "trained_until")
"""Row fields that say when something was known; none may lie after as_of."""
STALE = timedelta(days=10)
"""How much older than asked an answer may be; no market is closed for longer (Tết, Golden Week)."""


def canonical_text(structured: object, limits: CallLimits) -> str:
    """Return the canonical JSON of raw structured content.

    Raises:
        AnswerRejectedError: too large, too deep, NaN or infinite, a huge integer, broken text.
    """
    if not isinstance(structured, dict):
        raise AnswerRejectedError("structured content is not an object")
    _check_shape(structured, limits)
    try:
        text = json.dumps(
            structured, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        size = len(text.encode())
    except (ValueError, TypeError) as error:
        raise AnswerRejectedError("not strict JSON") from error
    if size > limits.answer_bytes:
        raise AnswerRejectedError(f"{size} bytes, the cap is {limits.answer_bytes}")
    return text


def admitted(
    text: str,
    step: PlanStep,
    universe: Universe,
    *,
    latest: date,
    ours: bool = True,
    weighs: bool = False,
) -> ToolResult:
    """Return the typed result in canonical text; `latest` bounds an as_of nobody asked for.

    Of a server that is not `ours`, no free words are kept: the origins of its sources are empty,
    and an answer with a text for a name is rejected; unless it `weighs`, so is one that moves the
    benchmark (`agents.toolbox.shares`).

    Raises:
        StaleAnswerError: it is of a date long before the one asked for.
        AnswerRejectedError: the text does not fit the tool's record or what was asked.
    """
    result = _recorded(text, step)
    _check_identity(result, step, universe)
    if step.arguments.as_of is not None and step.arguments.as_of - result.as_of > STALE:
        raise StaleAnswerError(f"{step.tool}: as_of {result.as_of} is too old")
    _check_dates(result, step.arguments.as_of or latest)
    _check_sectors(result, universe)
    _check_names(result, universe)
    content = result.model_dump()
    if (name := implausible(content)) is not None:
        raise AnswerRejectedError(f"{step.tool}: {name} is out of bounds")
    if ours:
        return result
    if (name := strange_name(content, universe)) is not None:
        raise AnswerRejectedError(f"{step.tool}: {name} is a text, not a name")
    if not weighs and (name := moved_benchmark(result, universe)) is not None:
        raise AnswerRejectedError(f"{step.tool}: {name} is not what {universe.id} itself has")
    return _wordless(result)


def _recorded(text: str, step: PlanStep) -> ToolResult:
    """Return the text as the tool's own record; what is wrong is told by one of its fields."""
    record = RESULT_OF_TOOL[step.tool]
    try:
        return record.model_validate_json(text, strict=True)
    except ValidationError as error:
        where = next(iter(error.errors()[0]["loc"]), "")
        named = f"field {where} does not fit" if where in record.model_fields else "does not fit"
        raise AnswerRejectedError(f"{step.tool}: {named}") from None


def _wordless(result: ToolResult) -> ToolResult:
    sources = tuple(source.model_copy(update={"origin": ""}) for source in result.sources)
    changed: dict[str, object] = {"sources": sources}
    if isinstance(result, ScoringResult):
        changed["benchmark_weights_origin"] = ""
    return result.model_copy(update=changed)


def _check_shape(value: object, limits: CallLimits) -> None:
    elements = 0
    stack: list[tuple[object, int]] = [(value, 1)]
    while stack:
        node, depth = stack.pop()
        elements += 1
        if depth > limits.depth or elements > limits.elements:
            raise AnswerRejectedError("too deep or too many elements")
        if isinstance(node, dict):
            stack.extend((child, depth + 1) for child in node.values())
        elif isinstance(node, list):
            stack.extend((child, depth + 1) for child in node)
        elif not _plain(node):
            raise AnswerRejectedError("a number that is not finite, or too large")


def _plain(node: object) -> bool:
    if isinstance(node, bool) or node is None or isinstance(node, str):
        return True
    if isinstance(node, int):
        return abs(node) <= INTEGER_CAP
    return isinstance(node, float) and math.isfinite(node)


def _check_identity(result: ToolResult, step: PlanStep, universe: Universe) -> None:
    expected = (step.tool, universe.id, universe.content_hash(), universe.currency)
    got = (result.tool, result.universe, result.universe_hash, result.currency)
    if got != expected:
        raise AnswerRejectedError(f"{step.tool}: another tool, universe or currency answered")
    if result.synthetic != universe.synthetic:
        raise AnswerRejectedError(f"{step.tool}: synthetic data do not stand in for {universe.id}")
    if getattr(result, "horizon", step.arguments.horizon) != step.arguments.horizon:
        raise AnswerRejectedError(f"{step.tool}: another horizon answered")


def _check_dates(result: ToolResult, latest: date) -> None:
    if result.as_of > latest:
        raise AnswerRejectedError(f"as_of {result.as_of} lies after {latest}")
    known = [result.known_at, getattr(result, "trained_until", None)]
    for row in _records(result):
        known.extend(getattr(row, name, None) for name in KNOWN_DATES)
    late = [day for day in known if day is not None and day > result.as_of]
    if late:
        raise AnswerRejectedError(f"knows {max(late)}, after its own as_of {result.as_of}")


def _check_sectors(result: ToolResult, universe: Universe) -> None:
    known = set(universe.sector_ids)
    rollups = {rollup for sector in universe.sectors for rollup in sector.rollups}
    factors = {factor.sector for factor in result.factors}
    rows = {getattr(row, "sector", None) for row in _records(result)} - {None}
    unknown = (factors - known) | (rows - known - rollups)
    if unknown:
        raise AnswerRejectedError(f"sectors unknown to {universe.id}")


def _check_names(result: ToolResult, universe: Universe) -> None:
    """Refuse free words in the places of names: a benchmark and an event are the universe's own."""
    marks = {mark.id for mark in universe.benchmarks} | {None}
    named = {getattr(row, "benchmark", None) for row in (result, *_records(result))}
    events = {(plan.name_en, plan.name_vi) for plan in universe.events}
    said = {(event.name_en, event.name_vi) for event in getattr(result, "events", ())}
    if not named <= marks or not said <= events:
        raise AnswerRejectedError(f"names unknown to {universe.id}")


def _records(result: ToolResult) -> Iterator[object]:
    for name in ("rows", "regime", "covariance", "benchmark_weights"):
        yield from getattr(result, name, ())
