"""What a call came to: an answer still unread, or why there is none; decides nothing of its value.

The words of errors end here. Text blocks are kept beside structured content, unread.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import anyio
import httpx
from langchain_core.messages import ToolMessage
from langchain_mcp_adapters.interceptors import MCPToolCallRequest, MCPToolCallResult
from mcp import McpError
from mcp.types import CONNECTION_CLOSED, CallToolResult, TextContent
from pydantic import ValidationError

from agents.toolbox import wire
from agents.toolbox.errors import (
    AnswerRejectedError,
    QuotaSpentError,
    ServerDownError,
    ToolCallError,
    ToolTimeoutError,
    failure,
)
from core.records.result import GapReason

_PROBLEMS: dict[int, type[ToolCallError]] = {
    httpx.codes.REQUEST_TIMEOUT: ToolTimeoutError,
    CONNECTION_CLOSED: ServerDownError,
    wire.REJECTED: AnswerRejectedError,
    wire.LOST: ServerDownError,
    wire.LATE: ToolTimeoutError,
    wire.SPENT: QuotaSpentError,
}
"""What the SDK or the wire says in a server's place; a server's own errors are all alike."""

WORDS_CAP = 400
"""Characters of a failure's words that are held against an alias map's list."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call brought: structured content (None without any), and its text blocks."""

    structured: object
    texts: tuple[str, ...]


class Bounded:
    """Interceptor: a total time limit, and of the content blocks only text, as data."""

    def __init__(self, seconds: float, failures: Mapping[str, GapReason] | None = None) -> None:
        self._seconds, self._failures = seconds, failures or {}

    async def __call__(
        self,
        request: MCPToolCallRequest,
        handler: Callable[[MCPToolCallRequest], Awaitable[MCPToolCallResult]],
    ) -> MCPToolCallResult:
        """Return the result with both as its structured content, and no content blocks.

        Raises:
            ToolCallError: a failure whose words the alias map knows the reason of.
        """
        async with asyncio.timeout(self._seconds):
            result = await handler(request)
        if not isinstance(result, CallToolResult):
            return result
        texts = [block.text for block in result.content if isinstance(block, TextContent)]
        if result.isError:
            self._raise_known(" ".join(texts)[:WORDS_CAP])
        kept = {"structured": result.structuredContent, "texts": texts}
        return CallToolResult(content=[], structuredContent=kept, isError=result.isError)

    def _raise_known(self, words: str) -> None:
        for part, reason in self._failures.items():
            if part in words:
                raise failure(reason, "the server said why it failed")


def answer(message: object, tool: str) -> Answer:
    """Return the answer in the adapters' message.

    Raises:
        ToolCallError: the tool reported a failure.
    """
    if not isinstance(message, ToolMessage) or message.status == "error":
        raise ToolCallError(f"{tool} reported a failure")
    kept = message.artifact["structured_content"]
    return Answer(kept["structured"], tuple(kept["texts"]))


async def translated(made: Awaitable[T], server: str) -> T:
    """Return what is awaited.

    Raises:
        ToolCallError: by kind, in our words.
    """
    try:
        return await made
    except McpError as error:
        kind = _PROBLEMS.get(error.error.code, ToolCallError)
        raise kind(f"{server}: no answer ({error.error.code})") from None
    except TimeoutError as error:
        raise ToolTimeoutError(f"{server}: no answer in time") from error
    except (anyio.ClosedResourceError, anyio.BrokenResourceError, httpx.HTTPError) as error:
        raise ServerDownError(f"{server}: the connection is lost") from error
    except (ValidationError, RecursionError, UnicodeError):
        raise AnswerRejectedError(f"{server}: not a message of the protocol") from None


def cause(failed: BaseException | None) -> ToolCallError | None:
    """Return the error of ours within what ended a task, groups included."""
    if isinstance(failed, BaseExceptionGroup):
        return next(filter(None, map(cause, failed.exceptions)), None)
    return failed if isinstance(failed, ToolCallError) else None
