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


class QuotaSpentError(ToolCallError):
    """The server answers no more calls for now."""

    reason = "quota_spent"


class ToolChangedError(ToolCallError):
    """The tool is announced otherwise than when it was first listed, or pinned."""

    reason = "tool_changed"


class AnswerRejectedError(ToolCallError):
    """The answer breaks the contract; the message is for the operator's log."""

    reason: GapReason = "rejected"


class StaleAnswerError(AnswerRejectedError):
    """The answer is of a date long before the one asked for."""

    reason = "stale"


class TodayOnlyError(ToolCallError):
    """The server answers for today only, and nothing was recorded for the day asked for."""

    reason = "today_only"


def failure(reason: GapReason, message: str) -> ToolCallError:
    """Return the error that becomes a gap of that reason."""
    kinds = ToolCallError.__subclasses__()
    found = next((kind(message) for kind in kinds if kind.reason == reason), ToolCallError(message))
    found.reason = reason
    return found
