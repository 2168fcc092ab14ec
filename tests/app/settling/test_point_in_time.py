"""A report of a day is the same bytes whether or not later data are there by now."""

from datetime import date
from pathlib import Path

import pytest

from core.records.report import Report
from tests.app.settling.conftest import DAYS, reported
from tests.app.settling.earlier_homes import grown, home_at

pytestmark = pytest.mark.xdist_group("settling")


@pytest.mark.parametrize(
    "day", [DAYS[0], *(pytest.param(day, marks=pytest.mark.prove) for day in DAYS[1:])]
)
def test_later_data_and_a_later_fit_change_no_byte_of_a_days_report(
    whole: dict[date, bytes], demo_home: Path, tmp_path: Path, day: date
) -> None:
    then = home_at(demo_home, tmp_path / "then", "demo", day)
    assert reported(then, "demo", day) == [whole[day]]
    report = Report.model_validate_json(whole[day])
    assert report.as_of == (day,)
    assert report.scorecards[0].weights_source == "learned"
    assert report.allocations


@pytest.mark.prove
@pytest.mark.real_data
@pytest.mark.parametrize(
    ("universe", "day"),
    [
        ("vn", date(2015, 6, 30)),
        ("vn", date(2018, 11, 30)),
        ("us", date(2014, 8, 29)),
        ("us", date(2018, 11, 30)),
    ],
)
def test_on_real_markets_too(real_home: Path, tmp_path: Path, universe: str, day: date) -> None:
    """Stocks list later, files grow by further ones, and the forecast is fitted on all of it."""
    then = home_at(real_home, tmp_path / "then", universe, day)
    now = grown(real_home, tmp_path / "now", universe, day)
    assert reported(then, universe, day) == reported(now, universe, day)
