import re
from functools import cache
from pathlib import Path

import pytest

from core.language.printed.connecting import CONNECTING
from evals.cases.reading import load_cases
from evals.faults.cells import cells
from evals.injection.corpus import CROSSINGS, corpus, goals, wrappers
from evals.kit.compromised import GOALS
from evals.kit.modes import MODES
from evals.knockout.defences import DEFENCES
from evals.numbers.mutants import OPERATORS
from tests.core.language.limits import test_no_limit_lost as limits
from tests.evals.numbers.test_mutants import WORDS_ALONE
from tests.evals.second.tampering import ENGLISH, HELD

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_there_are_links_to_follow() -> None:
    assert LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


@cache
def _said(page: str) -> str:
    return " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())


def test_how_many_ways_to_be_false_there_are() -> None:
    every, semantic = len(OPERATORS), sum(one.semantic for one in OPERATORS)
    words = {language: len(phrases) for language, phrases in CONNECTING.items()}
    numbers = _said("evals.md")
    assert f"false sentences by {every} operators" in _said("trust.md")
    assert f"by {every} operators, {semantic} of which leave every number true" in numbers
    assert f"All {every - semantic} operators of wrong figures" in numbers
    assert f"{len(WORDS_ALONE)} of the others fall to that list of words alone" in numbers
    assert f"of the {every} operators but one that needs a told path" in numbers
    assert f"{words['en']} English or {words['vi']} Vietnamese connecting words" in numbers


def test_how_many_kinds_of_tampering_and_defences_there_are() -> None:
    kinds = len({*ENGLISH, *HELD})
    own = sum(row.of == "product" for row in DEFENCES.values())
    evals = len(DEFENCES) - own
    assert f"{kinds} of {kinds} kinds of tampering told" in _said("trust.md")
    assert f"| {kinds} of {kinds} told |" in _said("evals.md")
    assert f"{own} of {own} of the product and {evals} of {evals} of the evals" in _said("trust.md")
    told = f"Of the {len(DEFENCES)}, {own} are the product's, {evals} the evals' own"
    assert told in _said("evals.md")


def test_how_many_modes_of_failure_and_attacks_there_are() -> None:
    grid = f"{len(MODES)} modes × 2 agents × whole and streamed: {len(cells())} cells"
    whole = f"{len(goals())} goals x {len(wrappers())} wrappers x {CROSSINGS} encodings"
    assert grid in _said("trust.md")
    assert f"{len(MODES)} modes (`evals/kit/modes.py`" in _said("evals.md")
    assert f"{whole} = {len(corpus()):,} texts" in _said("evals.md")
    assert f"{len(GOALS)} scripted goals" in _said("evals.md")


def test_how_many_cases_there_are() -> None:
    every = load_cases()
    demo = [case for case in every if case.universe == "demo"]
    bases = {case.base for case in every}
    asked = sum(len(case.turns) for case in every)
    varied = f"{len(bases)} conversations, {len(every)} with their variants"
    assert varied in _said("evals.md")
    assert f"{asked} questions; {len({case.base for case in demo})} ({len(demo)}) of them" in _said(
        "evals.md"
    )


def test_how_many_ways_to_say_a_limit_are_drawn_from() -> None:
    english = limits.CAPS + limits.FLOORS + limits.OUTS
    vietnamese = limits.CAPS_VI + limits.FLOORS_VI + limits.OUTS_VI
    told = f"texts drawn from {len(english) + len(vietnamese)} forms in two languages"
    assert told in _said("trust.md")
