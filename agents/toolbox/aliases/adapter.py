"""Turns closed answers of a stranger's tools into one of our records, with an honest envelope.

as_of is the day the answer says it is of, else the day it was fetched in the market's time zone;
every field it cannot fill is named in `missing`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, get_args

from pydantic import ValidationError

from agents.toolbox.alias_map import ToolAlias
from agents.toolbox.aliases.closed_rows import ClosedAnswer
from agents.toolbox.aliases.recipes import (
    Making,
    Row,
    event_rows,
    line_rows,
    plain_rows,
    series_rows,
)
from agents.toolbox.aliases.rotation import rotation_rows
from agents.toolbox.errors import AnswerRejectedError
from agents.toolbox.freshness import local_day
from core.gaps import actor_of
from core.records.contracts import RESULT_OF_TOOL
from core.records.plan import PlanStep
from core.records.record import Record
from core.records.result import GapReason, MissingCell, NamedGap, ToolResult
from core.records.universe import Universe
from core.rotation.recorded import EXCESS_SESSIONS, RETURN_SESSIONS

STALE: Final = timedelta(days=14)
"""An answer that says it is of an older day is no answer of today; Tet closes a market for ten."""
_BY_HISTORY: Final = frozenset({*EXCESS_SESSIONS, *RETURN_SESSIONS, "weekly", "daily"})
_SUBJECTS: Final = ("symbol", "sector", "series", "benchmark")
_DECLARED: Final = frozenset({"flags", "top_buys", "top_sells", "top", "expected", "reasons"})
"""Lists that are empty when there is nothing to say."""


def answer_day(answers: tuple[ClosedAnswer, ...], universe: Universe) -> date:
    """Return the day all answers reach: the earliest of theirs.

    Raises:
        AnswerRejectedError: an answer says it is of a day that has not come.
    """
    days: list[date] = []
    for answer in answers:
        fetched = local_day(universe, answer.fetched_at)
        if answer.day is not None and answer.day > fetched:
            raise AnswerRejectedError(f"an answer of {answer.day}, fetched on {fetched}")
        days.append(answer.day or fetched)
    return min(days)


def adapted(
    making: Making, step: PlanStep, *, recorded: tuple[ClosedAnswer, ...] = ()
) -> ToolResult:
    """Return our record; a gap where the answer has nothing for the step, or is too old.

    Args:
        making: the alias, what was answered, and the day it is of.
        step: what was asked for.
        recorded: earlier answers of the same call, for the recipe `rotation`.

    Raises:
        AnswerRejectedError: not one row fits our record although there were some.
    """
    fetched = max(local_day(making.universe, answer.fetched_at) for answer in making.answers)
    if fetched - making.as_of > STALE:
        return _result(making, step, gap="stale")
    found = _made(making, recorded)
    kept = [row for row in found if _asked_for(row, step, making.universe)]
    model = _row_model(step.tool)
    rows = [row for row in (_fitting(model, row) for row in kept) if row is not None]
    if making.alias.recipe == "rotation" and not any(map(_rotates, found)):
        return _result(making, step, gap="too_short")
    if not rows:
        if kept:
            raise AnswerRejectedError(f"{step.tool}: no row fits the record")
        return _result(making, step, gap="not_covered")
    return _result(making, step, rows=tuple(rows))


def _made(making: Making, recorded: tuple[ClosedAnswer, ...]) -> list[Row]:
    recipe = making.alias.recipe
    if recipe == "rotation":
        return rotation_rows(making, recorded)
    makers = {
        "rows": plain_rows,
        "lines": line_rows,
        "series": series_rows,
        "events": event_rows,
    }
    return makers[recipe](making)


def _asked_for(row: Row, step: PlanStep, universe: Universe) -> bool:
    """Tell whether a row is of the sector, the symbols and the category asked for."""
    asked = step.arguments
    if asked.sector is not None and "sector" in row:
        known = row["sector"] in universe.sector_ids
        rollups = universe.sector(str(row["sector"])).rollups if known else ()
        if asked.sector not in (row["sector"], *rollups):
            return False
    if asked.symbols is not None and "symbol" in row and row["symbol"] not in asked.symbols:
        return False
    return asked.type in (None, "all", row.get("category"))


def _rotates(row: Row) -> bool:
    return row.get("daily") is not None or row.get("weekly") is not None


def _row_model(tool: str) -> type[Record]:
    annotation = RESULT_OF_TOOL[tool].model_fields["rows"].annotation
    model = get_args(annotation)[0]
    if not isinstance(model, type) or not issubclass(model, Record):
        raise TypeError(f"{tool}: rows are no records")
    return model


def _fitting(model: type[Record], row: Row) -> Record | None:
    """Return the row as a record, what it does not hold as None; None when it needs what is not."""
    held = {name: row[name] for name in model.model_fields if row.get(name) is not None}
    absent = {name: None for name in _nullable(model) if name not in held}
    try:
        return model.model_validate(absent | held)
    except ValidationError:
        return None


def _nullable(model: type[Record]) -> list[str]:
    fields = model.model_fields.items()
    return [name for name, field in fields if type(None) in get_args(field.annotation)]


def _result(
    making: Making,
    step: PlanStep,
    *,
    rows: tuple[Record, ...] = (),
    gap: GapReason | None = None,
) -> ToolResult:
    universe, model = making.universe, RESULT_OF_TOOL[step.tool]
    named = None if gap is None else NamedGap(reason=gap, actor=actor_of(gap))
    own: dict[str, object] = {name: making.constant(v) for name, v in making.alias.result.items()}
    if "horizon" in model.model_fields:
        own["horizon"] = step.arguments.horizon
    envelope: dict[str, object] = {
        "tool": step.tool,
        "universe": universe.id,
        "universe_hash": universe.content_hash(),
        "as_of": making.as_of,
        "known_at": None if gap else making.as_of,
        "currency": universe.currency,
        "synthetic": False,
        "gap": named,
        "rows": rows,
        "missing": tuple(_missing(rows, making, step)),
    }
    try:
        return model.model_validate(own | envelope)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise AnswerRejectedError(f"{step.tool}: the alias map leaves out {where}") from error


def _missing(rows: tuple[Record, ...], making: Making, step: PlanStep) -> Iterator[MissingCell]:
    """Yield a cell for each empty field, each sector without a row and each symbol without one."""
    if not rows:
        return
    history = making.alias.recipe == "rotation"
    for row in rows:
        subject = _subject(row)
        for name in _nullable(type(row)):
            if name not in _DECLARED and getattr(row, name) is None and name not in _SUBJECTS:
                reason: GapReason = (
                    "too_short" if history and name in _BY_HISTORY else "not_covered"
                )
                yield MissingCell(subject=subject, measure=name, reason=reason)
    yield from _absent(rows, step, making)


def _absent(rows: tuple[Record, ...], step: PlanStep, making: Making) -> Iterator[MissingCell]:
    held = {getattr(row, "symbol", None) for row in rows}
    for symbol in step.arguments.symbols or ():
        if symbol not in held:
            yield MissingCell(subject=symbol.lower(), measure="symbol", reason="not_covered")
    named = {getattr(row, "sector", None) for row in rows}
    if named != {None} and step.arguments.sector is None and step.arguments.symbols is None:
        for sector in making.universe.sector_ids:
            if sector not in named:
                yield MissingCell(subject=sector, measure="sector", reason="not_covered")


def _subject(row: Record) -> str:
    found = (getattr(row, name, None) for name in _SUBJECTS)
    return next((str(value).lower() for value in found if value), "row")


def called_symbols(alias: ToolAlias, step: PlanStep, mapped: dict[str, str]) -> tuple[str, ...]:
    """Return the symbols one call each is made for: those asked for, else the sector's mapped ones.

    None beyond the alias's `most`, and none the map does not know.
    """
    if not alias.each_symbol:
        return ()
    asked = step.arguments.symbols
    if asked is None and step.arguments.sector is not None:
        asked = tuple(name for name, sector in mapped.items() if sector == step.arguments.sector)
    return tuple(name for name in asked or () if name in mapped)[: alias.most]


def sent_arguments(alias: ToolAlias, step: PlanStep, symbol: str | None) -> dict[str, object]:
    """Return the stranger's arguments of a call; what is not mapped is not sent."""
    ours = step.arguments.sent() | ({} if symbol is None else {"symbol": symbol})
    found: dict[str, object] = {}
    for name, argument in alias.arguments.items():
        if argument.constant is not None:
            found[name] = argument.constant
            continue
        value = ours.get(argument.of or "")
        value = argument.choices.get(str(value)) if argument.choices else value
        if value is not None:
            found[name] = value
    return found
