"""Decides which frames of a map its table holds: those of the tails that are shown."""

from app.render.delimited import delimited
from app.render.sheets.sheet import Field, Sheet, Value
from app.web.maps.asked import Drawing
from app.web.maps.frames import WARNINGS, course_of
from app.web.maps.records import Drawn
from core.rotation.courses import CROSSING_UP, RotationCourse
from core.rotation.quadrants import MISSING, QUADRANTS

NAMES = (
    "universe", "benchmark", "frequency", "period", "provisional", "sector", "ticker", "name",
    "rs_ratio_index", "rs_momentum_index", "quadrant", "heading_deg", "velocity_index",
    "dwell_count", "early_warning",
)  # fmt: skip


def map_csv(
    drawing: Drawing, frequency: Drawn, *, bars: int, sectors: frozenset[str] | None
) -> str:
    """Return the last `bars` frames as CSV, a row a period and sector, at full precision.

    Args:
        drawing: the question; without data only the headings are returned.
        frequency: of the bars.
        bars: frames, the last one included.
        sectors: ids of those wanted; None is all.
    """
    fields = tuple(Field(name, name) for name in NAMES)
    known = drawing.known
    if known is None:
        return delimited(Sheet("map", fields, ()))
    course = course_of(drawing, known, frequency, bars=bars)
    rows = tuple(
        _row(drawing, course, bar, column)
        for bar in range(len(course.periods))
        for column, sector in enumerate(course.sectors)
        if (sectors is None or sector in sectors) and course.codes[bar, column] != MISSING
    )
    return delimited(Sheet("map", fields, rows))


def _row(drawing: Drawing, course: RotationCourse, bar: int, column: int) -> tuple[Value, ...]:
    sector = drawing.universe.sector(course.sectors[column])
    warning = int(course.warnings[bar, column])
    return (
        drawing.universe.id,
        drawing.mark.id,
        course.frequency,
        course.periods[bar],
        course.provisional and bar == len(course.periods) - 1,
        sector.id,
        sector.ticker,
        drawing.words.entity(sector.id),
        float(course.rs_ratio[bar, column]),
        float(course.rs_momentum[bar, column]),
        QUADRANTS[course.codes[bar, column]],
        _number(float(course.heading_deg[bar, column])),
        _number(float(course.velocity[bar, column])),
        int(course.dwell[bar, column]),
        WARNINGS[0 if warning == CROSSING_UP else 1] if warning else None,
    )


def _number(value: float) -> float | None:
    return value if value == value else None
