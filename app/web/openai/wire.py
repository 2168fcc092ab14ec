"""What a chat client sends and is sent; whatever else it sends is let by and does nothing.

Read: `model messages stream stream_options.include_usage n response_format`, and, to recognise a
client's own chores, `tools tool_choice metadata.task`. Everything else is ignored: temperature and
its like change nothing in arithmetic, and a system prompt is not the user's word.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from core.records.record import Record

MESSAGES_CAP = 2_000


class Sent(BaseModel):
    """A part of a request: closed to change, open to fields we do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Part(Sent):
    """A piece of a message; pieces that are no text are not read."""

    type: str = Field(max_length=64)
    text: str | None = None


class Message(Sent):
    """One message of the history a client resends."""

    role: str = Field(max_length=64)
    content: str | tuple[Part, ...] | None = None


class StreamOptions(Sent):
    """What a stream is to hold beside the answer."""

    include_usage: bool | None = None


class JsonSchema(Sent):
    """The schema an answer is asked to fit."""

    name: str | None = None
    schema_: dict[str, JsonValue] = Field(default_factory=dict, alias="schema")


class ResponseFormat(Sent):
    """The form an answer is asked in."""

    type: str = Field(max_length=64)
    json_schema: JsonSchema | None = None


class Function(Sent):
    """A function a client offers."""

    name: str = Field(max_length=256)
    parameters: dict[str, JsonValue] | None = None


class Tool(Sent):
    """A tool a client offers; ours are our own."""

    type: str = Field(default="function", max_length=64)
    function: Function | None = None


class Choice(Sent):
    """The one tool a client insists on."""

    function: Function | None = None


class Metadata(Sent):
    """What a client says of its request."""

    task: str | None = Field(default=None, max_length=200)


class ChatRequest(Sent):
    """A request for a completion."""

    model: str = Field(max_length=128)
    messages: tuple[Message, ...] = Field(min_length=1, max_length=MESSAGES_CAP)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    response_format: ResponseFormat | None = None
    tools: tuple[Tool, ...] | None = None
    tool_choice: str | Choice | None = None
    metadata: Metadata | None = None


class Usage(Record):
    """Tokens of our own language model; 0 where the answer is by rules and templates."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class CalledFunction(Record):
    """A function call a client asked for, as it asked: `arguments` is JSON text."""

    name: str
    arguments: str


class ToolCall(Record):
    """The answer of a chore that a client takes as a tool call."""

    id: str
    type: Literal["function"] = "function"
    function: CalledFunction


class Answer(Record):
    """The assistant's message."""

    role: Literal["assistant"] = "assistant"
    content: str | None
    refusal: None = None
    tool_calls: tuple[ToolCall, ...] | None = None


class AnswerChoice(Record):
    """The one answer."""

    index: Literal[0] = 0
    message: Answer
    finish_reason: Literal["stop", "tool_calls"] = "stop"
    logprobs: None = None


class Completion(Record):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="seconds since 1970")
    model: str
    choices: tuple[AnswerChoice, ...]
    usage: Usage


class Model(Record):
    """A model as clients list it: one market each, and one for whatever market is named."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: Literal["sectorwise"] = "sectorwise"


class Models(Record):
    """The models there are."""

    object: Literal["list"] = "list"
    data: tuple[Model, ...]
