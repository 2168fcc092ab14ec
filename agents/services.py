"""What a run is given: universes, tools, a model or none, limits. The composition root fills it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from agents.llm.protocol import LanguageModel
from agents.toolbox.toolbox import Toolbox
from core.records.mandate import Mandate
from core.records.universe import Universe


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Bounds of one run. `tool_seconds` covers a call's retry, `model_seconds` its repair."""

    tool_seconds: float = 90.0
    model_seconds: float = 180.0
    planner_tokens: int = 2_000
    reporter_tokens: int = 12_000
    supersteps: int = 25


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside the graph that its nodes use."""

    universes: Mapping[str, Universe]
    toolbox: Toolbox
    today: Callable[[], date]
    mandate: Mandate = field(default_factory=Mandate)
    model: LanguageModel | None = None
    version: str = "0"
    limits: RunLimits = field(default_factory=RunLimits)
