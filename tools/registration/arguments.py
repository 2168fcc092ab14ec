"""Decides what the tools' arguments are called and allow, and how an answer is made."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

import anyio.to_thread
from mcp.types import CallToolResult, ToolAnnotations
from pydantic import Field

from core.records.plan import Metric
from core.records.record import Slug, Symbol
from core.records.result import ToolResult
from tools.context import ToolContext
from tools.contracts import answer

READ_ONLY = ToolAnnotations(
    readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
)

Region = Annotated[
    str | None, Field(description="universe id or region, e.g. VN, US; default: the server's own")
]
AsOf = Annotated[
    date | None, Field(description="only what was known that day; default: the last session")
]
SectorName = Annotated[
    str | None, Field(description="sector id, alias or group such as 'financials'; 'all' for all")
]
Mark = Annotated[
    Slug | None,
    Field(description="benchmark id of the region, e.g. spy, equal_weight; default: its first"),
]
Metrics = Annotated[
    list[Metric] | None, Field(description="columns wanted; all when absent", max_length=6)
]
Symbols = Annotated[list[Symbol], Field(description="stock symbols", min_length=1, max_length=20)]
Instruments = Annotated[
    list[Symbol] | None,
    Field(description="stocks or funds; absent: all the sectors trade in", max_length=600),
]


async def answered(context: ToolContext, make: Callable[[], ToolResult]) -> CallToolResult:
    """Return what `make` answers, computed off the event loop."""

    def work() -> CallToolResult:
        result = make()
        return answer(result, context.universes[result.universe])

    return await anyio.to_thread.run_sync(work)
