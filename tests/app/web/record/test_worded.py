from datetime import date

import pytest

from app.files.universes import load_universes
from app.render.words import Words
from app.web.record.worded import card_answer
from core.records.history import ReportCard, SettledCall

DEMO = load_universes()["demo"]
WORDS = Words("en", DEMO)
DAY = date(2024, 6, 3)


def settled(count: int, *, live: int) -> ReportCard:
    calls = tuple(
        SettledCall(
            sector="technology", called=DAY, settles=date(2024, 7, 3), horizon="1M",
            stance="overweight", active_weight=0.1, expected_excess_pct=0.4,
            outperform_fraction=0.6, realised_excess_pct=-1.5, inside_interval=True, right=False,
            live=place < live,
        )
        for place in range(count)
    )  # fmt: skip
    return ReportCard(
        universe="demo", as_of=date(2024, 12, 31), horizon="1M", live_since=DAY if live else None,
        reports_count=1, open_count=3, settled_count=count, live_count=live,
        basis=("live" if live else "hindsight") if count else None, calls=calls[:12],
        worst=calls[0] if calls else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("count", "live", "too_few"),
    [(0, 0, False), (19, 0, True), (20, 0, False), (40, 19, True), (40, 20, False)],
)
def test_too_few_is_of_the_calls_the_figures_are_of(count: int, live: int, too_few: bool) -> None:
    card = settled(count, live=live)
    assert card_answer(card, WORDS, as_of=card.as_of, horizon="1M").too_few is too_few


def test_what_the_figures_are_of_is_said_first() -> None:
    live = card_answer(settled(25, live=3), WORDS, as_of=DAY, horizon="1M").said
    assert live[0] == "Recorded live since 3 Jun 2024."
    assert "3 settled calls recorded live" in live[1]
    past = card_answer(settled(25, live=0), WORDS, as_of=DAY, horizon="1M").said
    assert past[0] == "None was recorded live."
    assert "hindsight" in past[1]
    still_open = card_answer(settled(0, live=0), WORDS, as_of=DAY, horizon="1M").said
    assert still_open[0] == "None settled yet; 3 calls are open."


def test_calls_are_named_and_the_worst_stands_apart() -> None:
    told = card_answer(settled(25, live=0), Words("vi", DEMO), as_of=DAY, horizon="1M")
    assert told.worst is not None
    assert (told.worst.sector_name, told.worst.stance_name) == (
        "Công nghệ thông tin",
        "tăng tỷ trọng",
    )
    assert len(told.calls) == 12
