"""Serves the page and every HTTP door until the operator ends it."""

import uvicorn

from app.chat.desk import ChatDesk
from app.compose import Composition
from app.data import tool_context
from app.running.runs import Runs
from app.settings import load_settings
from app.universes import load_universes
from app.web.application import web_application
from app.web.house import House


def serve_pages(host: str, port: int) -> None:
    """Serve at this address."""
    settings = load_settings()
    universes = load_universes(settings.universe_files)
    runs = Runs(lambda: Composition(settings=settings, universes=universes), settings.home_dir)
    tools = tool_context(settings, universes)
    house = House(settings=settings, universes=universes, tools=tools, chat=ChatDesk(runs))
    uvicorn.run(web_application(house), host=host, port=port, log_level="warning")
