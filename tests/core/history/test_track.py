from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecast.dataset import HORIZON_SESSIONS, decision_set
from core.forecast.model import settles
from core.history.track import SHOWN, report_card
from core.records.decision import Stance
from core.records.history import CallsMade, LoggedCalls, SectorCall
from core.records.sectors import Expectation
from core.records.universe import Horizon
from tests.core.market import Spec, days_of, framed, market, universe

NAMES = ("a", "b", "c", "d")
TOY = universe(NAMES)
MONDAY = date(2020, 1, 6)


def call(
    sector: str,
    stance: Stance,
    *,
    rank: int | None = None,
    said: tuple[float, float, float, float] | None = None,
    day: date = MONDAY,
    horizon: Horizon = "1W",
) -> SectorCall:
    excess, low, high, chance = said or (0.0, 0.0, 0.0, 0.0)
    row = Expectation(
        horizon=horizon,
        settles=settles(day, horizon),
        excess_pct=excess,
        low_pct=low,
        high_pct=high,
        outperform_fraction=chance,
    )
    return SectorCall(
        sector=sector,
        stance=stance,
        benchmark_weight=0.25,
        target_weight=0.35 if stance == "overweight" else 0.15 if stance == "underweight" else 0.25,
        momentum_rank=rank,
        expected=() if said is None else (row,),
    )


def logged(
    *calls: SectorCall,
    day: date = MONDAY,
    seq: int = 1,
    horizon: Horizon = "1W",
    late: int = 0,
    of: str = "toy",
) -> LoggedCalls:
    return LoggedCalls(
        seq=seq,
        recorded_at=datetime(day.year, day.month, day.day, 18, tzinfo=UTC) + timedelta(days=late),
        made=CallsMade(
            universe=of,
            universe_hash=TOY.content_hash(),
            as_of=day,
            horizon=horizon,
            settles=settles(day, horizon),
            mandate="default",
            mandate_version=0,
            trained_until=None,
            report_sha256="c" * 64,
            calls=calls,
        ),
    )


def closes(a: float = 110.0, n_days: int = 12) -> pd.DataFrame:
    """Flat at 100 but for `a`, which stands elsewhere from the sixth session on."""
    flat = [100.0] * n_days
    return framed({"a": [100.0] * 5 + [a] * (n_days - 5), "b": flat, "c": flat, "d": flat})


def test_a_call_is_held_to_its_excess_over_the_sectors_mean() -> None:
    entry = logged(call("a", "overweight"), call("b", "underweight"), call("c", "neutral"))
    card = report_card([entry], closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    rows = {row.sector: row for row in card.calls}
    assert rows["a"].realised_excess_pct == 7.5
    assert rows["b"].realised_excess_pct == -2.5
    assert rows["a"].right
    assert rows["b"].right
    assert (card.settled_count, card.open_count, card.hit_fraction) == (2, 0, 1.0)
    assert card.excess_mean_pct == 5.0
    assert card.worst == rows["b"]


def test_the_realised_excess_is_the_forecasts_own_target() -> None:
    panels = market(Spec(n_sessions=330))
    data = decision_set(panels)
    labels = data.labels["1M"]
    decided = data.dates[len(labels.excess) - 1]
    entries = [
        logged(call(name, "overweight"), day=decided.date(), horizon="1M", seq=place)
        for place, name in enumerate(data.sectors, start=1)
    ]
    for entry, expected in zip(entries, labels.excess[-1], strict=True):
        card = report_card(
            [entry],
            panels.sectors.closes,
            panels.universe,
            as_of=panels.last,
            horizon="1M",
        )
        found = [row.realised_excess_pct for row in card.calls]
        assert found == ([] if np.isnan(expected) else [pytest.approx(expected, abs=1e-9)])


def test_a_call_is_open_until_its_date_and_its_sessions_have_passed() -> None:
    entry = logged(call("a", "overweight"))
    for day, is_open in ((date(2020, 1, 12), 1), (date(2020, 1, 13), 0)):
        card = report_card([entry], closes(), TOY, as_of=day, horizon="1W")
        assert (card.open_count, card.settled_count) == (is_open, 1 - is_open)
    short = closes(n_days=6).iloc[:5]
    card = report_card([entry], short, TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert (card.open_count, card.settled_count) == (1, 0)


def test_a_week_without_sessions_keeps_a_call_open() -> None:
    """Five sessions after the sixth of January lie two weeks ahead when a week is closed."""
    frame = closes(n_days=20)
    open_days = frame.drop(frame.index[5:10])
    entry = logged(call("a", "overweight"))
    for day, is_open in ((date(2020, 1, 17), 1), (date(2020, 1, 20), 0)):
        card = report_card([entry], open_days, TOY, as_of=day, horizon="1W")
        assert (card.open_count, card.settled_count) == (is_open, 1 - is_open)


def test_sessions_that_pass_before_the_calendar_month_do_not_settle_a_call() -> None:
    entry = logged(call("a", "overweight", horizon="1M"), horizon="1M")
    frame = closes(n_days=40)
    assert frame.index[HORIZON_SESSIONS["1M"]] == pd.Timestamp("2020-02-04")
    for day, is_open in ((date(2020, 2, 5), 1), (date(2020, 2, 6), 0)):
        card = report_card([entry], frame, TOY, as_of=day, horizon="1M")
        assert (card.open_count, card.settled_count) == (is_open, 1 - is_open)


def test_a_call_of_the_cards_own_date_is_not_an_earlier_one() -> None:
    card = report_card([logged(call("a", "overweight"))], closes(), TOY, as_of=MONDAY, horizon="1W")
    assert (card.reports_count, card.open_count) == (0, 0)


def test_of_two_reports_of_one_date_the_first_recorded_counts() -> None:
    first = logged(call("a", "underweight"), seq=1)
    again = logged(call("a", "overweight"), seq=2)
    card = report_card([again, first], closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert (card.reports_count, card.settled_count) == (1, 1)
    assert card.calls[0].stance == "underweight"
    assert card.hit_fraction == 0.0


def test_other_universes_and_horizons_are_not_counted() -> None:
    entries = [
        logged(call("a", "overweight"), of="other"),
        logged(call("a", "overweight"), horizon="1M", seq=2),
    ]
    card = report_card(entries, closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert card.reports_count == 0
    assert card.hit_fraction is None
    assert card.worst is None


def test_forecasts_of_all_sectors_make_coverage_and_brier_score() -> None:
    entry = logged(
        call("a", "overweight", said=(1.0, -2.0, 8.0, 0.7)),
        call("b", "neutral", said=(0.0, -1.0, 1.0, 0.5)),
        call("c", "neutral"),
    )
    card = report_card([entry], closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert card.coverage_fraction == 0.5
    assert card.brier_index == pytest.approx((0.3**2 + 0.5**2) / 2)
    assert card.calls[0].inside_interval
    assert card.calls[0].expected_excess_pct == 1.0


def test_momentum_is_its_top_three_on_the_same_dates() -> None:
    entry = logged(
        *(call(name, "neutral", rank=rank) for name, rank in zip("abcd", (1, 2, 3, 4), strict=True))
    )
    card = report_card([entry], closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert card.momentum_excess_mean_pct == pytest.approx((7.5 - 2.5 - 2.5) / 3)
    assert card.settled_count == 0


def test_a_call_written_down_a_week_late_was_made_in_hindsight() -> None:
    entries = [
        logged(call("a", "overweight"), late=8),
        logged(call("a", "overweight"), day=date(2020, 1, 7), seq=2, late=7),
    ]
    card = report_card(entries, closes(), TOY, as_of=date(2020, 1, 15), horizon="1W")
    assert [row.live for row in card.calls] == [True, False]
    assert (card.live_count, card.settled_count) == (1, 2)
    assert card.live_since == date(2020, 1, 14)


def test_what_is_written_down_after_the_cards_date_is_never_live() -> None:
    entry = logged(call("a", "overweight"), late=7)
    known = report_card([entry], closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert (known.live_count, known.live_since, known.basis) == (1, date(2020, 1, 13), "live")
    late = logged(call("a", "overweight"), day=date(2020, 1, 7), late=7)
    card = report_card([late], closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert card.live_since is None
    entries = [entry.model_copy(update={"recorded_at": datetime(2020, 1, 14, tzinfo=UTC)})]
    card = report_card(entries, closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert (card.settled_count, card.live_count, card.live_since) == (1, 0, None)
    assert (card.basis, card.hit_fraction) == ("hindsight", 1.0)


def test_a_live_record_is_not_changed_by_calls_written_down_later() -> None:
    live = logged(call("a", "underweight", said=(1.0, -2.0, 8.0, 0.7)))
    hindsight = logged(
        call("b", "underweight", rank=1, said=(0.0, 9.0, 9.0, 0.5)),
        day=date(2020, 1, 7), seq=2, late=90,
    )  # fmt: skip
    as_of = date(2020, 1, 14)
    alone = report_card([live], closes(), TOY, as_of=as_of, horizon="1W")
    both = report_card([live, hindsight], closes(), TOY, as_of=as_of, horizon="1W")
    assert (both.settled_count, both.live_count, both.basis) == (2, 1, "live")
    kept = ("live_since", "hit_fraction", "excess_mean_pct", "momentum_excess_mean_pct",
            "coverage_fraction", "brier_index", "worst", "basis")  # fmt: skip
    assert [getattr(both, name) for name in kept] == [getattr(alone, name) for name in kept]


def test_a_later_entry_does_not_stand_in_for_what_was_said_by_the_date() -> None:
    later = logged(call("a", "overweight"), seq=1, late=90)
    said = logged(call("a", "underweight"), seq=2)
    card = report_card([later, said], closes(), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert (card.calls[0].stance, card.live_count) == ("underweight", 1)


def test_an_underweight_with_no_excess_at_all_is_right() -> None:
    entry = logged(call("a", "underweight"), call("b", "overweight"))
    card = report_card([entry], closes(100.0), TOY, as_of=date(2020, 1, 13), horizon="1W")
    assert {row.sector: row.right for row in card.calls} == {"a": True, "b": False}


def test_the_last_twelve_are_listed_latest_first_and_the_worst_of_all() -> None:
    days = days_of(40)
    drift = [100.0 * 1.01**place for place in range(40)]
    flat = [100.0] * 40
    frame = framed({"a": drift, "b": flat, "c": flat, "d": flat})
    frame.iloc[7, 0] = 50.0
    entries = [
        logged(call("a", "overweight"), day=day.date(), seq=place)
        for place, day in enumerate(days[:20], start=1)
    ]
    card = report_card(entries, frame, TOY, as_of=days[-1].date(), horizon="1W")
    assert card.settled_count == 20
    assert [row.called for row in card.calls] == [day.date() for day in days[19:7:-1]]
    assert len(card.calls) == SHOWN
    assert card.worst is not None
    assert card.worst.called == days[2].date()


@settings(max_examples=30)
@given(
    cut=st.integers(0, 39),
    noise=st.floats(0.5, 2.0),
    late=st.integers(0, 12),
)
def test_nothing_later_than_the_date_is_used(cut: int, noise: float, late: int) -> None:
    rng = np.random.default_rng(cut)
    days = days_of(40)
    levels = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, (40, 4)), axis=0))
    frame = pd.DataFrame(levels, index=days, columns=list(NAMES))
    later = frame.copy()
    later.iloc[cut + 1 :] *= noise
    entries = [
        logged(
            call("a", "overweight"), call("b", "underweight"), day=day.date(), seq=place, late=late
        )
        for place, day in enumerate(days, start=1)
    ]
    as_of = days[cut].date()
    known = [entry for entry in entries if entry.made.as_of <= as_of]
    past = report_card(known, frame.iloc[: cut + 1], TOY, as_of=as_of, horizon="1W")
    assert report_card(entries, later, TOY, as_of=as_of, horizon="1W") == past
    assert past.settled_count == 2 * max(cut + 1 - HORIZON_SESSIONS["1W"], 0)
