"""Decides after which errors rules or templates do a model's part, and the notice that says so."""

from collections.abc import Mapping
from typing import Final

from agents.llm.failures import failure_of
from agents.state import Notice
from agents.toolbox.calls import Failure
from core.errors import LimitError, ModelOutputError, ProviderError, SectorwiseError

MODEL_FAILURES = (ModelOutputError, ProviderError, LimitError)
"""Errors after which rules or templates do a model's part."""
_UNPLANNED: Final[Mapping[Failure, Notice]] = {
    "too_long": "planner_too_long",
    "server_down": "planner_unreached",
    "over_budget": "planner_over_budget",
    "quota_spent": "planner_quota",
}
_UNWRITTEN: Final[Mapping[Failure, Notice]] = {
    "too_long": "reporter_too_long",
    "server_down": "reporter_unreached",
    "over_budget": "reporter_over_budget",
    "quota_spent": "reporter_quota",
}


def unplanned(error: SectorwiseError) -> Notice:
    """Return why rules planned in the model's place."""
    return _UNPLANNED.get(failure_of(error), "planner_by_rules")


def unwritten(error: SectorwiseError) -> Notice:
    """Return why templates wrote in the model's place."""
    return _UNWRITTEN.get(failure_of(error), "reporter_by_template")
