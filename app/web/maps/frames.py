"""Decides how many frames a map has and how they are written down; the core decides each of them.

A year before the first frame is there for its tail alone.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.render.charts.palette import sector_colour
from app.web.maps.asked import Drawing, Known
from app.web.maps.records import Drawn, Reclassified, RotationCourseAnswer, SectorCourse
from app.web.worded import labelled
from core.records.universe import Sector
from core.rotation.courses import RotationCourse, rotation_course
from core.rotation.quadrants import MISSING, QUADRANTS
from tools.measures.heatmap_gaps import why_no_rotation

TAIL_BARS: Final[Mapping[Drawn, int]] = {"weekly": 52, "daily": 252}
"""Twelve months, the longest tail."""
FRAMES: Final[Mapping[Drawn, int]] = {"weekly": 5 * 52 + 1, "daily": 252}
"""Five years of weeks, one of days: with the tails under 400 kB at twenty sectors."""
DECIMALS: Final = 4
"""Of RS-Ratio and RS-Momentum: a tenth of a pixel on the widest map."""
VELOCITY_DECIMALS: Final = 3
HEADING_DECIMALS: Final = 1
LEVEL_DECIMALS: Final = 4
LEGEND: Final = ("map_hollow", "map_square", "map_ring", "map_break", "trademark")
MEASURES: Final = (
    "rs_ratio", "rs_momentum", "quadrant", "heading", "velocity", "early_warning", "return_3m",
    "turnover_share", "benchmark_weight", "net", "members",
)  # fmt: skip
WARNINGS: Final = ("momentum_crossing_up", "momentum_crossing_down")


def course_of(drawing: Drawing, known: Known, frequency: Drawn, *, bars: int) -> RotationCourse:
    """Return the last frames of the question's sectors."""
    return rotation_course(
        known.against.sectors,
        known.against.level,
        frequency=frequency,
        as_of=drawing.scope.as_of,
        bars=bars,
        universe=drawing.universe,
    )


def course_answer(drawing: Drawing, frequency: Drawn) -> RotationCourseAnswer:
    """Return every frame of the map, or why there is none."""
    words, known = drawing.words, drawing.known
    bars = TAIL_BARS[frequency] + FRAMES[frequency]
    course = None if known is None else course_of(drawing, known, frequency, bars=bars)
    placed = np.flatnonzero((course.codes != MISSING).any(axis=1)) if course else np.array([])
    first = len(course.periods) - FRAMES[frequency] if course else 0
    return RotationCourseAnswer(
        universe=drawing.universe.id,
        as_of=drawing.scope.as_of,
        synthetic=drawing.universe.synthetic,
        frequency=frequency,
        frequency_name=words.label("frequency", frequency),
        benchmark=drawing.mark.id,
        benchmark_name=words.entity(drawing.mark.id),
        treatment=drawing.mark.treatment,
        treatment_name=words.label("treatment", drawing.mark.treatment),
        gap=drawing.gap,
        provisional=course.provisional if course else False,
        first_frame=max(first, int(placed[0]) if len(placed) else 0),
        periods=course.periods if course else (),
        seen=course.seen if course else (),
        benchmark_close_level=_column(course.level, LEVEL_DECIMALS) if course else (),
        quadrants=labelled("quadrant", QUADRANTS, words),
        warnings=labelled("early_warning", WARNINGS, words),
        measures={name: words.measure(name) for name in MEASURES},
        legend=tuple(words.text(key) for key in LEGEND),
        sectors=tuple(_sectors(drawing, known, course)) if known and course else (),
    )


def _sectors(drawing: Drawing, known: Known, course: RotationCourse) -> Iterable[SectorCourse]:
    for place, sector in enumerate(drawing.universe.sectors):
        column = course.sectors.index(sector.id)
        absent = not len(course.codes) or course.codes[-1, column] == MISSING
        why = why_no_rotation(known.panels, known.against, sector, course.frequency)
        yield SectorCourse(
            sector=sector.id,
            ticker=sector.ticker,
            name=drawing.words.entity(sector.id),
            label=drawing.words.sector_tag(sector.id),
            colour=sector_colour(place),
            reason=drawing.words.label("reason", why) if absent else None,
            rs_ratio_index=_column(course.rs_ratio[:, column], DECIMALS),
            rs_momentum_index=_column(course.rs_momentum[:, column], DECIMALS),
            quadrant_code=tuple(course.codes[:, column].tolist()),
            heading_deg=_column(course.heading_deg[:, column], HEADING_DECIMALS),
            velocity_index=_column(course.velocity[:, column], VELOCITY_DECIMALS),
            dwell_count=tuple(course.dwell[:, column].tolist()),
            warning_code=tuple(course.warnings[:, column].tolist()),
            reclassified=tuple(_changes(drawing, sector)),
        )


def _changes(drawing: Drawing, sector: Sector) -> Iterable[Reclassified]:
    """Return the changes of the sector's members that were in force by the day."""
    for change in drawing.universe.reclassifications:
        if sector.id in change.sectors and change.effective <= drawing.scope.as_of:
            yield Reclassified(effective=change.effective, note=change.note)


def _column(values: NDArray[np.float64], decimals: int) -> tuple[float | None, ...]:
    return tuple(
        None if unknown else value
        for value, unknown in zip(
            values.round(decimals).tolist(), np.isnan(values).tolist(), strict=True
        )
    )
