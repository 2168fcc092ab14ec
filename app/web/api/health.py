"""What a machine asks the server: whether it lives, whether it can answer, what it counted."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from app.status.prometheus import Exposition
from app.status.readings import Standing
from app.web.house import House
from core.records.record import Record


class Health(Record):
    """The server answers; nothing else is told."""

    ok: bool = True


def add_health_api(router: APIRouter, house: House) -> None:
    """Register them."""
    standing = Standing(house.settings.database)
    exposition = Exposition(standing, clock=_now, under_way=lambda: _under_way(house))

    @router.get("/healthz", tags=["health"])
    def health() -> Health:
        """Tell that the server answers."""
        return Health()

    @router.get("/readyz", tags=["health"])
    def ready() -> Health:
        """Tell that the server answers and its database can be read."""
        standing.read(now=_now())
        return Health()

    @router.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        """Return what Prometheus scrapes."""
        return Response(exposition.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _now() -> datetime:
    return datetime.now(UTC)


def _under_way(house: House) -> int:
    return 0 if house.runs is None else house.runs.under_way
