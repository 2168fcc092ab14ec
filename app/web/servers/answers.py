"""What the page of tool servers is told; a name of a server's that is no plain id is left out."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from agents.toolbox.pins import What
from agents.toolbox.spec import Transport
from app.reference.tool_servers import Standing
from core.records.record import Record, Slug
from core.records.result import GapReason


class ToolTold(Record):
    """A tool of a server, by its id; `standing` says whether it may be called."""

    name: Slug
    stands_for: tuple[Slug, ...]
    standing: Standing


class PinTold(Record):
    """What happened to a tool since its first use."""

    tool: Slug | None = Field(description="None: its name is no plain id and is not shown")
    what: What
    at: datetime


class DayTold(Record):
    """Calls recorded of a server on a day of UTC."""

    day: date
    calls_count: int = Field(ge=0)
    failed_count: int = Field(ge=0)


class ServerTold(Record):
    """A server as it is now, in the order servers are asked; None is no limit."""

    place: int = Field(ge=1)
    name: Slug
    transport: Transport
    reachable: bool
    alias_map: Slug | None
    today_only: bool
    calls_a_minute: int | None
    calls_a_day: int | None
    left_this_minute: int | None
    left_today: int | None
    tools: tuple[ToolTold, ...]
    unshown_count: int = Field(ge=0, description="tools whose names are no plain ids")
    pins: tuple[PinTold, ...] = Field(description="latest first")
    days: tuple[DayTold, ...] = Field(description="every day of the last two weeks")


class CallTold(Record):
    """A recorded call."""

    server: Slug | None
    tool: Slug | None
    upstream: bool = Field(description="a stranger's own call behind one of ours")
    as_of: date | None
    fetched_at: datetime
    known_at: date | None = Field(description="the latest its answer had seen")
    failed: GapReason | None
    failed_name: str


class ServersAnswer(Record):
    """The servers, what nobody answers, and the last calls; nothing of it can be changed here."""

    source: Literal["own", "configured"] = Field(description="own: no mcp.json is set")
    asked_at: datetime = Field(description="when the servers were last asked")
    servers: tuple[ServerTold, ...]
    lacking: tuple[Slug, ...] = Field(description="tools of a plan that no server answers")
    calls: tuple[CallTold, ...]
