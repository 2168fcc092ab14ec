"""Every defence that is switched off is missed by a test: it is real, and so is the test."""

import ast
import pkgutil
from functools import cache
from pathlib import Path

import pytest

from core.errors import DataError
from evals.knockout.defence import Defence, fixed
from evals.knockout.defences import DEFENCES, NUMBERS
from evals.knockout.table import Outcome, outcome, row, table
from evals.knockout.told import Told

ROOT = Path(__file__).parents[3]
CHEAP = ("S4.keys",)
"""A row whose tests take less than a second."""
TEST = ast.FunctionDef | ast.AsyncFunctionDef
OF_FILES = {"pathlib.Path.read_text"}
"""Where a defence is a file's content: its test reads the file."""


@cache
def _tests_of(file: str) -> frozenset[str]:
    body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, TEST))


def _is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    return (ROOT / file).is_file() and name.startswith("test_") and name in _tests_of(file)


def _at(place: str) -> object:
    return pkgutil.resolve_name(place)


def test_every_defence_has_tests_that_are_there() -> None:
    missing = [test for row in DEFENCES.values() for test in row.tests if not _is_there(test)]
    assert missing == []
    assert all(row.tests and row.off for row in DEFENCES.values())


def test_every_structural_defence_can_be_switched_off() -> None:
    assert {row.number for row in DEFENCES.values()} == set(NUMBERS)


def _calls(test: str) -> set[str]:
    """Return the names a test calls itself."""
    file, _, name = test.partition("::")
    body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    of = next(node for node in body if isinstance(node, TEST) and node.name == name)
    called = [node.func for node in ast.walk(of) if isinstance(node, ast.Call)]
    names = {each.id for each in called if isinstance(each, ast.Name)}
    return names | {each.attr for each in called if isinstance(each, ast.Attribute)}


def test_no_test_calls_what_is_switched_off_so_that_it_shows_who_does() -> None:
    direct = [
        (defence.name, test)
        for defence in DEFENCES.values()
        for test in defence.tests
        if defence.of == "product" and not OF_FILES & {place for place, _ in defence.off}
        if {place.rpartition(".")[2] for place, _ in defence.off} & _calls(test)
    ]
    assert direct == []


def test_what_is_a_defence_of_the_evals_and_not_of_the_product_is_told_apart() -> None:
    own = {row.name for row in DEFENCES.values() if row.of == "evals"}
    assert own == {"S8.pages", "S8.weights", "S8.active"}


def test_every_place_of_a_defence_is_there_and_is_put_back() -> None:
    for defence in DEFENCES.values():
        before = [_at(place) for place, _ in defence.off]
        with defence.switched_off():
            assert [_at(place) for place, _ in defence.off] == [there for _, there in defence.off]
        assert [_at(place) for place, _ in defence.off] == before


def test_a_place_that_is_gone_is_an_error_and_no_knock_out() -> None:
    gone = Defence("S1.gone", "nothing", (("agents.verifier.nobody", fixed(None)),), ())
    with pytest.raises(AttributeError), gone.switched_off():
        pass


def test_a_test_that_breaks_has_noticed_nothing() -> None:
    broken = Outcome(Told(broken=("tests/a.py::test_b",)), 0.1)
    assert not broken.noticed
    assert "NOTHING (1 broken)" in table([(DEFENCES["S4.keys"], broken)])


@pytest.mark.prove
def test_an_unknown_defence_is_refused() -> None:
    with pytest.raises(DataError, match="no defence 'S99'"):
        outcome(["tests/core/test_strict_json.py"], without="S99")


@pytest.mark.parametrize("name", CHEAP)
def test_a_defence_that_is_off_is_noticed(name: str) -> None:
    found = row(DEFENCES[name])
    assert found.noticed
    assert not found.told.broken


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_all_tests_are_green_while_all_defences_are_on() -> None:
    tests = sorted({test for row in DEFENCES.values() for test in row.tests})
    found = outcome(tests)
    assert (found.told.red, found.told.broken) == ((), ())
    assert found.told.passed >= len(tests)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_every_defence_that_is_off_is_noticed() -> None:
    rows = [(defence, row(defence)) for defence in DEFENCES.values()]
    print(f"\n{table(rows)}")
    assert [defence.name for defence, found in rows if not found.noticed] == []
    assert [defence.name for defence, found in rows if found.told.broken] == []
