"""A backtest as one self-contained HTML page: no script, no address, one hashed style sheet."""

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from app.render.html import template_text
from app.render.tear.front import bottom_line, caveats, strip
from app.render.tear.lines import wealth
from app.render.tear.parts import Row, rows
from app.render.tear.series import TearsheetSeries
from app.render.tear.words import TearWords
from app.render.view import Block, Column, Item, Picture
from core.records.backtest import BacktestResult

TEMPLATES = ("tearsheet.html.j2", "macros.html.j2")
STYLES = ("report.css", "tearsheet.css")
HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the template lays out."""

    language: str
    title: str
    under: str
    synthetic: str
    strip: tuple[Item, ...]
    caveats: tuple[str, ...]
    headline: Block
    wealth_title: str
    wide: Picture
    narrow: Picture
    rows: tuple[Row, ...]
    made: str
    disclaimer: str


def tearsheet_html(result: BacktestResult, series: TearsheetSeries) -> str:
    """Return the page; the same record and series give the same bytes."""
    style = "".join(template_text(name) for name in STYLES)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template("tearsheet.html.j2")
    page = _sheet(result, series)
    return template.render(page=page, style=style, style_hash=f"sha256-{digest}") + "\n"


def _sheet(result: BacktestResult, series: TearsheetSeries) -> Sheet:
    words = TearWords(series.language, series.sectors)
    name = words.strategy(result.spec.signal)
    return Sheet(
        language=series.language,
        title=words.text("title", strategy=name, market=series.market),
        under=words.text("under"),
        synthetic=words.text("synthetic") if "synthetic" in result.caveats else "",
        strip=strip(result, series, words),
        caveats=caveats(result, words),
        headline=bottom_line(result, words),
        wealth_title=words.label("title", "wealth"),
        wide=wealth(series, name, words, wide=True),
        narrow=wealth(series, name, words, wide=False),
        rows=rows(result, series, words),
        made=words.text(
            "made", data=result.data_sha256[:HASH_SHOWN],
            result=result.content_hash()[:HASH_SHOWN],
        ),
        disclaimer=words.text("disclaimer"),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=DictLoader({name: template_text(name) for name in TEMPLATES}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["groups"] = _groups
    made.filters["drawing"] = _drawing
    return made


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring columns under one group heading."""

    group: str
    span: int


def _groups(columns: tuple[Column, ...]) -> list[_Run]:
    return [_Run(name, len(list(run))) for name, run in groupby(columns, key=lambda c: c.group)]


def _drawing(svg: str, alt: str) -> Markup:
    return Markup(svg.replace("<svg ", f'<svg aria-label="{escape(alt)}" ', 1))  # noqa: S704 - our own drawing
