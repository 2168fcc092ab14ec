"""Runs a batch from its plan to its summary: one failure stops nothing, a kill loses nothing.

What a report says, who makes it and when data are whole is decided elsewhere.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.batching.begun import Begun, begun
from app.batching.engine import Crew, outcomes
from app.batching.estimate import estimated
from app.batching.folders import kept_in, leftovers, sweep
from app.batching.index import write_index
from app.batching.markets import awaited, opened_markets
from app.batching.readiness import Waiting
from app.batching.records import Absence, Appendix, BatchPlan, Estimate, Job, Outcome
from app.batching.standing import alone, keep
from app.batching.summary import Summary, totals, write_summary
from app.compose import Composition, open_services


def _unheard(_: object) -> None:
    return None


Settle = Callable[[tuple[Job, ...]], Appendix | None]
"""What reports of the past turned out to be worth; None where not all of it has passed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Who is told while a batch goes on: what is under way, the estimate, each outcome."""

    tell: Callable[[str], None] = _unheard
    begun: Callable[[Estimate], None] = _unheard
    done: Callable[[Outcome], None] = _unheard


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done: the plan, where to, by whom, and what is waited for before."""

    plan: BatchPlan
    out: Path
    crew: Crew = field(default_factory=Crew)
    again: bool = False
    waiting: Waiting | None = None


def estimate(order: Order, composition: Composition, heard: Heard | None = None) -> Estimate:
    """Return what the batch may take at most, making no report.

    Raises:
        SectorwiseError: it could not be begun, by who must act.
    """
    told = heard or Heard()
    markets = opened_markets(order.plan, composition, tell=told.tell)
    start = begun(order.plan, composition, markets, out=order.out, again=order.again)
    return asyncio.run(_estimate(start, composition))


def run_batch(
    order: Order,
    composition: Composition,
    heard: Heard | None = None,
    *,
    settle: Settle | None = None,
) -> Summary:
    """Make every report of the plan that is not there, and return what became of each.

    The summary is written after each report, and with the index where the batch is stopped.

    Args:
        order: what is to be done.
        composition: what it is done with.
        heard: who is told meanwhile.
        settle: is asked about the reports of past dates, where they are of more than one.

    Raises:
        SectorwiseError: nothing could be begun, by who must act.
        OSError: how far it is cannot be written; the same order goes on later.
    """
    told, plan = heard or Heard(), order.plan
    with alone(order.out):
        sweep(*leftovers(order.out))
        absences: tuple[Absence, ...] = ()
        if order.waiting is not None:
            absences = awaited(plan, composition, order.waiting, tell=told.tell)
        markets = opened_markets(plan, composition, tell=told.tell)
        start = begun(plan, composition, markets, out=order.out, again=order.again)
        with kept_in(order.out):
            keep(order.out, start.standing)
        likely = asyncio.run(_estimate(start, composition))
        told.begun(likely)
        course = _Course(
            order, start, composition, latest=markets.latest, absences=absences, likely=likely
        )
        _work(course, told)
        past = course.of_the_past()
        return course.write(settle(past) if settle is not None and past else None)


async def _estimate(start: Begun, composition: Composition) -> Estimate:
    jobs = [task.job for task in start.tasks]
    kept_count = sum(row.state == "kept" for row in start.known.values())
    if not jobs:
        return Estimate(kept_count=kept_count)
    async with open_services(composition) as services:
        return estimated(jobs, services, kept_count=kept_count)


class _Course:
    """How far a batch is, and the summary of that."""

    def __init__(
        self,
        order: Order,
        start: Begun,
        composition: Composition,
        *,
        latest: Mapping[str, date],
        absences: tuple[Absence, ...],
        likely: Estimate,
    ) -> None:
        self.order, self.start, self.composition = order, start, composition
        self._latest, self._absences, self._likely = latest, absences, likely
        self._rows = dict(start.known)
        self._standing = start.standing
        self._begun_at = composition.clock()
        self._clock_start = time.monotonic()

    def take(self, outcome: Outcome) -> None:
        """Note an outcome, and let others see how far the batch is."""
        self._rows[outcome.name] = outcome
        after = self._standing.after(outcome)
        with kept_in(self.order.out):
            if after != self._standing:
                self._standing = after
                keep(self.order.out, after)
            write_summary(self.summary(), self.order.out)

    def of_the_past(self) -> tuple[Job, ...]:
        """Return the jobs that time has begun to settle; none where all are of one date.

        Their reports are there, and a later session is stored of their markets.
        """
        latest = {name: min(day, self.composition.today) for name, day in self._latest.items()}
        past = tuple(
            job
            for job in self.start.jobs
            if self._state(job) in {"made", "kept"}
            and job.request.as_of is not None
            and job.request.as_of < latest[job.universe]
        )
        return past if len({job.request.as_of for job in past}) > 1 else ()

    def summary(self, settlement: Appendix | None = None) -> Summary:
        """Return the batch as it stands; what nobody came to yet is left."""
        rows = tuple(
            self._rows.get(job.name, Outcome(name=job.name, state="left"))
            for job in self.start.jobs
        )
        return Summary(
            plan=self.order.plan,
            begun_at=self._begun_at,
            ended_at=self.composition.clock(),
            seconds=round(time.monotonic() - self._clock_start, 3),
            engine=self.order.crew.engine,
            workers=None if self.order.crew.engine == "dask" else self.order.crew.workers,
            estimate=self._likely,
            totals=totals(rows),
            reports=rows,
            ran_without=self._absences,
            settlement=None if settlement is None else settlement.record.model_dump(mode="json"),
        )

    def write(self, settlement: Appendix | None = None) -> Summary:
        """Write the summary and the index, and return the summary."""
        summary, out = self.summary(settlement), self.order.out
        blocks = () if settlement is None else settlement.blocks
        with kept_in(out):
            write_summary(summary, out)
            write_index(summary, self.start.jobs, self.composition.universes, out, blocks=blocks)
        return summary

    def _state(self, job: Job) -> str:
        return self._rows[job.name].state if job.name in self._rows else "left"


def _work(course: _Course, heard: Heard) -> None:
    start = course.start
    try:
        with closing(outcomes(start.site, start.tasks, course.order.crew)) as found:
            for outcome in found:
                course.take(outcome)
                heard.done(outcome)
                if outcome.state == "left":
                    break  # its worker can make or keep none: it would only take them all
    finally:
        course.write()
