from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.alerting.records import Alert
from app.alerting.standpoint import Standpoint
from app.watching.noise import Memory, Moment, Verdict, after, verdict
from app.watching.records import Silence
from app.watching.sightings import Level, Sightings
from tests.app.watching.watched import PACKAGED, turn

DAY = date(2026, 3, 6)
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
SUMMED = datetime(2026, 3, 6, 18, tzinfo=UTC)
WEEK = timedelta(days=7)


def moment(at: datetime = NOON, *, quiet: bool = False) -> Moment:
    summed = datetime.combine(at.date(), SUMMED.time(), UTC)
    digest = summed if at >= summed else summed - timedelta(days=1)
    return Moment(at=at, now=at, day=at.date(), quiet=quiet, digest=digest)


def judged(*alerts: Alert, memory: Memory | None = None, at: Moment | None = None) -> Verdict:
    return verdict(Sightings(DAY, alerts), memory or Memory(), PACKAGED, at or moment())


def fates(made: Verdict) -> list[str]:
    return [row.fate for row in made.kept]


def test_a_thing_is_told_once() -> None:
    made = judged(turn(DAY), turn(DAY))
    assert [row.alert for row in made.push] == [turn(DAY)]
    again = judged(turn(DAY), memory=after(Memory(), made, moment()))
    assert (again.kept, again.push, again.digest) == ((), (), ())


def test_alerts_of_one_look_are_one_message_of_the_days_three() -> None:
    memory = Memory()
    for n in range(4):
        at = moment(NOON + timedelta(minutes=15 * n))
        made = judged(turn(DAY, "banks", period=DAY - n * WEEK, kind="stance_change"),
                      turn(DAY, "media", period=DAY - n * WEEK, kind="stance_change"),
                      memory=memory, at=at)  # fmt: skip
        assert len(made.push) == (2 if n < PACKAGED.pushes_a_day else 0)
        memory = after(memory, made, at)
    assert [row.fate for row in memory.waiting] == ["digest", "digest"]
    summed = judged(memory=memory, at=moment(SUMMED))
    assert len(summed.digest) == 2


def test_quiet_hours_hold_everything_and_lose_nothing() -> None:
    night = moment(quiet=True)
    made = judged(turn(DAY), turn(DAY, kind="early_warning"), at=night)
    assert (made.push, made.digest) == ((), ())
    memory = after(Memory(), made, night)
    morning = judged(memory=memory, at=moment(NOON + timedelta(hours=8)))
    assert [row.alert.kind for row in morning.push] == ["quadrant_change"]
    assert [row.alert.kind for row in morning.digest] == ["early_warning"]


def test_a_digest_that_was_missed_is_made_up_for_at_the_next_look() -> None:
    made = judged(turn(DAY, kind="early_warning"))
    assert made.digest == ()
    late = judged(memory=after(Memory(), made, moment()), at=moment(NOON + timedelta(days=3)))
    assert len(late.digest) == 1


def test_the_same_rule_and_sector_cools_down_and_another_sector_does_not() -> None:
    memory = after(Memory(), judged(turn(DAY)), moment())
    later = moment(NOON + WEEK)
    made = judged(turn(DAY + WEEK), turn(DAY + WEEK, "media"), memory=memory, at=later)
    assert {row.alert.sector: row.fate for row in made.kept} == {"banks": "cooled", "media": "push"}
    much_later = moment(NOON + timedelta(days=20))
    assert fates(judged(turn(DAY + 3 * WEEK), memory=memory, at=much_later)) == ["push"]


def test_what_is_silenced_is_kept_and_not_told_until_the_silence_ends() -> None:
    quiet = Memory(silences=(Silence(rule="quadrant_change", sector="banks", until=DAY),))
    made = judged(turn(DAY), turn(DAY, "media"), memory=quiet)
    assert {row.alert.sector: row.fate for row in made.kept} == {
        "banks": "silenced", "media": "push",
    }  # fmt: skip
    assert fates(judged(turn(DAY), memory=quiet, at=moment(NOON + timedelta(days=1)))) == ["push"]


def test_a_sector_nobody_holds_or_favours_and_a_small_flow_are_not_told() -> None:
    assert (
        judged(turn(DAY, concern="other"), turn(DAY, kind="flow_turn", intensity_pct=-4.9)).kept
        == ()
    )
    large = turn(DAY, kind="flow_turn", intensity_pct=-5.0)
    assert fates(judged(large)) == ["push"]


def weighed(value: float, memory: Memory, *, sector: str = "banks") -> Verdict:
    levels = (Level("vn", "weight_change", sector, value, DAY),)
    held = Standpoint(held=frozenset({"banks"}))
    found = Sightings(DAY, (), levels, held)
    return verdict(found, memory, PACKAGED, moment())


def test_a_level_is_told_when_it_moved_by_the_threshold_since_it_was_told() -> None:
    first = weighed(10.0, Memory())
    assert first.kept == ()
    memory = after(Memory(), first, moment())
    assert weighed(12.9, memory).kept == ()
    moved = weighed(13.0, memory)
    assert [(row.alert.weight_before, row.alert.weight) for row in moved.push] == [(0.10, 0.13)]
    told = after(memory, moved, moment())
    assert told.levels["weight_change", "banks"] == 13.0
    assert weighed(12.0, replace(told, ids=frozenset())).kept == ()
    other = after(Memory(), weighed(10.0, Memory(), sector="media"), moment())
    assert weighed(20.0, other, sector="media").kept == ()


def test_only_what_was_told_is_what_a_level_is_held_against() -> None:
    memory = Memory(levels={("weight_change", "banks"): 10.0})
    for value, told in ((14.0, (0.10, 0.14)), (10.0, (0.14, 0.10)), (14.0, None)):
        made = weighed(value, memory)
        rows = [(row.alert.weight_before, row.alert.weight) for row in made.push]
        assert rows == ([told] if told else [])
        memory = after(memory, made, moment())
    assert memory.levels["weight_change", "banks"] == 10.0
    silent = (Silence(rule="weight_change", until=DAY),)
    held_back = weighed(20.0, replace(memory, silences=silent, ids=frozenset()))
    assert (fates(held_back), held_back.levels) == (["silenced"], {})
    media = replace(memory, levels={("weight_change", "media"): 10.0})
    assert weighed(20.0, media, sector="media").levels == {}


SECTORS = st.sampled_from(["banks", "media", "retail"])
KINDS = st.sampled_from(["quadrant_change", "stance_change", "early_warning", "tool_changed"])
CONCERNS = st.sampled_from(["held", "favoured", "other", "upkeep"])


@given(
    looks=st.lists(
        st.tuples(st.integers(1, 600), st.booleans(), st.lists(
            st.tuples(KINDS, SECTORS, st.integers(0, 4), CONCERNS), max_size=4)),
        min_size=1, max_size=25,
    )
)  # fmt: skip
def test_nothing_is_told_twice_or_lost_and_no_day_has_more_pushes_than_allowed(
    looks: list[tuple[int, bool, list[tuple[str, str, int, str]]]],
) -> None:
    memory, at = Memory(), NOON
    told: list[str] = []
    pushes: dict[date, int] = {}
    wanted: set[str] = set()
    for minutes, quiet, seen in looks:
        at += timedelta(minutes=minutes)
        now = moment(at, quiet=quiet)
        memory = replace(memory, pushes=pushes.get(now.day, 0))
        alerts = [turn(DAY - week * WEEK, sector, kind=kind, concern=concern, tools_count=1)
                  for kind, sector, week, concern in seen]  # fmt: skip
        made = judged(*alerts, memory=memory, at=now)
        told += [row.alert.id for row in (*made.push, *made.digest)]
        wanted |= {row.alert.id for row in made.kept if row.fate in ("push", "digest")}
        pushes[now.day] = pushes.get(now.day, 0) + bool(made.push)
        assert not quiet or not (made.push or made.digest)
        memory = after(memory, made, now)
    last = judged(memory=replace(memory, pushes=0), at=moment(at + timedelta(days=2)))
    told += [row.alert.id for row in (*last.push, *last.digest)]
    assert sorted(told) == sorted(set(told))
    assert set(told) == wanted
    assert max(pushes.values()) <= PACKAGED.pushes_a_day
