"""Decides how an address states the bounds of a screen."""

from typing import Annotated, Final

from pydantic import ConfigDict, Field

from core.records.record import Record
from core.records.sector_readings import ScreenFilter, ScreenMeasure
from tools.companies.screening import LIMIT, MEASURES, Screen

MOST_ROWS: Final = 100
Bound = Annotated[float | None, Field(default=None, description="in the measure's own unit")]


class ScreenAsked(Record):
    """Bounds of a screen, in the units of the measures' names."""

    # The address holds market, date and language too.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    return_1m_pct_min: Bound
    return_1m_pct_max: Bound
    return_12m_pct_min: Bound
    return_12m_pct_max: Bound
    pe_x_min: Bound
    pe_x_max: Bound
    roe_pct_min: Bound
    roe_pct_max: Bound
    revenue_growth_pct_min: Bound
    revenue_growth_pct_max: Bound
    volume_ratio_x_min: Bound
    volume_ratio_x_max: Bound
    foreign_net_1m_bn_min: Bound
    foreign_net_1m_bn_max: Bound
    above_200d: bool | None = Field(default=None, description="above its 200-session mean")
    sort_by: ScreenMeasure = "return_12m_pct"
    lowest_first: bool = False
    limit: int = Field(default=LIMIT, ge=1, le=MOST_ROWS)

    def screen(self) -> Screen:
        """Return what is asked of a stock."""
        bounds = {
            name: (getattr(self, f"{name}_min"), getattr(self, f"{name}_max")) for name in MEASURES
        }
        return Screen(
            filters=tuple(
                ScreenFilter(measure=name, at_least=low, at_most=high)
                for name, (low, high) in bounds.items()
                if low is not None or high is not None
            ),
            above_200d=self.above_200d,
            sort_by=self.sort_by,
            lowest_first=self.lowest_first,
            limit=self.limit,
        )
