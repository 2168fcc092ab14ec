"""Why a call brought no result, each error naming the gap it becomes."""

from core.errors import ProviderError
from core.records.result import GapReason


class ToolCallError(ProviderError):
    """A call without a usable answer; `reason` is all that travels on."""

    reason: GapReason = "tool_failed"


class ToolTimeoutError(ToolCallError):
    """No answer in time."""

    reason = "timeout"


class ServerDownError(ToolCallError):
    """The server does not start, or its connection broke."""

    reason = "server_down"


class NotServedError(ToolCallError):
    """No configured server offers the tool."""

    reason = "not_served"


class AnswerRejectedError(ToolCallError):
    """The answer breaks the contract; the message is for the operator's log."""

    reason = "rejected"
