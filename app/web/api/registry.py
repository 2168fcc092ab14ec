"""The families of REST answers."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter

from app.web.api.alerts import add_alerts_api
from app.web.api.allocation import add_allocation_api
from app.web.api.chat import add_chat_api
from app.web.api.health import add_health_api
from app.web.api.heatmap import add_heatmap_api
from app.web.api.macro import add_macro_api
from app.web.api.map import add_map_api
from app.web.api.record import add_record_api
from app.web.api.reports import add_reports_api
from app.web.api.sector import add_sector_api
from app.web.api.servers import add_servers_api
from app.web.api.universes import add_universes_api
from app.web.house import House

FAMILIES: Final[tuple[Callable[[APIRouter, House], None], ...]] = (
    add_alerts_api,
    add_allocation_api,
    add_chat_api,
    add_health_api,
    add_heatmap_api,
    add_macro_api,
    add_map_api,
    add_record_api,
    add_reports_api,
    add_sector_api,
    add_servers_api,
    add_universes_api,
)
