"""A past rotation told stay by stay."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from agents import notices
from agents.material import Material
from core.records.evidence import Evidence, Gap
from core.records.plan import ToolArguments
from core.records.request import Focus
from core.records.sectors import (
    Quadrant,
    RotationHistoryResult,
    RotationPath,
    RotationSpell,
    TailPoint,
)
from tests.agents.claims.told import UNIVERSES, heatmap, material, texts, told

SINCE, UNTIL = date(2025, 10, 1), date(2026, 3, 20)
WEEKS = tuple(date(2025, 10, 3) + timedelta(days=7 * week) for week in range(25))


def _stay(
    sector: str, quadrant: Quadrant, first: int, last: int, **course: object
) -> RotationSpell:
    fields: dict[str, object] = {
        "sector": sector, "frequency": "weekly", "quadrant": quadrant, "entered": WEEKS[first],
        "left": WEEKS[last], "bars_count": last - first + 1, "ratio_low_index": 99.0,
        "ratio_high_index": 104.0, "momentum_peak_index": 101.89,
        "momentum_peak_period": WEEKS[last], "momentum_last_index": 101.0,
        "ratio_last_index": 103.0, "running": last == len(WEEKS) - 1,
    }  # fmt: skip
    return RotationSpell.model_validate({**fields, **course})


TURN = {
    "momentum_peak_index": 103.06, "momentum_peak_period": WEEKS[15],
    "momentum_turn_index": 100.49, "momentum_turn_period": WEEKS[20],
}  # fmt: skip
ROWS = (
    _stay("financials", "IMPROVING", 0, 10),
    _stay("financials", "LEADING", 11, 24, **TURN),
    _stay("energy", "LAGGING", 0, 24, momentum_peak_index=97.0, momentum_peak_period=WEEKS[3]),
)


def _tail(sector: str) -> RotationPath:
    points = tuple(
        TailPoint(period=day, rs_ratio_index=103.2, rs_momentum_index=101.0) for day in WEEKS
    )
    return RotationPath(sector=sector, ticker=sector.upper(), tail=points)


def told_path(*sectors: str, language: str = "en") -> Material:
    envelope = heatmap().model_dump(exclude={"rows", "skill", "tool"})
    result = RotationHistoryResult.model_validate(
        {**envelope, "tool": "get_rotation_history", "frequency": "weekly", "since": SINCE,
         "rows": [row for row in ROWS if row.sector in sectors or not sectors],
         "paths": [_tail("financials"), _tail("energy")]}
    )  # fmt: skip
    item = Evidence(
        id="toy-rotation-history", node="heatmap", tool="get_rotation_history", server="own",
        arguments=ToolArguments(region="toy", since=SINCE), sha256="0" * 64, result=result,
    )  # fmt: skip
    focus = tuple(Focus(universe="toy", sector=sector, said=sector) for sector in sectors)
    made = material(
        intent="question", topics=("path", "rotation"), since=SINCE, as_of=UNTIL, focus=focus,
        language=language,
    )  # fmt: skip
    return replace(made, evidence=(*made.evidence, item))


def test_a_path_is_told_with_dates_peak_and_fading() -> None:
    said = texts(told_path("financials"), "answer")

    assert said == [
        "Financials, weekly bars against All sectors, from 1 Oct 2025 to 20 Mar 2026.",
        "Financials was IMPROVING from the start of the span, 3 Oct 2025, until 12 Dec 2025 "
        "(11 bars).",
        "There its RS-Momentum peaked at 101.89 on 12 Dec 2025.",
        "Financials was LEADING from 19 Dec 2025, and still so at the end of the span, "
        "20 Mar 2026 (14 bars).",
        "There its RS-Momentum peaked at 103.06 on 16 Jan 2026, then faded to 100.49 on "
        "20 Feb 2026, when RS-Ratio stood at 103.20.",
    ]


def test_a_path_is_told_in_vietnamese() -> None:
    said = texts(told_path("financials", language="vi"), "answer")

    assert said[3].startswith("Tài chính ở trạng thái Dẫn dắt từ 19/12/2025 và vẫn vậy ở cuối")
    assert "đạt đỉnh 103,06 ngày 16/01/2026, rồi hạ về 100,49 ngày 20/02/2026" in said[4]


def test_a_stay_below_the_centre_is_told_by_its_low() -> None:
    said = texts(told_path("energy"), "answer")

    assert said[1].startswith("Energy was LAGGING throughout, from 3 Oct 2025")
    assert said[2] == "There its RS-Momentum was lowest at 97.00 on 24 Oct 2025."


def test_without_a_sector_the_leaders_of_the_span_are_told() -> None:
    said = texts(told_path(), "answer")

    assert said[0].startswith("Toy market: the sectors that led on weekly bars against All sectors")
    assert [text.split(" was ")[0] for text in said[1:]] == ["Financials"]


@pytest.mark.parametrize("sector", ["financials", "energy"])
def test_nothing_of_a_told_past_looks_ahead(sector: str) -> None:
    said = told(told_path(sector))

    assert {sentence.section for sentence in said} == {"answer"}
    for word in ("expected", "probability", "outperform", "target weight", "overweight"):
        assert not any(word in sentence.text for sentence in said)


def test_a_path_that_did_not_come_is_said_to_be_missing() -> None:
    made = material(intent="question", topics=("path",), since=SINCE)
    gaps = tuple(
        Gap.model_validate(
            {"id": name, "universe": "toy", "node": "heatmap", "tool": name,
             "gap": {"reason": "not_served", "actor": "user"}}
        )
        for name in ("get_rotation_history", "get_whale_activity")
    )  # fmt: skip
    (said,) = notices.missing(replace(made, gaps=gaps))

    assert said.text.startswith("Path of the rotation: the tool server does not offer this")
    assert set(UNIVERSES) == {"toy"}
