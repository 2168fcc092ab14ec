import re
from datetime import date, timedelta

from app.render.charts.path import MAXIMUM_DATES, path_chart, telling
from app.render.words import Words
from core.records.sectors import RotationPath, RotationSpell, TailPoint
from tests.app.render.sample_report import universe

WORDS = Words("en", universe("us"))
START = date(2020, 10, 2)
PATH = RotationPath(
    sector="financials",
    ticker="XLF",
    tail=tuple(
        TailPoint(
            period=START + timedelta(weeks=i),
            rs_ratio_index=97 + 0.4 * i,
            rs_momentum_index=100 + (i if i < 10 else 20 - i) * 0.3,
        )
        for i in range(20)
    ),
)


def spell(quadrant: str, first: int, last: int, peak: int) -> RotationSpell:
    tail = PATH.tail
    return RotationSpell.model_validate(
        {
            "sector": "financials",
            "frequency": "weekly",
            "quadrant": quadrant,
            "entered": tail[first].period,
            "left": tail[last].period,
            "bars_count": last - first + 1,
            "ratio_low_index": 97.0,
            "ratio_high_index": 104.0,
            "momentum_peak_index": 103.0,
            "momentum_peak_period": tail[peak].period,
            "momentum_last_index": tail[last].rs_momentum_index,
            "ratio_last_index": tail[last].rs_ratio_index,
            "running": last == 19,
        }
    )


SPELLS = (spell("IMPROVING", 0, 7, 7), spell("LEADING", 8, 19, 10))


def test_ends_entries_and_peaks_are_dated_on_the_path() -> None:
    told = [point.period for point in telling(PATH, SPELLS)]
    assert told == [PATH.tail[i].period for i in (0, 7, 8, 10, 19)]
    svg = path_chart(PATH, SPELLS, WORDS, colour="#1f4e9c", name="p").svg
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {WORDS.day(day) for day in told} <= set(texts)


def test_a_long_path_names_no_more_dates_than_can_be_read() -> None:
    many = tuple(spell("LEADING", i, i, i) for i in range(20))
    assert len(telling(PATH, many)) <= MAXIMUM_DATES


def test_other_sectors_stays_date_nothing() -> None:
    other = SPELLS[1].model_copy(update={"sector": "energy"})
    assert [p.period for p in telling(PATH, (other,))] == [
        PATH.tail[0].period,
        PATH.tail[-1].period,
    ]


def test_every_bar_has_its_node_and_says_its_date() -> None:
    svg = path_chart(PATH, SPELLS, WORDS, colour="#1f4e9c", name="p").svg
    titles = re.findall(r"<title>([^<]*)</title>", svg)
    assert [title.split(" · ")[0] for title in titles] == [WORDS.day(p.period) for p in PATH.tail]
