from pathlib import Path

import pytest

from core.errors import CallerError
from evals.records import Case, Turn
from evals.results.asking.grounds import chosen, grounds


def a_case(name: str, universe: str = "demo") -> Case:
    return Case(
        id=name, kind="vague", universe=universe, turns=(Turn(text="What leads?", language="en"),)
    )


CASES = (a_case("lead"), a_case("lead--vi"), a_case("held", "us"))


def test_cases_are_chosen_by_id_by_kind_and_by_universe() -> None:
    def ids(*patterns: str) -> list[str]:
        return [case.id for case in chosen(CASES, patterns)]

    assert ids() == ["lead", "lead--vi", "held"]
    assert ids("lead*") == ["lead", "lead--vi"]
    assert ids("us", "lead") == ["lead", "held"]
    assert ids("vague") == ids()
    with pytest.raises(CallerError, match="no case fits 'leads'"):
        chosen(CASES, ("lead", "leads"))


def test_without_market_data_the_real_cases_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    with grounds(CASES, shared=tmp_path / "data") as found:
        assert [case.id for case in found.cases] == ["lead", "lead--vi"]
        assert found.notes == ("1 case of real markets left out: no market data in data",)
    with grounds(CASES[:2], shared=tmp_path / "data") as found:
        assert found.notes == ()
        assert [folder.name for folder in found.folders] == ["demo"]
