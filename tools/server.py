"""Decides how the tools are served over MCP: transports, and errors that say what to do.

It computes nothing; which tools there are is `tools.registration`'s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from inspect import getdoc
from types import CodeType
from typing import Final

import uvicorn
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.fastmcp.tools import Tool
from mcp.types import CallToolResult, ContentBlock
from pydantic import ValidationError

from core.errors import CallerError, SectorwiseError
from tools.answers import Answers, answers_of
from tools.context import ToolContext
from tools.guard import BODY_CAP_BYTES, bound, guarded, is_loopback, security
from tools.registration.tools import add_tools

INSTRUCTIONS = (
    "Sector rotation data of the markets in this server's store. Every answer names its universe, "
    "as_of and known_at, and holds only what was known then. An absent answer has a `gap` with a "
    "reason; an absent cell is null and listed in `missing`. `synthetic: true` marks demo data."
)
GRACE_SECONDS = 5
"""How long requests under way may take to end once the server is told to stop."""


@dataclass(frozen=True, slots=True)
class _MadeFrom:
    """What a tool's schemas are made from, besides its function's code."""

    name: str | None
    annotations: dict[str, object]
    options: dict[str, object]


_PUBLISHED: Final[dict[CodeType, tuple[Tool, _MadeFrom]]] = {}
"""Tools without their functions: each server has its own closures, over its own context."""


async def _nothing() -> None:
    """Stand in for a function."""


class SectorServer(FastMCP):
    """FastMCP whose errors say what to do: unknown tools, arguments and values are named."""

    _answers: Answers | None = None
    _repeatable: frozenset[str] = frozenset()

    def add_tool(  # type: ignore[override]  # the options are FastMCP's, handed on as they are
        self, fn: Callable[..., object], name: str | None = None, **options: object
    ) -> None:
        """Register a tool; its schemas are made once a process, which takes them 20 ms."""
        options["description"] = options.get("description") or getdoc(fn)
        made_from = _MadeFrom(name, fn.__annotations__, options)
        known, made_then = _PUBLISHED.get(fn.__code__, (None, None))
        if known is None or made_then != made_from:
            super().add_tool(fn, name, **options)  # type: ignore[arg-type]  # as above
            tool = self._tool_manager.get_tool(name or fn.__name__)
            if tool is not None:
                _PUBLISHED[fn.__code__] = tool.model_copy(update={"fn": _nothing}), made_from
        else:
            tool = known.model_copy(update={"fn": fn})
            self._tool_manager._tools[tool.name] = tool

    def keep_answers(self, answers: Answers) -> None:
        """Give answers of the read-only tools registered so far again from this memory."""
        tools = self._tool_manager.list_tools()
        hints = {tool.name: tool.annotations for tool in tools if tool.annotations}
        self._answers = answers
        self._repeatable = frozenset(
            name for name, hint in hints.items() if hint.readOnlyHint and hint.idempotentHint
        )

    async def call_tool(
        self, name: str, arguments: Mapping[str, object]
    ) -> Sequence[ContentBlock] | dict[str, object]:
        """Call a tool; an argument it does not take is an error, never ignored."""
        tool = self._tool_manager.get_tool(name)
        if tool is None:
            raise ToolError(_unknown(name, [tool.name for tool in self._tool_manager.list_tools()]))
        known = tool.parameters.get("properties", {})
        unknown = sorted(set(arguments) - set(known))
        if unknown:
            takes = ", ".join(known) or "no arguments"
            raise ToolError(f"{name} takes {takes}; not {', '.join(unknown)}")
        if self._answers is None or name not in self._repeatable:
            made = await self._made(tool, arguments)
        else:
            make = partial(self._made, tool, arguments)
            made = await self._answers.answer(name, arguments, make)
        return made  # type: ignore[return-value]  # FastMCP hands a CallToolResult on unchanged

    async def _made(self, tool: Tool, arguments: Mapping[str, object]) -> object:
        try:
            made = await tool.run(dict(arguments), context=self.get_context())
        except ToolError as error:
            raise ToolError(_what_to_do(tool.name, error)) from error
        # A `CallToolResult` was made from its record: to build that record again proves nothing.
        if isinstance(made, CallToolResult):
            return made
        return tool.fn_metadata.convert_result(made)


def build_server(context: ToolContext, *, remembering: bool = True) -> SectorServer:
    """Return the MCP server of the tools over this context.

    Args:
        context: what they answer from.
        remembering: whether answers are given again; who adds tools decides by `keep_answers`.
    """
    server = SectorServer(
        name="sectorwise",
        instructions=INSTRUCTIONS,
        stateless_http=True,
        max_request_body_size=BODY_CAP_BYTES,
        log_level="WARNING",
    )
    add_tools(server, context)
    if remembering:
        server.keep_answers(answers_of(context))
    return server


def serve_stdio(server: FastMCP) -> None:
    """Answer on standard input and output until the client closes them."""
    server.run("stdio")


def serve_http(
    server: FastMCP,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    names: tuple[str, ...] = (),
    token: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Answer streamable HTTP at /mcp until interrupted.

    Requests must name the host served, or this machine: a web page cannot reach the server under
    another name (DNS rebinding).

    Args:
        server: what answers.
        host: the address to bind.
        port: the port to bind; 0 takes a free one.
        names: further names clients use.
        token: the bearer token asked for; it may be None on loopback only.
        tell: is given the address once it is bound.

    Raises:
        CallerError: the address cannot be bound, has no name, or needs a token.
    """
    if token is None and not is_loopback(host):
        raise CallerError(f"--host {host} can be reached from elsewhere: set SECTORWISE_MCP_TOKEN")
    with bound(host, port) as listening:
        taken = int(listening.getsockname()[1])
        named = security(host, taken, names)
        server.settings.transport_security = named
        app = guarded(server.streamable_http_app(), named=named, token=token)
        config = uvicorn.Config(
            app, log_level="warning", server_header=False, timeout_graceful_shutdown=GRACE_SECONDS
        )
        shown = f"[{host}]" if ":" in host else host
        tell(f"http://{shown}:{taken}/mcp")
        uvicorn.Server(config).run(sockets=[listening])


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=3)
    return f"no tool {name}: " + (f"did you mean {' or '.join(near)}?" if near else "list them")


def _what_to_do(name: str, error: ToolError) -> str:
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in cause.errors()]
        return f"{name}: {'; '.join(lines)}"
    return str(cause) if isinstance(cause, (SectorwiseError, ToolError)) else str(error)
