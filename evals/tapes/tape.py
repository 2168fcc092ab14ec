"""Decides how recorded tool answers are kept in files, and whether they are still of use.

A tape is a folder: `tape.json` says of which day and universes it is, one file a tool (several
where it answers much) holds what was asked of it and what came, a call a line.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeVar

from pydantic import JsonValue, ValidationError

from agents.toolbox.calls import CallRequest, RecordedCall, canonical
from core.errors import CallerError
from core.records.contracts import RESULT_OF_TOOL, contract_hash
from core.records.record import Record, Slug
from core.records.result import GapReason
from core.records.universe import Universe

RECORDINGS: Final = Path(__file__).parents[1] / "recordings"
"""Where the tapes of the project are."""
HEAD: Final = "tape.json"
FILE_BYTES: Final = 280_000
"""What a file holds at most before the next one is begun."""

T = TypeVar("T", bound=Record)


class Tape(Record):
    """What tools answered: each call once, in the order of tool and arguments.

    `of` are the universes whose cases it serves, `universes` the content hashes those and all
    others it tells of had when it was recorded; `asked_on` is the day of asking.
    """

    name: Slug
    of: tuple[Slug, ...]
    asked_on: date
    sectorwise: str
    universes: dict[Slug, str]
    calls: tuple[RecordedCall, ...]

    def by_hash(self) -> dict[str, RecordedCall]:
        """Return the calls by the hash of what was asked."""
        return {call.request_hash: call for call in self.calls}


class _Head(Record):
    name: Slug
    of: tuple[Slug, ...]
    asked_on: date
    sectorwise: str
    universes: dict[Slug, str]


class _Line(Record):
    """What was asked, and what came of it; the rest is the file's."""

    arguments: dict[str, JsonValue]
    answer: JsonValue = None
    failed: GapReason | None = None


class _Calls(Record):
    tool: str
    server: str
    schema_hash: str
    calls: tuple[_Line, ...]


def tape_of(
    name: str,
    calls: Iterable[RecordedCall],
    *,
    of: Iterable[str],
    asked_on: date,
    universes: Mapping[str, Universe],
) -> Tape:
    """Return the tape of calls; of two of one hash the last counts.

    Args:
        name: of the tape.
        calls: those of models are left out.
        of: the universes whose cases it serves.
        asked_on: the day of asking.
        universes: those there are.
    """
    once = {call.request_hash: call for call in calls if call.kind == "tool"}
    served = tuple(of)
    told = {*served, *(name for call in once.values() for name in _told_of(call))}
    return Tape(
        name=name,
        of=served,
        asked_on=asked_on,
        sectorwise=version("sectorwise"),
        universes={key: universes[key].content_hash() for key in sorted(told)},
        calls=tuple(sorted(once.values(), key=_place)),
    )


def write_tape(tape: Tape, folder: Path) -> None:
    """Write the tape's files, the head last; what the folder held of an earlier tape goes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEAD).unlink(missing_ok=True)
    for old in folder.glob("*.[0-9][0-9].json"):
        if old.name[:-8] in RESULT_OF_TOOL:
            old.unlink()
    for tool in dict.fromkeys(call.name for call in tape.calls):
        calls = [call for call in tape.calls if call.name == tool]
        for number, part in enumerate(_parts(calls), start=1):
            (folder / f"{tool}.{number:02}.json").write_text(_text(part), encoding="utf-8")
    head = tape.model_dump(mode="json", exclude={"calls"})
    (folder / HEAD).write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")


def load_tape(folder: Path, universes: Mapping[str, Universe]) -> Tape:
    """Return the tape of a folder.

    Raises:
        CallerError: it cannot be read, or was recorded of tools or universes of another form.
    """
    head = _read(folder / HEAD, _Head)
    asked_at = datetime.combine(head.asked_on, datetime.min.time(), UTC)
    calls: list[RecordedCall] = []
    for path in sorted(folder.glob("*.json")):
        if path.name != HEAD:
            file = _read(path, _Calls)
            _require_same_form(file, head)
            calls += (_recorded(line, file, asked_at) for line in file.calls)
    _require_same_universes(head, universes)
    return Tape(**dict(head), calls=tuple(sorted(calls, key=_place)))


def _require_same_form(file: _Calls, head: _Head) -> None:
    if file.tool not in RESULT_OF_TOOL or contract_hash(file.tool) != file.schema_hash:
        raise _stale(head, f"the answers of {file.tool} had another form")


def _require_same_universes(head: _Head, universes: Mapping[str, Universe]) -> None:
    for name, sha256 in head.universes.items():
        if name not in universes or universes[name].content_hash() != sha256:
            raise _stale(head, f"universe {name} was another")


def _stale(head: _Head, why: str) -> CallerError:
    return CallerError(
        f"tape {head.name} was recorded by sectorwise {head.sectorwise}, where {why}: record it "
        "again with `sectorwise eval record`"
    )


def _recorded(line: _Line, file: _Calls, asked_at: datetime) -> RecordedCall:
    request = CallRequest(
        kind="tool",
        server=file.server,
        name=file.tool,
        arguments=dict(line.arguments),
        schema_hash=file.schema_hash,
    )
    return request.answered(line.answer, asked_at, failed=line.failed)


def _parts(calls: Iterable[RecordedCall]) -> list[list[RecordedCall]]:
    """Return the calls file by file: a file is of one server, and no larger than it may be."""
    parts: list[list[RecordedCall]] = []
    size = 0
    for call in calls:
        bytes_count = len(_line(call).encode()) + 2
        size += bytes_count
        if not parts or size > FILE_BYTES or parts[-1][0].server != call.server:
            parts.append([])
            size = bytes_count
        parts[-1].append(call)
    return parts


def _text(calls: list[RecordedCall]) -> str:
    first = calls[0]
    told = {"tool": first.name, "server": first.server, "schema_hash": first.schema_hash}
    opened = json.dumps(told, indent=1).removesuffix("\n}")
    return f'{opened},\n "calls": [\n' + ",\n".join(map(_line, calls)) + "\n ]\n}\n"


def _line(call: RecordedCall) -> str:
    told: dict[str, object] = {"arguments": call.arguments}
    told |= {"answer": call.answer} if call.failed is None else {"failed": call.failed}
    return canonical(told)


def _told_of(call: RecordedCall) -> tuple[str, ...]:
    """Return the universe an answer is about."""
    said = call.answer.get("universe") if isinstance(call.answer, dict) else None
    return (said,) if isinstance(said, str) else ()


def _place(call: RecordedCall) -> tuple[str, str, str]:
    return call.name, call.server, canonical(call.arguments or {})


def _read(path: Path, kind: type[T]) -> T:
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CallerError(f"no tape in {path.parent.name}: {error.strerror}") from error
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise CallerError(f"{path.name} is no file of a tape (field {where})") from error
