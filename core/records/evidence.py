"""What came back from a call: evidence, or a gap; and the facts drawn from it."""

from datetime import date
from typing import Literal

from pydantic import Field, SerializeAsAny, field_validator
from pydantic_core.core_schema import ValidationInfo

from core.records.contracts import RESULT_OF_TOOL
from core.records.plan import NodeName, ToolArguments, ToolName
from core.records.record import Record, Slug
from core.records.result import NamedGap, ToolResult


class Evidence(Record):
    """A validated tool result and the hash of the bytes it was parsed from."""

    id: Slug
    node: NodeName
    tool: ToolName
    server: Slug
    arguments: ToolArguments
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    result: SerializeAsAny[ToolResult]

    @field_validator("result", mode="wrap")
    @classmethod
    def _typed_by_tool(cls, value: object, _: object, info: ValidationInfo) -> ToolResult:
        if isinstance(value, ToolResult):
            return value
        if "tool" not in info.data:
            raise ValueError("of no tool that is known")
        return RESULT_OF_TOOL[info.data["tool"]].model_validate(value)


class Gap(Record):
    """A step without evidence: why, and who must act."""

    id: Slug
    node: NodeName
    tool: ToolName
    universe: Slug
    gap: NamedGap


class Fact(Record):
    """One bound value: `pointer` leads into the evidence, `formula` is a rule over other facts."""

    id: str = Field(pattern=r"^[a-z0-9_.-]{1,160}$")
    universe: Slug
    subject: str = Field(description="sector id, symbol, series or universe")
    measure: str
    value: float | None = None
    label: str | None = Field(default=None, description="a closed enumeration's value")
    unit: str = ""
    as_of: date
    frequency: str | None = None
    benchmark: str | None = None
    evidence: Slug | None = None
    pointer: str | None = Field(default=None, description="JSON pointer into the result")
    formula: (
        Literal[
            "scorecard",
            "allocation",
            "before",
            "request",
            "portfolio",
            "trades",
            "changes",
            "track",
            "difference",
            "rank",
            "count",
        ]
        | None
    ) = Field(default=None, description="where the pointer leads without evidence, or the rule")
    of: tuple[str, ...] = Field(default=(), description="ids of the facts a formula is over")
