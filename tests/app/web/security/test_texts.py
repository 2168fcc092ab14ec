"""Every attack string as a label, a question, a tool's text and a model's: it stays a text."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from agents.llm.scripted import ScriptedModel
from agents.toolbox.errors import AnswerRejectedError
from agents.toolbox.gate import admitted, canonical_text
from agents.toolbox.spec import CallLimits
from app.render.delimited import RISKY, delimited
from app.render.email import email
from app.render.html import html
from app.render.markdown import markdown
from app.render.page import page
from app.render.sheets.book import sectors_sheet, sheets
from app.render.xlsx import xlsx
from core.records.desk import Signatures
from core.records.report import Report
from core.records.universe import Universe
from tests.agents.bench import Bench, a_request
from tests.agents.toolbox.test_gate import STEPS, UNIVERSE, _answer
from tests.app.render.html_probe import probe
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report
from tests.app.web.security.strings import Table, everything, texts
from tests.servers.market import AS_OF

WORLD = universe("us")
CLEAN = full_report("us")
_MARKUP = re.compile(r"(?<!\\)(?:\\\\)*(?:!?\[[^\]\\]*\]\(|<[a-zA-Z/!?]|\]:)")
"""Markdown that would be a link, a picture, a reference or a tag."""

SYMBOL = r"[A-Za-z0-9][A-Za-z0-9._:=^-]{0,31}"
TOGETHER = 25
"""How many strings make one label of a short run."""

Strings = tuple[tuple[str, str], ...]


def handfuls(size: int) -> Iterator[Strings]:
    """Yield all strings, so many at a time; the last handful is filled up from the first."""
    strings = everything()
    for start in range(0, len(strings), size):
        yield (strings[start : start + size] + strings[:size])[:size]


def labelled(names: list[str]) -> Universe:
    """Return the universe with other names for its sectors and itself."""
    sectors = tuple(
        sector.model_copy(update={"name_en": name, "name_vi": name})
        for sector, name in zip(WORLD.sectors, names, strict=True)
    )
    return WORLD.model_copy(update={"sectors": sectors, "name_en": names[0], "name_vi": names[0]})


def asked(text: str) -> Report:
    """Return the report with a string for its question and its signatures."""
    request = CLEAN.request.model_copy(update={"text": text})
    hands = Signatures(prepared=text[:80], reviewed=text[:80], approved=text[:80])
    return CLEAN.model_copy(update={"request": request, "signatures": hands})


def skeleton(text: str) -> Counter[str]:
    """Return the tags of a page with the names of their attributes; what is cut has a title."""
    seen = ((tag, sorted(given)) for tag, given in probe(text).seen)
    return Counter(f"{tag} {given}" for tag, given in seen if given != ["class", "title"])


@cache
def clean_skeletons() -> tuple[Counter[str], Counter[str]]:
    shown = page(asked("x"), {"us": WORLD})
    return skeleton(html(shown)), skeleton(email(shown))


def wrong_page(report: Report, world: Universe) -> str | None:
    """Return which form of a report lets a text be more than a text."""
    shown = page(report, {"us": world})
    for made, clean in zip((html(shown), email(shown)), clean_skeletons(), strict=True):
        if more := skeleton(made) - clean:
            return f"tags {more}"
        loaded = [v for _, given in probe(made).seen for k, v in given.items() if k == "src"]
        if not all(value.startswith("data:") for value in loaded):
            return f"loads {loaded}"
    found = _MARKUP.search(markdown(shown))
    return f"markdown {found.group()!r}" if found else None


def wrong_cells(report: Report, world: Universe) -> str | None:
    """Return a cell that a spreadsheet would compute."""
    text = delimited(sectors_sheet(report, {"us": world}))
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            is_number = re.fullmatch(r"-?[\d.e+-]+", cell)
            if cell.lstrip().startswith(RISKY) and not is_number:
                return f"cell {cell!r}"
    book = zipfile.ZipFile(io.BytesIO(xlsx(sheets(report, {"us": world}))))
    formulas = [name for name in book.namelist() if b"<f" in book.read(name).replace(b"<font", b"")]
    return f"formula in {formulas}" if any("sheet" in name for name in formulas) else None


def test_labels_of_a_universe_are_names_in_every_form_of_a_report(table: Table) -> None:
    places = len(WORLD.sectors)
    for strings in handfuls(places * TOGETHER):
        names = [" ".join(text for _, text in strings[n::places]) for n in range(places)]
        wrong = wrong_page(asked("x"), labelled(names))
        for kind, _ in strings:
            table.note("labels", kind, wrong)
    assert table.failures("labels") == []


def test_labels_of_a_universe_are_never_formulas(table: Table) -> None:
    for strings in handfuls(len(WORLD.sectors)):
        wrong = wrong_cells(CLEAN, labelled([text for _, text in strings]))
        for kind, _ in strings:
            table.note("labels in sheets", kind, wrong)
    assert table.failures("labels in sheets") == []


def test_questions_and_signatures_are_words_in_every_form_of_a_report(table: Table) -> None:
    for text in texts(3900):
        wrong = wrong_page(asked(text), WORLD)
        for kind, one in everything():
            if one in text:
                table.note("questions in reports", kind, wrong)
    assert table.failures("questions in reports") == []


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_each_label_and_question_alone_is_words_in_every_form_of_a_report(table: Table) -> None:
    for strings in handfuls(len(WORLD.sectors)):
        wrong = wrong_page(asked("x"), labelled([text for _, text in strings]))
        for kind, text in strings:
            table.note("labels", kind, wrong)
            table.note("questions in reports", kind, wrong_page(asked(text), WORLD))
    assert table.failures("labels") == []
    assert table.failures("questions in reports") == []


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where the texts of an answer stand."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from places(child, (*path, name))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


def replaced(value: object, path: tuple[str | int, ...], text: str) -> object:
    """Return the answer with a text in one place."""
    if not path:
        return text
    first, *rest = path
    if isinstance(value, list):
        return [replaced(v, tuple(rest), text) if n == first else v for n, v in enumerate(value)]
    assert isinstance(value, dict)
    return {k: replaced(v, tuple(rest), text) if k == first else v for k, v in value.items()}


def told(tool: str, path: tuple[str | int, ...], text: str) -> str | None:
    """Return what a stranger's tool could tell by a text in one place of its answer."""
    raw = replaced(_answer(tool), path, text)
    try:
        result = admitted(
            canonical_text(raw, CallLimits()), STEPS[tool], UNIVERSE, latest=AS_OF, ours=False
        )
    except AnswerRejectedError:
        return None
    if re.fullmatch(SYMBOL, text):  # a device's name may be a ticker too; it is only ever shown
        return None
    kept = json.dumps(text, ensure_ascii=False)
    return f"{tool} {path}" if kept in result.canonical_json() else None


SPOTS = tuple((tool, path) for tool in sorted(STEPS) for path in places(_answer(tool)))


def test_no_text_of_a_tool_or_a_recording_passes_the_gate(table: Table) -> None:
    for number, (kind, text) in enumerate(everything()):
        for shift in range(4):
            tool, path = SPOTS[(4 * number + shift) % len(SPOTS)]
            table.note("tool texts, recordings", kind, told(tool, path, text))
    assert table.failures("tool texts, recordings") == []


@pytest.mark.prove
def test_no_text_anywhere_in_an_answer_passes_the_gate(table: Table) -> None:
    for kind, text in everything():
        for tool, path in SPOTS:
            table.note("tool texts, recordings", kind, told(tool, path, text))
    assert table.failures("tool texts, recordings") == []


def claims(strings: Strings, fact: str) -> list[dict[str, object]]:
    """Return claims of a model that bring a string each, in its sentence and around a slot."""
    return [
        {
            "section": "rotation", "comparator": "states",
            "facts": [fact], "text": f"For {{entity}} {text} the {{measure}} is {{value}}."[:400],
        }
        for _, text in strings
    ]  # fmt: skip


def test_no_text_of_a_model_reaches_a_reader(table: Table) -> None:
    plain = Bench().run(a_request())
    fact = next(f for f in plain.facts if f.measure == "excess_3m" and f.subject == "energy")
    for strings in handfuls(100):
        draft = json.dumps({"claims": claims(strings, fact.id)})
        model = ScriptedModel(['{"steps": []}', draft, '{"steps": []}', draft])
        report = Bench().run(a_request(), model=model)
        assert report.allocations == plain.allocations
        said = "\n".join(sentence.text for sentence in report.sentences)
        for kind, text in strings:
            inside = f"For Energy {text} the" in said and not _is_words(text)
            table.note("model texts", kind, text if inside else None)
    assert table.failures("model texts") == []


def _is_words(text: str) -> bool:
    """Tell whether a string is letters alone: such a one says nothing a client would follow."""
    return re.fullmatch(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*", text) is not None
