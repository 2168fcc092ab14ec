from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.universes import load_universes
from app.running.questions import Asked, tightened, understood
from core.errors import CallerError, DateError
from core.records.mandate import MandatePatch, SectorCap, SectorFloor

UNIVERSES = load_universes()
TODAY = date(2026, 1, 15)
fractions = st.floats(0.0, 1.0)
caps = st.lists(
    st.builds(SectorCap, sector=st.sampled_from(["energy", "technology"]), cap=fractions)
).map(tuple)
patches = st.builds(MandatePatch, caps=caps, turnover=st.none() | fractions)


def test_no_words_ask_for_the_plain_report_of_the_universe() -> None:
    request = understood(Asked("  ", "us", date(2018, 6, 29)), UNIVERSES, today=TODAY)
    assert (request.text, request.intent, request.universes) == ("", "report", ("us",))
    assert request.as_of == date(2018, 6, 29)
    assert request.inferred == ()


def test_a_date_in_the_words_stands_before_the_argument() -> None:
    asked = Asked("rotation of technology as of 2017-03-31", "us", date(2018, 6, 29))
    assert understood(asked, UNIVERSES, today=TODAY).as_of == date(2017, 3, 31)


def test_no_question_is_answered_from_later_than_the_server_knows() -> None:
    bounded = [
        understood(Asked("", "us", day), UNIVERSES, today=TODAY, latest=date(2018, 6, 29)).as_of
        for day in (None, date(2020, 1, 3), date(2017, 3, 31))
    ]
    assert bounded == [date(2018, 6, 29), date(2018, 6, 29), date(2017, 3, 31)]


def test_a_date_yet_to_come_is_refused() -> None:
    with pytest.raises(DateError, match="yet to come"):
        understood(Asked("", "us", date(2026, 2, 1)), UNIVERSES, today=TODAY)


def test_limits_name_sectors_as_the_universe_does() -> None:
    stated = MandatePatch(
        caps=(SectorCap(sector="xlk", cap=0.2),), floors=(SectorFloor(sector="health", floor=0.1),)
    )
    request = understood(Asked("", "us", mandate=stated), UNIVERSES, today=TODAY)
    assert request.patch is not None
    assert request.patch.caps == (SectorCap(sector="technology", cap=0.2),)
    assert request.patch.floors == (SectorFloor(sector="health_care", floor=0.1),)


def test_a_bound_on_a_group_of_sectors_is_refused_and_leaving_the_group_out_is_not() -> None:
    cap = MandatePatch(caps=(SectorCap(sector="financials", cap=0.2),))
    with pytest.raises(CallerError, match="stands for"):
        understood(Asked("", "vn", mandate=cap), UNIVERSES, today=TODAY)
    out = MandatePatch(excluded=("financials",))
    request = understood(Asked("", "vn", mandate=out), UNIVERSES, today=TODAY)
    assert request.patch is not None
    assert {"banks", "insurance"} <= set(request.patch.excluded)


def test_a_sector_cannot_be_out_and_held() -> None:
    patch = MandatePatch(excluded=("energy",), floors=(SectorFloor(sector="energy", floor=0.1),))
    with pytest.raises(CallerError, match="energy: excluded"):
        understood(Asked("", "us", mandate=patch), UNIVERSES, today=TODAY)


@given(patches, patches)
def test_two_patches_together_never_allow_more_than_either(
    words: MandatePatch, stated: MandatePatch
) -> None:
    both = tightened(words, stated)
    bound = {row.sector: row.cap for row in both.caps}
    for row in (*words.caps, *stated.caps):
        assert bound[row.sector] <= row.cap
    for turnover in (words.turnover, stated.turnover):
        assert turnover is None or (both.turnover is not None and both.turnover <= turnover)
    assert tightened(both, both) == both
