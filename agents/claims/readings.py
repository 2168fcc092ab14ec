"""Claims of what quadrants were worth: textbook readings against this market's history."""

from agents.claims.maker import Maker
from core.records.report import Claim, Section
from core.records.rotation_statistics import RotationStatisticsResult
from core.records.universe import Horizon

FALLBACK: Horizon = "1M"
"""The horizon told where the one asked for is not counted."""
NAMES = ("textbook", "excess_mean_pct", "excess_t_index", "observations_count", "verdict")


def readings(maker: Maker, section: Section) -> list[Claim]:
    """Return a sentence a quadrant at the asked horizon; none where too little is counted."""
    for item, result in maker.material.answers(maker.universe.id, RotationStatisticsResult):
        wanted = maker.material.request.horizon
        counted = {row.horizon for row in result.readings}
        horizon = wanted if wanted in counted else FALLBACK
        return [
            claim
            for place, row in enumerate(result.readings)
            if row.horizon == horizon
            for claim in maker.claim(
                section,
                "reading.line",
                *(maker.material.at(item, "readings", place, name) for name in NAMES),
            )
        ]
    return []
