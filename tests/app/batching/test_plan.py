from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.batching.jobs import planned_jobs, session_ends
from app.batching.plan import parse_plan, read_plan
from app.batching.records import BatchPlan, Span
from app.files.universes import load_universes
from core.errors import CallerError
from core.markets.sessions import is_session
from tests.app.command import sectorwise

UNIVERSES = load_universes()
LATEST = {name: date(2024, 12, 31) for name in UNIVERSES}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("universes = 3", "key universes"),
        ('dates = "latest"', "key universes: is missing"),
        ('universes = ["us"]\ndates = []', "key dates: is empty"),
        ('universes = ["us"]\ndates = ["31.12.2024"]', "key dates: '31.12.2024' is no date"),
        ('universes = ["us"]\ndates = { until = "2024" }', "key dates.from: is missing"),
        ('universes = ["us"]\ndates = { from = "2024-01", each = "day" }', "key dates.each"),
        (
            'universes = ["us"]\ndates = { from = "2024-01", every = "day" }',
            "key dates.every: 'day' is unknown",
        ),
        (
            'universes = ["us"]\ndates = { from = "2024-03", until = "2024-01" }',
            "key dates.until: 2024-01 lies before 2024-03-01",
        ),
        ('universes = ["us"]\nhorizons = ["2M"]', "key horizons.0"),
        ('universes = ["us"]\nmandates = "own.toml"', "key mandates"),
        ('universes = ["us"]\n[limits]\ntokens = -1', "key limits.tokens"),
        ('universes = ["us"]\nengine = "dask"', "key engine: is unknown"),
        ("universes = [", "not valid TOML"),
    ],
)
def test_a_key_that_does_not_fit_is_named_in_one_sentence(text: str, told: str) -> None:
    with pytest.raises(CallerError) as caught:
        parse_plan(text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value).split(": expected")[0] or "TOML" in told


def test_a_plan_without_dates_is_for_the_last_session() -> None:
    plan = parse_plan('universes = ["us", "vn"]')
    jobs = planned_jobs(plan, UNIVERSES, LATEST)
    assert [job.name for job in jobs] == ["us-2024-12-31-1M-en", "vn-2024-12-31-1M-en"]


def test_every_combination_is_one_job() -> None:
    plan = parse_plan(
        'universes = ["us"]\ndates = ["2018-06-29", 2018-07-31]\nhorizons = ["1W", "3M"]\n'
        'languages = ["en", "vi"]\nmandates = ["calm.toml", "bold.toml"]'
    )
    jobs = planned_jobs(plan, UNIVERSES, LATEST)
    assert len({job.name for job in jobs}) == len(jobs) == 16
    assert jobs[0].name == "us-2018-06-29-1W-en-calm"
    assert jobs[0].request.as_of == date(2018, 6, 29)


def test_a_listed_day_without_a_session_is_the_last_session_before_it() -> None:
    days = ["2018-06-29", "2018-06-30", "2018-07-04"]  # Friday, Saturday, a holiday of the US alone
    plan = parse_plan(f'universes = ["us", "vn"]\ndates = {days}')
    assert [job.name for job in planned_jobs(plan, UNIVERSES, LATEST)] == [
        "us-2018-06-29-1M-en",
        "us-2018-07-03-1M-en",
        "vn-2018-06-29-1M-en",
        "vn-2018-07-04-1M-en",
    ]


def test_mandates_of_one_file_name_are_refused() -> None:
    plan = parse_plan('universes = ["us"]\nmandates = ["a/own.toml", "b/own.toml"]')
    with pytest.raises(CallerError, match="share the folder us-2024-12-31-1M-en-own"):
        planned_jobs(plan, UNIVERSES, LATEST)


def test_month_ends_are_the_markets_own_last_sessions() -> None:
    span = Span(first=date(2018, 1, 1), until=date(2018, 3, 31))
    us = session_ends(UNIVERSES["us"], span, last=date(2024, 12, 31))
    assert us == (date(2018, 1, 31), date(2018, 2, 28), date(2018, 3, 29))  # Good Friday: 30 March
    vn = session_ends(UNIVERSES["vn"], span, last=date(2024, 12, 31))
    assert vn == (date(2018, 1, 31), date(2018, 2, 28), date(2018, 3, 30))


def test_a_month_that_is_not_over_has_no_end() -> None:
    span = Span(first=date(2024, 11, 1))
    assert session_ends(UNIVERSES["us"], span, last=date(2024, 12, 30)) == (date(2024, 11, 29),)


@given(
    first=st.dates(date(2013, 1, 1), date(2019, 1, 1)),
    days=st.integers(0, 400),
    every=st.sampled_from(["month-end", "week-end"]),
)
def test_each_end_is_a_session_followed_by_none_of_its_period(
    first: date, days: int, every: str
) -> None:
    last = date.fromordinal(first.toordinal() + days)
    span = Span.model_validate({"first": first, "every": every})
    ends = session_ends(UNIVERSES["us"], span, last=last)
    assert list(ends) == sorted(set(ends))
    for day in ends:
        assert first <= day <= last
        assert is_session(UNIVERSES["us"], day)
        after = date.fromordinal(day.toordinal() + 1)
        while not is_session(UNIVERSES["us"], after):
            after = date.fromordinal(after.toordinal() + 1)
        same = after.month == day.month if every == "month-end" else after.weekday() > day.weekday()
        assert not same or (after - day).days > 6


def test_a_plan_needs_a_universe() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        BatchPlan(universes=())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("plan.toml", "--horizon", "3M"), "name a plan, or universes"),
        (("-u", "demo", "--until", "18:30"), "name --wait-for, too"),
        (("-u", "demo", "--engine", "loky", "--ray-address", "127.0.0.1:1"), "name one engine"),
        (("-u", "demo", "--dask-address", "a", "--ray-address", "b"), "name one engine"),
    ],
)
def test_options_at_odds_are_refused(options: tuple[str, ...], told: str, tmp_path: Path) -> None:
    ran = sectorwise("batch", *options, home=tmp_path)
    assert (ran.code, told in ran.error) == (2, True), ran.error


def test_a_plan_saved_with_a_mark_of_its_encoding_is_read(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_bytes(b'\xef\xbb\xbfuniverses = ["us"]')
    assert read_plan(file).universes == ("us",)
