"""Every expected field is looked for in the request, and a refused question was not understood."""

from datetime import date

import pytest

from core.records.holdings import Holdings, Position
from core.records.mandate import MandatePatch
from core.records.report import Report
from core.records.request import Focus
from evals.records import Expected
from evals.scorers.asked.understood import held_by
from tests.evals.scorers.given import NAMED, a_limited_report, a_report, ran_of, refused, value

RIGHT = Expected(
    intent="what_if",
    universes=("toy",),
    horizon="1M",
    excluded=("energy",),
    caps={"technology": 0.05},
    as_of=date(2026, 3, 20),
)


def test_a_request_that_has_all_that_is_expected_is_understood() -> None:
    assert value("request-understood", a_limited_report(), expected=RIGHT) == 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"intent": "report"},
        {"universes": ("us",)},
        {"horizon": "3M"},
        {"as_of": date(2025, 1, 1)},
        {"since": date(2025, 1, 1)},
        {"benchmark": "spy"},
        {"sides": ("weakest",)},
        {"ago": "friday"},
        {"sectors": ("energy",)},
        {"topics": ("rotation",)},
        {"symbols": ("FPT",)},
        {"excluded": ("utilities",)},
        {"caps": {"technology": 0.5}},
        {"floors": {"technology": 0.1}},
        {"turnover": 0.05},
        {"held": {"technology": 0.1}},
        {"excluded": ()},
        {"caps": {}},
    ],
)
def test_each_field_that_differs_is_missed(wrong: dict[str, object]) -> None:
    expected = Expected.model_validate({**RIGHT.model_dump(), **wrong})
    assert value("request-understood", a_limited_report(), expected=expected) < 1.0


@pytest.mark.parametrize(
    "invented",
    [
        {"caps": [{"sector": "energy", "cap": 0.2}]},
        {"floors": [{"sector": "energy", "floor": 0.2}]},
        {"excluded": ["energy"]},
        {"turnover": 0.5},
    ],
)
def test_a_limit_nobody_asked_for_is_found(invented: dict[str, object]) -> None:
    patched = _asking(patch=MandatePatch.model_validate(invented))
    assert value("request-understood", _asking()) == 1.0
    assert value("request-understood", patched) == 0.5
    refused_anyway = Expected(refuses=True)
    assert value("request-understood", patched, expected=refused_anyway) == 1.0


def test_a_turnover_read_as_ten_times_what_it_is_is_found() -> None:
    patched = _asking(patch=MandatePatch(turnover=0.5))
    assert value("request-understood", patched, expected=Expected(turnover=0.5)) == 1.0
    assert value("request-understood", patched, expected=Expected(turnover=0.05)) == 0.5


def test_holdings_nobody_named_are_found() -> None:
    rows = (Position(sector="energy", weight=0.25),)
    held = Holdings(universe="toy", dated=None, source="words", positions=rows)
    stated = Expected(held={"energy": 0.25, "cash": 0.75})
    assert value("request-understood", _asking(holdings=held), expected=stated) == 1.0
    assert value("request-understood", _asking(holdings=held)) == 1 / 3
    less = Expected(held={"cash": 0.75})
    assert value("request-understood", _asking(holdings=held), expected=less) == 2 / 3


def test_a_sector_beside_those_named_is_found_where_any_is() -> None:
    rows = [Focus(universe="toy", sector=name, said=name) for name in ("energy", "utilities")]
    report = _asking(focus=tuple(rows))
    both = Expected(sectors=("energy", "utilities"))
    assert value("request-understood", report, expected=both) == 1.0
    assert value("request-understood", report, expected=Expected(sectors=("energy",))) == 2 / 3
    assert value("request-understood", report) == 1.0


def test_another_language_is_no_understanding() -> None:
    found = NAMED["request-understood"](ran_of(a_report(), language="vi"))
    assert found.value == 0.0


def test_words_that_were_refused_were_not_understood_unless_they_should_be() -> None:
    scorer = NAMED["request-understood"]
    assert scorer(refused("RequestError: empty", RIGHT)).value == 0.0
    assert scorer(refused("RequestError: empty", Expected(refuses=True))).value is None


def test_what_is_held_leaves_the_rest_in_cash() -> None:
    rows = (Position(sector="energy", weight=0.25), Position(symbol="FPT", weight=0.25))
    held = Holdings(universe="toy", dated=None, source="words", positions=rows)
    assert held_by(held) == {"energy": 0.25, "FPT": 0.25, "cash": 0.5}
    assert held_by(held.model_copy(update={"cash_weight": 0.1}))["cash"] == 0.1


def test_a_date_of_the_report_stands_for_a_question_without_one() -> None:
    report: Report = a_report()
    assert value("request-understood", report, expected=Expected(as_of=report.as_of[0])) == 1.0


def _asking(**changes: object) -> Report:
    """Return the report with a request that was read otherwise."""
    return a_report().model_copy(update={"request": a_report().request.model_copy(update=changes)})
