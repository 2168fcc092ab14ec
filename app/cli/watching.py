"""Runs a watch, or its dry run, for the command line."""

import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Final

from app.alerting.telling import told
from app.cli.output import counted, say, say_json, say_table, telling
from app.data import tool_context
from app.files.universes import load_universes, one_of
from app.observing.done import began
from app.observing.pings import ping
from app.observing.started import observe
from app.render.words import Words
from app.settings import Settings, load_settings
from app.status.attempts import attempted, lasting
from app.watching.assembly import (
    Order,
    delivering,
    grid_of,
    lookout_of,
    watches_of,
)
from app.watching.loop import Loop
from app.watching.replaying import Replay, replayed
from app.watching.ruling import load_rules
from app.watching.tick import Step
from core.errors import CallerError, DateError
from core.records.universe import Universe

EVERY: Final = re.compile(r"([1-9]\d{0,3})(m|h)")
UNDONE: Final = {
    "idle": "no look is due; `sectorwise watch list` shows what stands",
    "busy": "another watch is looking",
    "lost": "another watch took the look over",
}
LEAST, MOST = timedelta(minutes=1), timedelta(days=1)


def order_of(
    universes: tuple[str, ...],
    every: str,
    rules: Path | None,
    sources: tuple[str, ...],
    *,
    sync: bool,
    deliver: bool,
) -> Order:
    """Return what is to be watched.

    Raises:
        CallerError: a word that names nothing, or rules that are none.
    """
    settings = load_settings()
    known = load_universes(settings.universe_files)
    names = dict.fromkeys(universes or (settings.universe,))
    return Order(
        universes=tuple(one_of(known, name) for name in names),
        rules=load_rules(rules),
        every=_every(every),
        sources=sources,
        sync=sync,
        deliver=deliver,
    )


def watch_markets(order: Order, *, once: bool, as_json: bool) -> None:
    """Watch until stopped, or work what is due.

    Raises:
        SectorwiseError: with `once`, a market cannot be looked at.
    """
    settings = load_settings()
    settings.require_writable_home()
    observe(settings, log="text")
    teller = _Teller(order.universes, as_json=as_json)
    universes = load_universes(settings.universe_files)
    jobs = tuple(f"watch:{universe.id}" for universe in order.universes)
    for job in jobs:
        began(settings, job, now=_now())

    def heard(step: Step) -> None:
        teller.heard(step)
        if step.what == "worked":
            ping(settings, f"watch:{step.universe}")

    with (
        _tried(settings, jobs, once=once),
        _stopping() as stopped,
        watches_of(settings, universes, order, clock=_now, tell=_unheard) as watches,
        delivering(settings, order, _now) as deliver,
    ):
        loop = Loop(
            watches,
            deliver=deliver,
            clock=_now,
            wait=stopped.wait,
            heard=heard,
        )
        if once:
            teller.undone(loop.once())
        else:
            loop.run()


def dry_run_markets(order: Order, since: date | None, until: date | None, *, as_json: bool) -> None:
    """Print what the rules would have told since a day.

    Raises:
        DateError: no day is given, or no session follows it.
        DataError: a market has no data.
    """
    if since is None:
        raise DateError("--dry-run needs --since YYYY-MM-DD")
    settings = load_settings()
    context = tool_context(settings, load_universes(settings.universe_files))
    found = []
    for universe in order.universes:
        scope = context.scope(universe.id, until)
        last = scope.as_of if scope.panels is None else min(scope.as_of, scope.panels.last)
        lookout = lookout_of(settings, context, universe, order.rules, _now)
        with telling() as tell:
            found.append(
                replayed(
                    universe.id,
                    lookout.look,
                    grid_of(universe, order.rules, order.every),
                    order.rules,
                    since=since,
                    until=last,
                    tell=tell,
                )
            )
    if as_json:
        say_json(found)
        return
    for replay in found:
        _show(replay)


class _Teller:
    """Says what each look came to."""

    def __init__(self, universes: Sequence[Universe], *, as_json: bool) -> None:
        self._universes = {universe.id: universe for universe in universes}
        self._as_json = as_json

    def heard(self, step: Step) -> None:
        """Say it; nothing is said while nothing is due."""
        if step.slot is None or step.verdict is None:
            return
        made = step.verdict
        if self._as_json:
            say_json(
                {
                    "slot": step.slot,
                    "skipped": step.skipped,
                    "kept": list(made.kept),
                    "messages": step.messages,
                }
            )
            return
        say(
            f"{step.universe}, {step.slot.at:%Y-%m-%d %H:%M} UTC: {len(made.kept)} new, "
            f"{len(made.push)} told now, "
            f"{len(made.digest)} in the digest, {counted(step.messages, 'message')} posted"
            + (f", {counted(step.skipped, 'missed look')} made up for" if step.skipped else "")
        )
        for row in made.kept:
            words = Words("en", self._universes[row.alert.universe])
            say(f"  {row.fate:8} {row.alert.id[:8]}  {told(row.alert, words).text}")

    def undone(self, steps: Sequence[Step]) -> None:
        """Say where nothing was looked at, and why; programs are told of looks alone."""
        for step in steps:
            if step.what != "worked" and not self._as_json:
                say(f"{step.universe}: {UNDONE[step.what]}")


def _show(replay: Replay) -> None:
    say(
        f"{replay.universe}, {replay.since} to {replay.until}, "
        f"{counted(replay.sessions_count, 'session')}: "
        f"{replay.pushes_count} pushed messages, at most {replay.most_pushes_a_day} a day; "
        f"{counted(replay.digests_count, 'digest')}"
    )
    rows = [
        (row.rule, row.pushed_count, row.digested_count, row.cooled_count, row.silenced_count)
        for row in replay.rules
    ]
    say_table("alerts", ("rule", "pushed", "in a digest", "cooling", "silenced"), rows)
    months = [(row.month, row.pushes_count, row.digests_count) for row in replay.months]
    say_table("messages", ("month", "pushes", "digests"), months)


def _every(told: str) -> timedelta:
    found = EVERY.fullmatch(told.strip())
    unit = {"m": "minutes", "h": "hours"}
    if found is not None:
        every = timedelta(**{unit[found[2]]: int(found[1])})
        if LEAST <= every <= MOST:
            return every
    raise CallerError(f"--every {told!r}: say minutes or hours, from 1m to 24h")


@contextmanager
def _tried(settings: Settings, jobs: Sequence[str], *, once: bool) -> Iterator[None]:
    """Keep a try of each job that ends by itself; what runs until stopped has none."""
    with ExitStack() as tries:
        for job in jobs:
            if once:
                tries.enter_context(attempted(settings, job, clock=_now))
            else:
                lasting(settings, job)
        yield


@contextmanager
def _stopping() -> Iterator[Event]:
    """Yield an event that is set by SIGTERM; what was under way ends first."""
    stopped = Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGTERM, before)


def _now() -> datetime:
    return datetime.now(UTC)


def _unheard(_: str) -> None:
    return None
