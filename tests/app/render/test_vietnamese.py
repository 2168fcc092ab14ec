"""A Vietnamese reader meets no English words but names, symbols, pointers and terms of art."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

import pytest

from app.render.html import html
from app.render.markdown import markdown
from app.render.page import page
from app.render.sheets.book import sheets
from app.render.view import Page
from core.language.limits.holdings import SOURCE
from core.language.printed.factors import FACTORS, FEATURES
from core.language.printed.labels import LABELS
from core.language.printed.measured import MEASURES
from core.language.printed.series import SERIES
from core.measures import measure_of
from core.records.record import Record
from core.records.report import Report
from tests.app.render.html_probe import probe
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report

WORD = re.compile(r"[^\W\d_]{3,}")
POINTED = re.compile(r"\S+ /\S+")
CODE = re.compile(r"\S*(?:[_/]|\d-)\S*|sectorwise .*")
"""Ids, paths and commands: they are the same in every language."""
SPOKEN = ("title", "alt", "aria-label")
CATALOGUES = (("app.render", "labels"), ("app.render.tear", "labels"))
TERMS = ("RS-Ratio", "RS-Momentum", "Newey–West", "Relative Rotation Graph", "Brier")
GIVEN = ("balanced-growth", "holdings.xlsx", "prices.parquet")
"""What the user of the sample calls limits and files."""


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from _texts(value)


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in WORD.findall(text.casefold())}


@cache
def _vocabulary() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words only English catalogues have, and the terms a Vietnamese glossary has."""
    said: dict[str, list[str]] = {"en": [], "vi": []}
    for language, texts in said.items():
        for package, name in CATALOGUES:
            read = files(package).joinpath(f"{name}.{language}.toml").read_text("utf-8")
            texts += _texts(tomllib.loads(read))
        for named in (LABELS, MEASURES, FACTORS, FEATURES, SERIES):
            texts += [
                each for row in named.values() for key, each in row.items() if key == language
            ]
    glossary = files("prompts").joinpath("glossary.vi.toml").read_text("utf-8")
    terms = sorted(_texts(tomllib.loads(glossary)), key=len, reverse=True)
    return frozenset(_words(said["en"]) - _words(said["vi"])), (*TERMS, *GIVEN, *terms)


@cache
def _fields() -> frozenset[str]:
    """Return what fields of core's records are called where nobody named them."""
    kinds, known = [Record], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("core.records."):
            known |= {name for each in kind.model_fields for name in (each, measure_of(each)[0])}
    named = {name.replace("_", " ") for name in known if name not in {"t", "sectorwise"}}
    return frozenset(named - {row["vi"].casefold() for row in MEASURES.values()})


def english(texts: Iterable[str]) -> set[str]:
    """Return the texts that hold an English word, or a field's name for want of its own."""
    foreign, terms = _vocabulary()
    found = set()
    parts = {part.strip() for each in texts for part in each.split(" · ")}
    for text in parts - FACTORS.keys() - FEATURES.keys():
        bare = POINTED.sub(" ", text)
        for term in terms:
            bare = bare.replace(term, " ")
        bare = CODE.sub(" ", bare)
        if _words([bare]) & foreign or bare.partition(" (")[0].strip().casefold() in _fields():
            found.add(text)
    return found


@pytest.fixture(scope="module")
def report() -> Report:
    return full_report("vn", language="vi")


@pytest.fixture(scope="module")
def made(report: Report) -> Page:
    return page(report, {"vn": universe("vn")})


def _spoken(text: str) -> Iterator[str]:
    read = probe(text)
    yield from (node.text for node in read.nodes if node.inside("style") is None)
    for _, attrs in read.seen:
        yield from (attrs[name] for name in SPOKEN if attrs.get(name))


def test_english_words_are_found_and_ids_are_not() -> None:
    assert english(["Known at · us-01-heatmap /known_at", "Expected 1m"]) == {
        "Known at", "Expected 1m",
    }  # fmt: skip
    assert english(["Tính đến · us-01-heatmap /known_at · RS-Ratio · FPT", "season"]) == set()


def test_the_page_its_titles_and_its_pictures_are_in_vietnamese(made: Page) -> None:
    assert english(_spoken(html(made))) == set()


def test_a_title_leads_to_a_place_or_to_none(made: Page) -> None:
    titles = [attrs.get("title", "") for _, attrs in probe(html(made)).seen]
    assert any(title.startswith("phân bổ · tính đến") for title in titles)
    assert not [title for title in titles if "  " in title]


def test_rows_of_a_data_set_are_stored_not_learned(made: Page) -> None:
    titles = [attrs.get("title", "") for _, attrs in probe(html(made)).seen]
    rows = [title for title in titles if "/rows_count" in title]
    assert rows
    assert all(title.startswith("Số dòng đã lưu ·") for title in rows)


def test_the_plain_form_is_in_vietnamese(made: Page) -> None:
    assert english(markdown(made).splitlines()) == set()


def test_the_workbooks_tabs_and_headings_are_in_vietnamese(report: Report) -> None:
    made = sheets(report, {"vn": universe("vn")})
    assert english(sheet.title for sheet in made) == set()
    assert english(field.heading for sheet in made for field in sheet.fields) == set()


def test_holdings_stated_in_words_are_said_to_come_from_the_question(report: Report) -> None:
    stated = report.portfolios[0].model_copy(update={"source": SOURCE, "dated": None})
    made = page(report.model_copy(update={"portfolios": (stated,)}), {"vn": universe("vn")})
    held = next(item for item in made.universes[0].strip if item.label == "Danh mục")
    assert held.cell.plain == "câu hỏi"
