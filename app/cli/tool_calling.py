"""Calls one tool for the command line: our own over MCP in memory, others through the gateway."""

import asyncio
import base64
import json
import secrets
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal, get_args

from mcp.shared.memory import create_connected_server_and_client_session
from mcp.types import CallToolResult, ImageContent, TextContent
from pydantic import ValidationError

from app.cli.output import Teller, say, say_json, telling
from app.cli.reporting import composition
from app.compose import Composition, open_services
from app.data import prepare_synthetic
from app.reference.tool_servers import configured
from app.served.server import served_server
from core.errors import (
    CallerError,
    LimitError,
    ProviderError,
    SectorwiseError,
    UnknownUniverseError,
)
from core.gaps import gap_sentence
from core.language.words.fold import phrase_key
from core.records.evidence import Evidence, Gap
from core.records.plan import PlanStep, ToolArguments, ToolName
from core.records.result import GapReason
from core.records.universe import Universe
from tools.contracts import readable

Output = Literal["text", "json"]
FAILURES: Final[frozenset[GapReason]] = frozenset(
    {"server_down", "timeout", "tool_failed", "rejected", "tool_changed", "not_served"}
)
"""Gaps that are a server's doing, not the data's: exit code 4."""
UNFORESEEN: Final = "Error executing tool"
"""How FastMCP begins the text of an error that is none of ours."""


def call_tool(name: str, text: str, *, output: Output, own: bool, out: Path | None) -> None:
    """Call the tool with the arguments in the text and print its answer.

    Raises:
        CallerError: the text is no object, or the tool takes no such argument or value.
        ProviderError: a configured server failed.
        LimitError: its quota is spent.
    """
    arguments = _arguments(text)
    base = composition()
    if own or not configured(base):
        with telling() as tell:
            answer = asyncio.run(_own_answer(base, name, arguments, tell))
        _print_own(answer, output=output, out=out)
        return
    step = _step(base, name, arguments)
    answered = asyncio.run(_through_gateway(base, step))
    _print_evidence(answered, base.universes[step.universe], output=output)


async def _own_answer(
    base: Composition, name: str, arguments: dict[str, object], tell: Teller
) -> CallToolResult:
    async def told(progress: float, total: float | None, message: str | None) -> None:
        del progress, total
        tell(message or name)

    default = base.universes[base.settings.universe]
    await asyncio.to_thread(prepare_synthetic, base.settings, default, tell=tell)
    server = served_server(base.settings, base.universes)
    async with create_connected_server_and_client_session(server) as session:
        return await session.call_tool(name, arguments, progress_callback=told)


def _print_own(answer: CallToolResult, *, output: Output, out: Path | None) -> None:
    texts = [part.text for part in answer.content if isinstance(part, TextContent)]
    if answer.isError:
        said = "\n".join(texts)
        raise SectorwiseError(said) if said.startswith(UNFORESEEN) else CallerError(said)
    if output == "json":
        say_json(answer.structuredContent)
    else:
        for text in texts:
            say(text)
    pictures = [part for part in answer.content if isinstance(part, ImageContent)]
    if pictures and out is not None:
        _write(out, pictures[0])
    elif pictures and output == "text":
        say(f"({pictures[0].mimeType}: --out FILE keeps it)")


def _write(out: Path, picture: ImageContent) -> None:
    try:
        out.write_bytes(base64.b64decode(picture.data))
    except OSError as error:
        raise CallerError(f"--out {out} cannot be written: {error.strerror}") from error
    say(f"wrote {out}")


def _step(base: Composition, name: str, arguments: Mapping[str, object]) -> PlanStep:
    """Return the call as a plan's step; a region that is not given is the default universe.

    Raises:
        CallerError: no plan calls that tool, or it takes no such arguments.
    """
    known: tuple[ToolName, ...] = get_args(ToolName)
    tool = next((each for each in known if each == name), None)
    if tool is None:
        near = get_close_matches(name, known, n=2)
        meant = f"did you mean {' or '.join(near)}, or" if near else "use"
        raise CallerError(f"servers of mcp.json are not asked for {name}: {meant} --own?")
    region = arguments.get("region") or base.settings.universe
    universe = _universe(base, str(region))
    try:
        asked = ToolArguments.model_validate({**arguments, "region": universe.id})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CallerError(f"{name}: {where}: {first['msg']}") from error
    return PlanStep(id="call", tool=tool, universe=universe.id, arguments=asked)


def _universe(base: Composition, region: str) -> Universe:
    for universe in base.universes.values():
        if phrase_key(region) in {phrase_key(each) for each in (universe.id, *universe.regions)}:
            return universe
    raise UnknownUniverseError(f"no region {region!r}: use one of {', '.join(base.universes)}")


async def _through_gateway(base: Composition, step: PlanStep) -> Evidence | Gap:
    async with open_services(base) as services:
        return await services.toolbox.call(step, run=f"tools-call-{secrets.token_hex(6)}")


def _print_evidence(answered: Evidence | Gap, universe: Universe, *, output: Output) -> None:
    if isinstance(answered, Evidence):
        if output == "json":
            say_json(answered.result.model_dump(mode="json"))
        else:
            say(f"from {answered.server}")
            say(readable(answered.result, universe))
        return
    if answered.gap.reason == "quota_spent":
        raise LimitError(gap_sentence(answered.gap, universe, "en"))
    if answered.gap.reason in FAILURES:
        raise ProviderError(gap_sentence(answered.gap, universe, "en"))
    if output == "json":
        say_json({"gap": answered.gap.model_dump(mode="json")})
    else:
        say(f"gap {answered.gap.reason}: {gap_sentence(answered.gap, universe, 'en')}")


def _arguments(text: str) -> dict[str, object]:
    example = '--json \'{"region": "demo"}\''
    try:
        parsed: object = json.loads(text, parse_constant=_refused)
    except ValueError as error:
        raise CallerError(f"--json is not JSON ({error}): expected {example}") from error
    if not isinstance(parsed, dict):
        raise CallerError(f"--json is {text.strip()[:40]}: expected an object, as {example}")
    return parsed


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON number")
