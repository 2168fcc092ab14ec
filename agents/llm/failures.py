"""Why a question brought nothing, as it is recorded, and the error such a record is."""

from agents.toolbox.calls import Failure
from core.errors import (
    LimitError,
    ModelOutputError,
    OverBudgetError,
    PromptTooLongError,
    ProviderError,
    SectorwiseError,
)


def failure_of(error: SectorwiseError) -> Failure:
    """Return what is recorded of a question that brought nothing."""
    match error:
        case OverBudgetError():
            return "over_budget"
        case LimitError():
            return "quota_spent"
        case ModelOutputError():
            return "rejected"
        case PromptTooLongError():
            return "too_long"
        case _:
            return "server_down"


def error_of(reason: Failure) -> SectorwiseError:
    """Return the error a record of it is."""
    match reason:
        case "over_budget":
            return OverBudgetError("the model was not asked: what may be spent is used up")
        case "quota_spent":
            return LimitError("the quota of the model's account is spent")
        case "rejected":
            return ModelOutputError("the model gave no usable answer")
        case "too_long":
            return PromptTooLongError("the question is longer than the model reads")
        case _:
            return ProviderError(f"the model did not answer ({reason})")
