"""What is said to be so long ago is a day before the report's date, whatever that is."""

from datetime import date

import pytest

from core.language.times.ago import day_of
from core.records.request import Ago
from tests.core.asking import asked, unmarked

TUESDAY = date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "ago", "day"),
    [("What changed since last Friday and why?", "friday", date(2024, 12, 27)),
     ("what changed since Tuesday", "tuesday", date(2024, 12, 24)),
     ("What has changed since yesterday?", "yesterday", date(2024, 12, 30)),
     ("what changed since last week?", "week", date(2024, 12, 24)),
     ("what changed over the past quarter", "quarter", date(2024, 10, 1)),
     ("có gì thay đổi so với tháng trước?", "month", date(2024, 12, 1)),
     ("thay đổi gì từ thứ sáu tuần trước?", "friday", date(2024, 12, 27)),
     ("có gì thay đổi so với hôm qua", "yesterday", date(2024, 12, 30))],
)  # fmt: skip
def test_a_change_is_asked_about_since_a_day_before_the_report(
    text: str, ago: Ago, day: date
) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "demo")

        assert (request.ago, request.horizon) == (ago, "1M")
        assert day_of(ago, TUESDAY) == day


def test_only_what_changed_is_asked_since_a_day() -> None:
    assert asked("Which sectors led last week?", "demo").ago is None
    assert asked("What changed since 20 December 2024?", "demo").ago is None
    assert asked("What changed since 20 December 2024?", "demo").since == date(2024, 12, 20)
