"""Runs a batch for the command line: from its options to its summary and exit code."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from types import FrameType
from typing import Final, get_args

from app.batching.batch import Order, Settle, estimate, run_batch
from app.batching.engine import Crew
from app.batching.index import INDEX
from app.batching.plan import read_plan
from app.batching.readiness import Waiting, absence_text
from app.batching.records import Appendix, BatchPlan, Engine, Gate, Job
from app.batching.summary import Summary, shortfall
from app.cli.batching_shown import estimate_text, shown
from app.cli.options import parsed_date
from app.cli.output import say, say_json
from app.cli.reporting import composition, require_writable
from app.compose import Composition
from app.observing.done import began, done
from app.settling.blocks import settlement_blocks
from app.settling.settled import settled
from app.status.attempts import attempted
from core.errors import CallerError
from core.records.request import Language
from core.records.universe import Horizon

WAITS_UNTIL: Final = "18:30"


@dataclass(frozen=True, slots=True)
class Asked:
    """The options, as they were typed."""

    plan: Path | None
    universes: tuple[str, ...]
    dates: tuple[str, ...]
    horizon: Horizon | None
    language: Language | None
    out: Path
    formats: str | None
    engine: Engine | None
    workers: int
    dask_address: str | None
    ray_address: str | None
    again: bool
    wait_for: str | None
    until: str | None


def write_batch(asked: Asked, *, dry_run: bool, as_json: bool) -> None:
    """Make every report that is not there yet, or only estimate what that takes.

    Raises:
        PartialError: some could not be made; the others are there.
        NothingMadeError: not one could be made.
        SectorwiseError: nothing was begun, by who must act.
    """
    order, base = _order(asked), composition()
    if dry_run:
        with shown() as heard:
            told = estimate(order, base, heard)
        if as_json:
            say_json(told)
        else:
            say(estimate_text(told))
        return
    require_writable(order.out)
    job = f"batch:{order.out.name}"
    began(base.settings, job, now=base.clock())
    with attempted(base.settings, job, clock=base.clock):
        with shown() as heard, _stoppable(order.out):
            settle = _settling(order, base, heard.tell)
            summary = run_batch(order, base, heard, settle=settle)
        if summary.totals.failed == summary.totals.left == 0:
            done(base.settings, job, now=base.clock())
        _tell(summary, order.out, as_json=as_json)


def _order(asked: Asked) -> Order:
    return Order(
        plan=_plan(asked),
        out=asked.out,
        crew=_crew(asked),
        again=asked.again,
        waiting=_waiting(asked),
    )


def _crew(asked: Asked) -> Crew:
    """Return who works; an address means its engine, and stands beside no other."""
    at: dict[Engine, str | None] = {"dask": asked.dask_address, "ray": asked.ray_address}
    named = [name for name, address in at.items() if address is not None]
    if len({*named, *([asked.engine] if asked.engine and named else [])}) > 1:
        raise CallerError("name one engine, with its own address")
    engine = asked.engine or (named[0] if named else "loky")
    return Crew(engine=engine, workers=asked.workers, address=at.get(engine))


def _plan(asked: Asked) -> BatchPlan:
    formats = asked.formats and {
        "formats": tuple(name.strip() for name in asked.formats.split(",") if name.strip())
    }
    if asked.plan is not None:
        if asked.universes or asked.dates or asked.horizon or asked.language:
            raise CallerError("name a plan, or universes, dates, horizon and language, not both")
        return read_plan(asked.plan).model_copy(update=formats or {})
    if not asked.universes:
        raise CallerError("name a plan, or at least one --universe")
    return BatchPlan(
        universes=asked.universes,
        dates=tuple(parsed_date(text) for text in asked.dates) or (None,),
        horizons=(asked.horizon or "1M",),
        languages=(asked.language or "en",),
    ).model_copy(update=formats or {})


def _waiting(asked: Asked) -> Waiting | None:
    if asked.wait_for is None:
        if asked.until is not None:
            raise CallerError("--until says how long to wait: name --wait-for, too")
        return None
    names = tuple(name.strip() for name in asked.wait_for.split(",") if name.strip())
    unknown = next((name for name in names if name not in get_args(Gate)), None)
    if unknown is not None or not names:
        raise CallerError(f"--wait-for {unknown!r}: choose from {', '.join(get_args(Gate))}")
    try:
        until = time.fromisoformat(asked.until or WAITS_UNTIL)
    except ValueError as error:
        raise CallerError(f"--until {asked.until!r}: expected HH:MM, for example 18:30") from error
    return Waiting(tuple(name for name in get_args(Gate) if name in names), until)


def _settling(order: Order, base: Composition, tell: Callable[[str], None]) -> Settle:
    """Return who is asked what reports of the past turned out to be worth."""

    def settle(jobs: tuple[Job, ...]) -> Appendix | None:
        found = settled(order.out, jobs, base, tell=tell)
        if found is None:
            return None
        language = order.plan.languages[0]
        return Appendix(found, settlement_blocks(found, base.universes, language))

    return settle


@contextmanager
def _stoppable(out: Path) -> Iterator[None]:
    """Let SIGTERM stop the block as Ctrl-C does, and say how to go on."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"sectorwise: stopped; the same command goes on with what {out} lacks\n")
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(summary: Summary, out: Path, *, as_json: bool) -> None:
    """Say what became of each report; raise where one is not there."""
    if as_json:
        say_json(summary)
    else:
        for row in summary.reports:
            say(f"{row.state:6} {row.name}" + (f": {row.error}" if row.error else ""))
        for absence in summary.ran_without:
            say(f"ran without {absence_text(absence)}")
        say(f"wrote {out / INDEX}")
    error = shortfall(summary)
    if error is not None:
        raise error
