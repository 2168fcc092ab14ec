"""What the OpenBB Workspace sends and is sent, as its agent protocol has it.

Read: who said what. Let by and not read: `context widgets urls api_keys timezone tools
workspace_state workspace_options force_web_search`; an answer rests on our own data alone, and a
key or an address in a request is used for nothing.
"""

from typing import Literal

from pydantic import Field, JsonValue

from app.web.openai.wire import MESSAGES_CAP, Sent
from core.records.record import Record

Cell = str | float | int | bool | None


class QueryMessage(Sent):
    """One message; a function's call or result holds no words."""

    role: Literal["human", "ai", "tool"]
    content: JsonValue = None


class Query(Sent):
    """A question with the history before it."""

    messages: tuple[QueryMessage, ...] = Field(min_length=1, max_length=MESSAGES_CAP)
    context: tuple[JsonValue, ...] | None = None
    widgets: JsonValue = None
    urls: tuple[JsonValue, ...] | None = None

    @property
    def brings_data(self) -> bool:
        """Whether the workspace put anything of its own beside the question."""
        widgets = self.widgets if isinstance(self.widgets, dict) else {}
        return bool(self.context or self.urls or any(widgets.values()))


class Endpoints(Record):
    """Where an agent is asked."""

    query: str = "/v1/query"


class Agent(Record):
    """An agent as the workspace lists it."""

    name: str
    description: str
    endpoints: Endpoints = Endpoints()
    features: dict[str, bool]


class MessageChunk(Record):
    """A piece of the answer."""

    delta: str


class StatusUpdate(Record):
    """A step on the way to the answer."""

    eventType: Literal["INFO", "WARNING", "ERROR"] = "INFO"  # noqa: N815 - the protocol's name
    message: str
    group: Literal["reasoning"] = "reasoning"
    details: tuple[str, ...] = ()
    hidden: bool = False


class BarChart(Record):
    """How a bar chart reads its rows."""

    chartType: Literal["bar"] = "bar"  # noqa: N815 - the protocol's name
    xKey: str  # noqa: N815 - the protocol's name
    yKey: tuple[str, ...]  # noqa: N815 - the protocol's name


class Artifact(Record):
    """A table or a chart in the answer; rows by headings."""

    type: Literal["table", "chart"]
    name: str
    description: str
    uuid: str
    content: tuple[dict[str, Cell], ...]
    chart_params: BarChart | None = None


class SourceInfo(Record):
    """Where a part of the answer comes from."""

    type: Literal["direct retrieval"] = "direct retrieval"
    name: str
    description: str
    metadata: dict[str, JsonValue]
    citable: bool = True


class Citation(Record):
    """One tool's answer the report rests on."""

    id: str
    source_info: SourceInfo
    details: tuple[dict[str, Cell], ...]


class Citations(Record):
    """All of them."""

    citations: tuple[Citation, ...]


class Suggestions(Record):
    """What may be asked next."""

    suggestions: tuple[str, ...]
