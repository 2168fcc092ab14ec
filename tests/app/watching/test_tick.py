import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from agents.toolbox.database import Database
from app.watching import memory as kept
from app.watching.noise import Subject
from app.watching.records import Slot
from app.watching.sightings import Sightings
from app.watching.tick import Watch
from core.errors import DataError
from tests.app.state.renewing import until_stands
from tests.app.watching.watched import (
    NEVER_QUIET,
    PACKAGED,
    Clock,
    Looks,
    desk,
    grid,
    posted_keys,
    turn,
    url_of,
    watching,
)

OPENING = datetime(2026, 3, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def slots_kept(folder: Path, universe: str = "vn") -> dict[datetime, str]:
    database = Database(url_of(folder), kept.TABLES)
    try:
        with database.reading() as connection:
            rows = connection.execute(kept.SLOTS.select().where(kept.SLOTS.c.universe == universe))
            return {row.slot.replace(tzinfo=UTC): row.state for row in rows}
    finally:
        database.close()


def levels_kept(folder: Path) -> dict[Subject, float]:
    database = Database(url_of(folder), kept.TABLES)
    try:
        with database.reading() as connection:
            return kept.levels(connection, "vn")
    finally:
        database.close()


def test_a_slot_is_worked_once_and_what_it_tells_is_posted(tmp_path: Path) -> None:
    clock, looks = Clock(OPENING), Looks()
    with watching(desk("vn", tmp_path), looks, clock) as watch:
        first = watch.step()
        assert (first.what, first.slot and first.slot.at) == ("worked", OPENING)
        assert watch.step().what == "idle"
        assert watch.following() == OPENING + timedelta(minutes=15)
        clock.passes(minutes=15)
        assert watch.step().messages == 1
    assert len(looks.asked) == 2
    keys = [key for key in posted_keys(tmp_path) if ":alert:desk" in key]
    assert keys == ["watch:vn:20260303T020000Z:alert:desk", "watch:vn:20260303T021500Z:alert:desk"]


def test_after_a_suspend_the_last_look_is_made_up_for_and_the_rest_told_as_skipped(
    tmp_path: Path,
) -> None:
    clock, looks = Clock(OPENING), Looks()
    with watching(desk("vn", tmp_path), looks, clock) as watch:
        watch.step()
        clock.passes(hours=6)
        step = watch.step()
    between = [s.at for s in grid("vn").between(OPENING, clock.now)]
    assert step.skipped == len(between) - 1
    assert looks.asked == [OPENING, between[-1]]
    assert step.verdict is not None
    missed = [row.alert for row in step.verdict.kept if row.alert.kind == "missed_slots"]
    assert [row.slots_count for row in missed] == [step.skipped]
    states = slots_kept(tmp_path)
    assert [states[at] for at in between] == ["skipped"] * step.skipped + ["done"]


def test_who_lost_the_lease_while_looking_writes_nothing(tmp_path: Path) -> None:
    clock, looks = Clock(OPENING), Looks()
    steps: list[str] = []
    told_to = desk("vn", tmp_path)
    with watching(told_to, looks, clock, lease_seconds=60) as other:

        def slow(slot: Slot) -> Sightings:
            clock.passes(seconds=61)
            steps.append(other.step().what)
            return Sightings(slot.session, (turn(slot.session),))

        with watching(told_to, slow, clock, lease_seconds=60) as watch:
            assert watch.step().what == "lost"
    assert steps == ["worked"]
    assert len(posted_keys(tmp_path)) == 1
    assert list(slots_kept(tmp_path).values()) == ["done"]


def test_a_look_that_is_longer_than_its_lease_keeps_it(tmp_path: Path) -> None:
    clock, told_to = Clock(OPENING), desk("vn", tmp_path)
    with watching(told_to, Looks(), clock, lease_seconds=0.4) as other:

        def long(slot: Slot) -> Sightings:
            for _ in range(2):
                clock.passes(seconds=0.3)
                until_stands(url_of(tmp_path), "watch:vn", clock.now + timedelta(seconds=0.2))
            assert other.step().what == "busy"
            return Sightings(slot.session)

        with watching(told_to, long, clock, lease_seconds=0.4) as watch:
            assert watch.step().what == "worked"


def test_a_days_pushes_are_of_all_markets_by_the_time_they_are_told(tmp_path: Path) -> None:
    rules = NEVER_QUIET.model_copy(update={"pushes_a_day": 1, "timezone": "UTC"})
    clock = Clock(OPENING - HOUR)
    with watching(desk("us", tmp_path, rules=rules), Looks("us"), clock) as watch:
        watch.step()
    clock.now = OPENING
    with watching(desk("vn", tmp_path, rules=rules), Looks(), clock) as watch:
        watch.step()
        clock.now = OPENING + 24 * HOUR
        watch.step()
    keys = [key for key in posted_keys(tmp_path) if ":alert:" in key]
    assert keys == ["watch:us:20260302T224500Z:alert:desk", "watch:vn:20260304T020000Z:alert:desk"]


def test_a_slot_that_another_works_is_left_to_it(tmp_path: Path) -> None:
    clock, told_to = Clock(OPENING), desk("vn", tmp_path)
    with watching(told_to, Looks(), clock) as other:

        def look(slot: Slot) -> Sightings:
            assert other.step().what == "busy"
            return Sightings(slot.session)

        with watching(told_to, look, clock) as watch:
            assert watch.step().what == "worked"


def test_a_market_that_cannot_be_looked_at_stays_due(tmp_path: Path) -> None:
    def look(slot: Slot) -> Sightings:
        raise DataError("broken")

    clock = Clock(OPENING)
    with watching(desk("vn", tmp_path), look, clock) as watch, pytest.raises(DataError):
        watch.step()
    with watching(desk("vn", tmp_path), Looks(), clock) as watch:
        assert watch.step().what == "worked"


def test_a_source_that_fails_for_hours_is_told_once_and_forgotten_when_it_answers(
    tmp_path: Path,
) -> None:
    broken = [True]

    def fetch(*_: object) -> None:
        if broken[0]:
            raise OSError("no route")

    clock = Clock(OPENING)
    told_to = replace(desk("vn", tmp_path), fetch=fetch, sources=("ssi",))
    told: list[str] = []
    with watching(told_to, lambda slot: Sightings(slot.session), clock) as watch:
        for _ in range(14):
            made = watch.step().verdict
            told += [row.alert.kind for row in made.kept] if made else []
            clock.passes(minutes=30)
        assert told.count("sync_failed") == 1
        broken[0] = False
        watch.step()
        with watch._database.reading() as connection:
            assert kept.levels(connection, "vn") == {}


class _Killed(BaseException):
    """The process is gone."""


def killer(chance: random.Random, share: float) -> Callable[[str], None]:
    def tell(_: str) -> None:
        if chance.random() < share:
            raise _Killed

    return tell


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.prove) for n in (1, 2, 3))]
)
def test_two_watches_killed_at_random_tell_everything_once(tmp_path: Path, seed: int) -> None:
    chance, clock, looks = random.Random(seed), Clock(OPENING), Looks()  # noqa: S311 - a test
    rules = NEVER_QUIET.model_copy(update={"pushes_a_day": 1000})
    told_to, kills = desk("vn", tmp_path, rules=rules), 0
    end = OPENING + timedelta(hours=4)
    while clock.now <= end:
        tell = killer(chance, 0.3)
        with (
            watching(told_to, looks, clock, lease_seconds=120, tell=tell) as one,
            watching(told_to, looks, clock, lease_seconds=120, tell=tell) as two,
        ):
            for watch in chance.choices((one, two), k=4):
                try:
                    watch.step()
                except _Killed:
                    kills += 1
                clock.passes(seconds=chance.randrange(30, 300))
    with watching(told_to, looks, clock) as watch:
        while watch.step().what != "idle":
            clock.passes(seconds=121)
    assert kills > 10
    slots = list(grid("vn").between(OPENING - HOUR, clock.now))
    states = slots_kept(tmp_path)
    assert set(states) == {slot.at for slot in slots}
    done = sorted(at for at, state in states.items() if state == "done")
    expected = [f"watch:vn:{at:%Y%m%dT%H%M%SZ}:alert:desk" for at in done]
    assert sorted(posted_keys(tmp_path)) == expected


MOVES = st.sampled_from(["pass", "pass", "pass", "long", "sleep", "forward", "back", "restart"])
STEPS = {"pass": 9, "long": 37, "sleep": 360, "forward": 60, "back": -60, "restart": 0}


@examples(max_examples=8)
@given(
    start=st.sampled_from([
        ("us", datetime(2026, 3, 6, 20, tzinfo=UTC)), ("vn", OPENING),
        ("us", datetime(2026, 10, 30, 19, tzinfo=UTC)),
        ("europe", datetime(2026, 3, 27, 15, tzinfo=UTC)),
    ]),
    path=st.lists(st.tuples(MOVES, st.integers(1, 3)), min_size=4, max_size=14),
)  # fmt: skip
def test_whatever_the_clock_does_each_slot_is_done_once_or_told_as_skipped(
    tmp_path_factory: pytest.TempPathFactory,
    start: tuple[str, datetime],
    path: list[tuple[str, int]],
) -> None:
    (name, begin), folder = start, tmp_path_factory.mktemp("clock")
    clock, looks, told_to = Clock(begin), Looks(name), desk(name, folder)
    latest = begin
    missed = 0

    def stepped(watch: Watch) -> None:
        nonlocal missed
        step = watch.step()
        missed += step.skipped

    watch = Watch(told_to, looks, url=url_of(folder), clock=clock)
    stepped(watch)
    for move, times in path:
        for _ in range(times):
            clock.passes(minutes=STEPS[move])
            latest = max(latest, clock.now)
            if move == "restart":
                watch.close()
                watch = Watch(told_to, looks, url=url_of(folder), clock=clock)
            stepped(watch)
    watch.close()
    assert len(looks.asked) == len(set(looks.asked))
    states = slots_kept(folder, name)
    first = told_to.grid.last(begin)
    assert first is not None
    planned = {slot.at for slot in told_to.grid.between(first.at - HOUR, latest)}
    assert {at for at in planned if at >= first.at} == set(states)
    assert {at for at, state in states.items() if state == "done"} == set(looks.asked)
    assert sum(state == "skipped" for state in states.values()) == missed


def test_what_waited_over_a_night_is_told_in_the_morning(tmp_path: Path) -> None:
    evening = datetime(2026, 3, 6, 21, tzinfo=UTC)
    rules = PACKAGED.model_copy(update={"timezone": "Asia/Ho_Chi_Minh"})
    clock, looks = Clock(evening), Looks("us")
    with watching(desk("us", tmp_path, rules=rules), looks, clock) as watch:
        assert watch.step().messages == 0
        clock.now = datetime(2026, 3, 7, 0, 1, tzinfo=UTC)
        morning = watch.step()
    assert morning.verdict is not None
    assert [row.seen for row in morning.verdict.push] == looks.asked
    assert posted_keys(tmp_path) == ["watch:us:20260307T000000Z:alert:desk"]
