"""Lays a batch out as one page: each report's state and links, and what else is told of all."""

import base64
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Final

from jinja2 import Environment

from app.batching.records import Absence, Job, Outcome
from app.batching.summary import STATES, Summary
from app.render.bundle import FILE_OF, Format
from app.render.html import environment, template_text
from app.render.view import Block, Cell, Item, Tone
from app.writing import write_whole
from core.records.request import Language
from core.records.universe import Universe
from core.wording import date_text, entity_name

INDEX: Final = "index.html"
READ_FIRST: Final[tuple[Format, ...]] = ("html", "pdf", "email", "xlsx", "md", "json")
TONES: Final[Mapping[str, Tone]] = {"failed": "bad", "left": "warn"}


@dataclass(frozen=True, slots=True)
class Link:
    """A file of a report."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A report's line; numbers are words already."""

    name: str
    day: str
    state: str
    state_word: str
    tone: Tone
    top_overweight: str
    gaps: str
    seconds: str
    error: str
    files: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The reports of one universe."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """What the template lays out."""

    language: Language
    title: str
    synthetic: str
    totals: tuple[Item, ...]
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    groups: tuple[Rows, ...]
    blocks: tuple[Block, ...]


def write_index(
    summary: Summary,
    jobs: Sequence[Job],
    universes: Mapping[str, Universe],
    out: Path,
    *,
    blocks: tuple[Block, ...] = (),
) -> None:
    """Write the page into the batch's folder, whole or not at all.

    Args:
        summary: what became of the jobs.
        jobs: in the summary's order.
        universes: those of the jobs, by id.
        out: the batch's folder.
        blocks: what stands below the reports.
    """
    style = template_text("report.css") + _own("templates/index.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template("index.html.j2")
    page = _page(summary, jobs, universes, out=out, blocks=blocks)
    text = template.render(page=page, style=style, style_hash=f"sha256-{digest}")
    write_whole(out / INDEX, f"{text}\n".encode())


def _page(
    summary: Summary,
    jobs: Sequence[Job],
    universes: Mapping[str, Universe],
    *,
    out: Path,
    blocks: tuple[Block, ...],
) -> IndexPage:
    language = summary.plan.languages[0]
    words = _words(language)
    pairs = zip(jobs, summary.reports, strict=True)
    groups = tuple(
        Rows(
            entity_name(name, language, universes[name]),
            tuple(
                _row(job, outcome, universes[name], language=language, out=out)
                for job, outcome in mine
            ),
        )
        for name, mine in groupby(pairs, key=lambda pair: pair[0].universe)
    )
    return IndexPage(
        language=language,
        title=words["title"].format(count=_digits(len(jobs), 0, language)),
        synthetic=words["synthetic"] if any(universes[job.universe].synthetic for job in jobs)
        else "",
        totals=_totals(summary, language),
        notes=_notes(summary.ran_without, universes, language),
        headings=tuple(
            words[key]
            for key in ("report", "date", "state", "top_overweight", "gaps", "seconds", "files")
        ),
        groups=groups,
        blocks=blocks,
    )  # fmt: skip


def _row(job: Job, outcome: Outcome, universe: Universe, *, language: Language, out: Path) -> Row:
    words, there = _words(language), outcome.state in {"made", "kept"}
    top = outcome.top_overweight
    seconds, day = outcome.seconds, job.request.as_of
    return Row(
        name=job.name,
        day="" if day is None else date_text(day, language),
        state=outcome.state,
        state_word=words[f"state_{outcome.state}"],
        tone=TONES.get(outcome.state, ""),
        top_overweight=entity_name(top, language, universe) if top else _none(words, there),
        gaps=_digits(outcome.gaps_count, 0, language) if there else "",
        seconds="" if seconds is None else _digits(seconds, 1, language),
        error=outcome.error or "",
        files=_links(out / job.name) if there else (),
    )


def _none(words: Mapping[str, str], there: bool) -> str:
    return words["none"] if there else ""


def _totals(summary: Summary, language: Language) -> tuple[Item, ...]:
    words, counts = _words(language), summary.totals.model_dump()
    form = {None: "{engine}", 1: words["worker"]}.get(summary.workers, words["workers"])
    told = [(words[f"total_{state}"], _digits(counts[state], 0, language)) for state in STATES]
    told += [
        (words["seconds"], _digits(summary.seconds, 1, language)),
        (words["engine"], form.format(engine=summary.engine, workers=summary.workers)),
    ]
    return tuple(Item(label, Cell(text)) for label, text in told)


def _notes(
    absences: Sequence[Absence], universes: Mapping[str, Universe], language: Language
) -> tuple[str, ...]:
    if not absences:
        return ()
    words = _words(language)
    rows = "; ".join(
        words["of"].format(
            dataset=words[f"dataset_{row.dataset}"],
            universe=entity_name(row.universe, language, universes[row.universe]),
            day=date_text(row.day, language), have=row.have, expected=row.expected,
        )
        for row in absences
    )  # fmt: skip
    return (words["ran_without"].format(what=rows),)


def _links(folder: Path) -> tuple[Link, ...]:
    """Return the files a reader opens, in the order they are read."""
    there = [name for name in READ_FIRST if (folder / FILE_OF[name]).is_file()]
    return tuple(Link(name, f"{folder.name}/{FILE_OF[name]}") for name in there)


def _digits(value: float, decimals: int, language: Language) -> str:
    digits = f"{value:,.{decimals}f}"
    return digits.translate(str.maketrans(",.", ".,")) if language == "vi" else digits


@lru_cache(maxsize=2)
def _words(language: Language) -> Mapping[str, str]:
    return tomllib.loads(_own(f"words.{language}.toml"))


def _own(name: str) -> str:
    return files("app.batching").joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    names = ("index.html.j2", "macros.html.j2")
    own, shared = _own(f"templates/{names[0]}"), template_text(names[1])
    return environment(dict(zip(names, (own, shared), strict=True)))
