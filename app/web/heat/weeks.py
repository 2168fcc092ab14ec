"""Decides which past weeks' scores are shown, each from what was known then, and keeps them.

They are pictures of scores; what came of them is the forecast's record, not this.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

import pandas as pd

from app.web.asked import Asked, held_of, market_of, words_of
from app.web.heat.records import ScoreWeek, ScoreWeeks, WeekCounts, WeekScore
from app.web.house import House
from app.web.worded import gapped
from core.errors import EmptyStoreError
from core.panel import MarketPanels
from core.records.universe import Horizon, Universe
from core.remembered import Remembered
from core.signals.trailing import week_ends, week_numbers
from tools.context import ToolContext
from tools.decisions.sector_scores import sector_scores
from tools.storage.models import FileVersion
from tools.storage.store import Store

WEEKS: Final = 26
AT_ONCE: Final = 8
"""Weeks of one answer: each takes up to a second to compute."""
TOP: Final = 3
"""Ranks that count as leading."""
WEEKS_HELD: Final = 1_024
"""Weeks kept over all markets and horizons: a few kilobytes each."""

_Week = tuple[str, str, FileVersion | None, Horizon, date]


class PastScores:
    """The scorecards of past weeks, as the product itself would have made them then."""

    def __init__(self, tools: ToolContext) -> None:
        """Keep a context of its own, so that many dates do not crowd out the page's one.

        Args:
            tools: the house's; its panels are read once for both.
        """
        self._shared = tools
        self._tools = replace(tools, load=self._whole)
        self._held: Remembered[_Week, ScoreWeek] = Remembered(WEEKS_HELD)

    def answer(
        self, house: House, asked: Asked, horizon: Horizon, *, skip: int, take: int
    ) -> ScoreWeeks:
        """Return `take` weeks after `skip`, latest first; `days` are all 26.

        The last of them bring the counts over all.

        Raises:
            UnknownUniverseError: there is no such universe.
            CallerError: a date yet to come.
        """
        universe = market_of(house, asked)
        scope = self._shared.scope(universe.id, asked.as_of, advice=True)
        result = sector_scores(self._shared, region=universe.id, as_of=asked.as_of)
        days = () if scope.panels is None else score_days(scope.panels)
        words = words_of(universe, asked)
        weeks = tuple(self._week(universe, horizon, day) for day in days[skip : skip + take])
        ends = skip < len(days) <= skip + take
        reasons = {row.reason for week in weeks for row in week.rows if row.reason}
        return ScoreWeeks(
            universe=universe.id,
            horizon=horizon,
            gap=gapped(result, words, held=held_of(house, universe)),
            days=days,
            weeks=weeks,
            counts=week_counts([self._week(universe, horizon, day) for day in days])
            if ends
            else (),
            reasons={name: words.label("reason", name) for name in sorted(reasons)},
        )

    def _week(self, universe: Universe, horizon: Horizon, day: date) -> ScoreWeek:
        tools = self._tools
        version = tools.store.fingerprint(universe.id)
        key = (universe.id, version, tools.models.version(universe.id), horizon, day)
        return self._held.get(key, lambda: score_week(tools, universe, horizon, day))

    def _whole(self, _: Store, universe: Universe) -> MarketPanels:
        """Return the panels the house already holds, up to the last session."""
        panels = self._shared.scope(universe.id, None).panels
        if panels is None:
            raise EmptyStoreError(f"{universe.id} has no prices in the store")
        return panels


def score_days(panels: MarketPanels) -> tuple[date, ...]:
    """Return the last session and the last sessions of the weeks before, latest first, 26 in all.

    Args:
        panels: up to the date asked about.
    """
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    ends, weeks = week_ends(index), week_numbers(index)
    before = ends[weeks[ends] < weeks[-1]][::-1][: WEEKS - 1]
    return tuple(index[place].date() for place in (len(index) - 1, *before))


def week_counts(weeks: Sequence[ScoreWeek]) -> tuple[WeekCounts, ...]:
    """Return how each sector's score went over the weeks, in the latest one's order."""
    found: dict[str, list[WeekScore]] = {row.sector: [] for row in weeks[0].rows}
    for week in weeks:
        for row in week.rows:
            found.setdefault(row.sector, []).append(row)
    return tuple(
        WeekCounts(
            sector=sector,
            flips_count=_flips([row.score for row in rows if row.score]),
            top_count=sum(row.rank is not None and row.rank <= TOP for row in rows),
        )
        for sector, rows in found.items()
    )


def _flips(scores: Sequence[float]) -> int:
    return sum((one > 0.0) != (other > 0.0) for one, other in pairwise(scores))


def score_week(tools: ToolContext, universe: Universe, horizon: Horizon, day: date) -> ScoreWeek:
    """Return every sector's score as of a day, by the last fold cut by then."""
    result = sector_scores(tools, region=universe.id, horizon=horizon, as_of=day)
    return ScoreWeek(
        as_of=day,
        weights_source=result.weights_source,
        rows=tuple(
            WeekScore(sector=row.sector, rank=row.rank, score=row.score, reason=row.reason)
            for row in result.rows
        ),
    )
