"""What every HTTP door is given."""

from dataclasses import dataclass

from app.chat.desk import ChatDesk
from app.settings import Settings
from core.records.universe import Universe
from tools.context import ToolContext


@dataclass(frozen=True, slots=True)
class House:
    """One home's tools and conversations; doors hold nothing else."""

    settings: Settings
    universes: dict[str, Universe]
    tools: ToolContext
    chat: ChatDesk
