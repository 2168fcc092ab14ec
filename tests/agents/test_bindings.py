"""A true number is not told of another sector, measure, frequency, benchmark or date."""

from datetime import date

import pytest

from agents.bindings import well_bound
from agents.slots import pieces
from core.records.evidence import Fact
from core.records.report import Claim, Comparator


def _fact(name: str, **changes: object) -> Fact:
    fields: dict[str, object] = {
        "id": name, "universe": "toy", "subject": "energy", "measure": "rs_ratio.weekly",
        "value": 101.0, "unit": "index", "as_of": date(2024, 5, 31), "frequency": "weekly",
        "benchmark": "basket", "evidence": "e1", "pointer": "/rows/0",
    }  # fmt: skip
    return Fact.model_validate({**fields, **changes})


RATIO = _fact("ratio")
MOMENTUM = _fact("momentum", measure="rs_momentum.weekly", value=99.0)
DAILY = _fact("daily", measure="rs_ratio.daily", frequency="daily")
BANKS = _fact("banks", subject="banks", value=97.0)
OLDER = _fact("older", measure="return_3m", benchmark=None, as_of=date(2024, 4, 30))
WHOLE = _fact("whole", subject="toy", measure="return_3m", benchmark=None)


def _bound(text: str, *facts: Fact, comparator: Comparator = "states") -> bool:
    claim = Claim(
        section="rotation", universe="toy", entity=facts[0].subject, comparator=comparator,
        facts=tuple(fact.id for fact in facts), text=text,
    )  # fmt: skip
    slots = tuple(slot for _, slot in pieces(text) if slot is not None)
    return well_bound(slots, claim, facts)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("For {entity}, the {measure} stands at {value} as of {date}.", (RATIO,)),
        ("The {measure} of {entity} is {value} against {benchmark}.", (RATIO,)),
        ("{entity}: {measure} {value}, {measure_2} {value_2}.", (RATIO, MOMENTUM)),
        ("{measure}: {entity} {value}, {name_2} {value_2}.", (RATIO, BANKS)),
        ("{entity}: {measure} {value}; {name_2}: {measure_2} {value_2}.", (RATIO, WHOLE)),
        ("{entity}: {measure} {value}; {universe}: {measure_2} {value_2}.", (RATIO, WHOLE)),
        ("{entity}: {measure_2} {value_2}, {measure} {value}.", (RATIO, MOMENTUM)),
    ],
)
def test_names_before_their_own_values_are_well_bound(text: str, facts: tuple[Fact, ...]) -> None:
    assert _bound(text, *facts)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("{entity}: {measure} {value_2}, {measure_2} {value}.", (RATIO, MOMENTUM)),
        ("{entity}: {measure_2} {value}.", (RATIO, MOMENTUM)),
        ("{entity}: {measure} {value_2}.", (RATIO, DAILY)),
        ("{entity}: {measure} and {measure_2} {value_2}.", (RATIO, MOMENTUM)),
        ("{entity}: {measure} {value}, {value_2}.", (RATIO, MOMENTUM)),
        ("{entity}: {measure} {value_2}.", (RATIO, BANKS)),
        ("{name_2}: {measure} {value}.", (RATIO, BANKS)),
        ("{name_2} and {entity}: {measure} {value}.", (RATIO, BANKS)),
        ("{entity}: {measure} {value} with {name_2}.", (RATIO, BANKS)),
        ("{universe}: {measure} {value}.", (RATIO,)),
        ("{entity} has {value}.", (RATIO,)),
        ("{measure} {value}.", (RATIO,)),
        ("{entity}: {measure}.", (RATIO,)),
        ("{entity}.", (RATIO,)),
        ("{entity}: {measure} {value} as of {date_2}.", (RATIO, OLDER)),
        ("{entity}: {measure} {value}, {measure_2} {value_2} as of {date}.", (RATIO, OLDER)),
        ("{entity}: {measure} {value} against {benchmark_2}.", (RATIO, MOMENTUM)),
        ("{benchmark}, {entity}: {measure} {value}.", (RATIO,)),
        ("{entity}: {key} {value}.", (RATIO,)),
        ("{entity}: {measure} {value} in {currency}.", (RATIO,)),
        ("{names}: {measure} {value}.", (RATIO,)),
        ("{entity}: {measure} {value_2}.", (RATIO,)),
    ],
)
def test_a_value_behind_anothers_name_is_not(text: str, facts: tuple[Fact, ...]) -> None:
    assert not _bound(text, *facts)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("{entity}: {measure} {value}, {comparator}.", True),
        ("For {entity} the {measure} is {comparator} at {value}.", True),
        ("{entity} has {comparator} {measure}, {value}.", True),
        ("{entity}: {measure} is {comparator} at {value}, {measure_2} {value_2}.", True),
        ("{entity}: {measure} {value}, {measure_2} {value_2}, {comparator}.", False),
        ("{entity}: {measure} {value}, {comparator} {measure_2} {value_2}.", False),
        ("{entity}: {measure_2} {value_2}, {comparator} {measure} {value}.", False),
        ("{entity} is {comparator}.", False),
        ("{comparator}, {entity}: {measure} {value}.", False),
    ],
)
def test_a_comparator_is_said_of_the_first_fact_alone(text: str, *, bound: bool) -> None:
    assert _bound(text, RATIO, MOMENTUM, comparator="highest") == bound


def test_a_comparator_is_not_said_of_anothers_value() -> None:
    text = "{measure}: {entity} {value}, {name_2} is {comparator} at {value_2}."
    assert not _bound(text, RATIO, BANKS, comparator="highest")
    text = "{measure}: {entity} is {comparator} {name_2} {value_2}, {entity} {value}."
    assert not _bound(text, RATIO, BANKS, comparator="above")
