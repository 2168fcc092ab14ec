"""What every HTTP door is given."""

from dataclasses import dataclass
from datetime import date

from app.chat.desk import ChatDesk
from app.running.runs import Runs
from app.settings import Settings
from core.records.universe import Universe
from tools.context import ToolContext


@dataclass(frozen=True, slots=True)
class House:
    """One home's tools and conversations; doors hold nothing else.

    runs: what `/mcp` works on runs with, the same as the chat's; None: there is no such door.
    latest: nothing later is known to any door.
    """

    settings: Settings
    universes: dict[str, Universe]
    tools: ToolContext
    chat: ChatDesk
    runs: Runs | None = None
    latest: date | None = None
