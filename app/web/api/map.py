"""The rotation map: years of frames, what was known on the day of one, and both as a table."""

from typing import Annotated, Final

from fastapi import APIRouter, Response
from fastapi.params import Query

from app.web.asked import InMarket, held_of, market_of
from app.web.house import House
from app.web.maps.asked import drawing_of, sectors_of
from app.web.maps.details import details
from app.web.maps.frames import FRAMES, TAIL_BARS, course_answer
from app.web.maps.records import Drawn, MapDetails, RotationCourseAnswer
from app.web.maps.sheet import map_csv

ADDRESS: Final = "/api/universes/{universe}/map"
MOST_BARS: Final = max(TAIL_BARS[name] + FRAMES[name] for name in TAIL_BARS)

OfBars = Annotated[Drawn, Query(description="of the bars; a quadrant always has one")]


def add_map_api(router: APIRouter, house: House) -> None:
    """Register the frames, the details of one, and the table."""

    @router.get(ADDRESS, tags=["map"])
    def rotation_map(asked: InMarket, frequency: OfBars = "weekly") -> RotationCourseAnswer:
        """Where every sector was at every bar up to as_of, each frame as seen on its own day."""
        return course_answer(drawing_of(house, asked), frequency)

    @router.get(f"{ADDRESS}/details", tags=["map"])
    def map_details(asked: InMarket, frequency: OfBars = "weekly") -> MapDetails:
        """What was known of every sector on as_of: odds with counts, return, flow, weight."""
        stored = held_of(house, market_of(house, asked))
        return details(house, drawing_of(house, asked), frequency, stored=stored)

    @router.get(
        f"{ADDRESS}/table.csv",
        tags=["map"],
        response_class=Response,
        responses={200: {"content": {"text/csv": {}}, "description": "CSV (RFC 4180)"}},
    )
    def map_table(
        asked: InMarket,
        frequency: OfBars = "weekly",
        bars: Annotated[int, Query(ge=1, le=MOST_BARS, description="frames up to as_of")] = 9,
        sectors: Annotated[
            str | None, Query(max_length=2048, description="ids, comma between; all without")
        ] = None,
    ) -> Response:
        """The frames of the tails shown, at full precision."""
        drawing = drawing_of(house, asked)
        wanted = sectors_of(drawing, sectors)
        text = map_csv(drawing, frequency, bars=bars, sectors=wanted)
        name = f"rotation-{drawing.universe.id}-{frequency}-{drawing.scope.as_of}.csv"
        told = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=told)
