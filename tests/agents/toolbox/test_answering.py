"""An answer of a past day is made of what was recorded by then, and read as it is read now."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from agents.router import scored_steps
from agents.toolbox.aliases.closed_rows import ClosedAnswer, Reader
from agents.toolbox.aliases.shipped import shipped
from agents.toolbox.answering import Answering, Asked
from agents.toolbox.calling import Calling
from agents.toolbox.calls import Outcome
from agents.toolbox.freshness import zone_of
from agents.toolbox.ledger import Ledger
from agents.toolbox.offers import ConfiguredOffers
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import ServerSpec
from app.files.universes import load_universes
from core.markets.sessions import sessions_after
from core.records.sectors import HeatmapResult
from tests.servers.vimo_answers import sector_rotation

VN = load_universes()["vn"]
VIMO = shipped("vimo")
SPEC = ServerSpec(name="vimo", transport="memory", alias_map=VIMO, today_only=True)
FRIDAY = date(2026, 4, 24)
SATURDAY = datetime(2026, 4, 25, 8, tzinfo=UTC)
STEP = scored_steps("vn", horizon="1M", as_of=FRIDAY)[0]
ASKED = Asked(ConfiguredOffers((SPEC,)).of(STEP)[0], STEP, VN, "later")


class Recorded:
    """A ledger of what was told after each session up to Friday."""

    def __init__(self) -> None:
        self._now = SATURDAY
        self.ledger = Ledger(clock=lambda: self._now)
        self._answering = Answering(
            Calling(Sessions(()), self.ledger, lambda: SATURDAY + timedelta(days=9)),
            lambda: SATURDAY.date() + timedelta(days=9),
        )
        for day in (day for day in sessions_after(VN, date(2026, 2, 1), 60) if day <= FRIDAY):
            moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            self.add(closed(day, at=moment).model_dump_json(), at=moment)

    def add(self, text: str, *, at: datetime) -> None:
        """Record an answer to the call."""

        async def call() -> Outcome:
            return Outcome(text=text)

        self._now = at
        request = self._answering.calls(ASKED)[0].request()
        asyncio.run(self.ledger.outcome(request, run=at.isoformat(), call=call))

    def heatmap(self) -> HeatmapResult:
        """Return Friday's heatmap."""
        result = asyncio.run(self._answering.result(ASKED))
        assert isinstance(result, HeatmapResult)
        assert result.gap is None
        return result


def closed(day: date, *, at: datetime) -> ClosedAnswer:
    reader = Reader(VIMO, VIMO.answers["get_sector_rotation"], zone_of(VN))
    return reader.closed(sector_rotation(day), fetched_at=at)


def test_what_was_told_after_the_day_shown_changes_nothing_of_it() -> None:
    recorded = Recorded()
    before = recorded.heatmap()
    other = closed(FRIDAY - timedelta(days=3), at=SATURDAY).model_copy(update={"day": FRIDAY})
    recorded.add(other.model_dump_json(), at=SATURDAY)
    assert recorded.heatmap() == before


def test_a_recorded_answer_of_an_old_shape_is_passed_over() -> None:
    recorded = Recorded()
    before = recorded.heatmap()
    recorded.add('{"rows":"of an old shape"}', at=datetime(2026, 4, 20, 10, tzinfo=UTC))
    assert recorded.heatmap() == before
