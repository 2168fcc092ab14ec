"""A recording: a run's request, day, desks, universes and calls: enough to replay it offline.

It decides what a run's file holds and whether this program can answer from it; what is a secret is
`agents.toolbox.redaction`'s.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from importlib.metadata import requires, version
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from agents.toolbox.calls import RecordedCall
from agents.toolbox.redaction import Redactor
from core.errors import CallerError
from core.records.contracts import RESULT_OF_TOOL, contract_hash
from core.records.desk import Desk, Signatures
from core.records.record import Record
from core.records.report import PromptUse
from core.records.request import Request
from core.records.result import ToolResult
from core.records.universe import Universe
from prompts.library import prompt

CONTRACT: Final = "3"
PROMPTS: Final = ("planner", "reporter")


class Versions(Record):
    """What was in force when the run was exported."""

    sectorwise: str
    tool_contract: str
    prompts: tuple[PromptUse, ...]
    packages: dict[str, str]


class Recording(Record):
    """What `sectorwise record` writes and `--replay` reads."""

    contract: Literal["3"] = CONTRACT
    run: str
    asked_on: date
    versions: Versions
    request: Request
    signatures: Signatures = Signatures()
    desks: dict[str, Desk]
    universes: dict[str, Universe]
    calls: tuple[RecordedCall, ...]

    def text(self, redactor: Redactor) -> str:
        """Return the file's text: indented, in a stable order, without secrets."""
        clean = redactor.json(self.model_dump_json())
        return json.dumps(json.loads(clean), ensure_ascii=False, indent=1) + "\n"


def versions() -> Versions:
    """Return what is in force now."""
    used = [prompt(name) for name in PROMPTS]
    return Versions(
        sectorwise=version("sectorwise"),
        tool_contract=ToolResult.model_fields["contract"].default,
        prompts=tuple(PromptUse(name=p.name, version=p.version, sha256=p.sha256) for p in used),
        packages=_packages(),
    )


def load_recording(path: Path) -> Recording:
    """Return the recording of the file.

    Raises:
        CallerError: the file cannot be read, is not a recording, or is one of another contract.
    """
    try:
        text = path.expanduser().read_bytes()
        recording = Recording.model_validate_json(text)
    except OSError as error:
        raise CallerError(f"recording {path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        if where == "contract":
            raise CallerError(
                f"{path} was recorded under another contract than {CONTRACT}, which this version "
                "of sectorwise replays: record the run again"
            ) from error
        raise CallerError(f"{path} is not a recording (field {where})") from error
    _require_same_forms(recording, path)
    return recording


def differences(recording: Recording) -> tuple[str, ...]:
    """Return what is in force now and was not then: the answers fit, the bytes may differ."""
    now, then = versions(), recording.versions
    pairs = {"sectorwise": (then.sectorwise, now.sectorwise)} | {
        name: (said, now.packages.get(name, "absent")) for name, said in then.packages.items()
    }
    return tuple(
        f"recorded with {name} {said}, this is {here}"
        for name, (said, here) in pairs.items()
        if said != here
    )


def _require_same_forms(recording: Recording, path: Path) -> None:
    """Refuse a recording whose answers no call of this program would ask for."""
    tools = {call.name: call.schema_hash for call in recording.calls if call.kind == "tool"}
    other = [
        name
        for name, sha in tools.items()
        if name not in RESULT_OF_TOOL or contract_hash(name) != sha
    ]
    if other:
        raise CallerError(
            f"{path} was recorded by sectorwise {recording.versions.sectorwise}, where the answer "
            f"of {other[0]} had another form: replay it with that version, or record it again"
        )
    if any(call.kind == "model" for call in recording.calls):
        _require_same_prompts({row.name: row for row in recording.versions.prompts}, path)


def _require_same_prompts(then: Mapping[str, PromptUse], path: Path) -> None:
    for name in PROMPTS:
        if name not in then or then[name].sha256 != prompt(name).sha256:
            said = then[name].version if name in then else "none"
            raise CallerError(
                f"{path} holds a model's answers to prompt {name} of version {said}; this is "
                f"version {prompt(name).version}: replay it with the sectorwise that recorded it"
            )


def _packages() -> dict[str, str]:
    """Return the versions of what sectorwise stands on, by name."""
    needed = (line for line in requires("sectorwise") or () if "extra ==" not in line)
    names = sorted(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in needed)
    return {name: version(name) for name in names}
