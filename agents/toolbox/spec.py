"""What a tool server is to us: a name, a way to reach it, what it may cost and how it is read."""

from typing import Literal, Self

from pydantic import Field, model_validator

from agents.toolbox.alias_map import AliasMap
from core.records.record import Record, Slug

Transport = Literal["memory", "stdio", "http"]
ANY_TOOL = "*"


class ServerSpec(Record):
    """One MCP server. `memory` servers are objects handed over by the composition root."""

    name: Slug
    transport: Transport
    command: str | None = None
    args: tuple[str, ...] = ()
    env: dict[str, str] = Field(
        default_factory=dict, repr=False, description="added to a minimal environment"
    )
    url: str | None = None
    headers: dict[str, str] = Field(default_factory=dict, repr=False)
    pins: dict[str, str] = Field(
        default_factory=dict, description="tool name to sha256 of its announced name and schemas"
    )
    alias_map: AliasMap | None = Field(
        default=None, description="None: the server speaks our contract"
    )
    tools: tuple[str, ...] | None = Field(
        default=None, description="the tools of ours it is asked for; None: all it has"
    )
    calls_a_minute: int | None = Field(default=None, ge=1)
    calls_a_day: int | None = Field(default=None, ge=1)
    fresh_minutes: dict[str, float] = Field(
        default_factory=dict, description="our tool, or *, to how long an answer may be used again"
    )
    benchmark_weights: bool = Field(
        default=False,
        description="True: its benchmark weights are believed where the universe has none to check",
    )
    today_only: bool = Field(default=False, description="True: it cannot be asked for a date")

    @property
    def ours(self) -> bool:
        """Whether it is this process's own, over its own data."""
        return self.transport == "memory"

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        wanted = {"memory": None, "stdio": self.command, "http": self.url}
        if self.transport != "memory" and not wanted[self.transport]:
            field = "command" if self.transport == "stdio" else "url"
            raise ValueError(f"server {self.name}: transport {self.transport} needs {field}")
        return self


class CallLimits(Record):
    """Bounds of one call; a server beyond them costs a gap, never the run."""

    start_seconds: float = Field(default=20.0, gt=0)
    call_seconds: float = Field(default=30.0, gt=0)
    ping_seconds: float = Field(default=2.0, gt=0)
    answer_bytes: int = Field(default=2_000_000, gt=0)
    depth: int = Field(default=12, gt=0)
    elements: int = Field(default=200_000, gt=0)
