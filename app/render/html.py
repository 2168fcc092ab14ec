"""The page as one self-contained HTML file: no script, no address, one hashed style sheet."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import groupby

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from app.render.view import Column, Page

TEMPLATES = ("report.html.j2", "macros.html.j2")


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring columns under one group heading."""

    group: str
    span: int


def html(page: Page) -> str:
    """Return the page as HTML; everything but our own drawings and style is escaped."""
    style = template_text("report.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template("report.html.j2")
    return template.render(page=page, style=style, style_hash=f"sha256-{digest}") + "\n"


def environment(templates: Mapping[str, str]) -> Environment:
    """Return the templates by name, with what the shared macros need; everything is escaped."""
    made = Environment(
        loader=DictLoader(dict(templates)), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["groups"] = _groups
    made.filters["drawing"] = _drawing
    return made


def template_text(name: str) -> str:
    """Return a packaged template's text."""
    return files("app.render").joinpath("templates", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment({name: template_text(name) for name in TEMPLATES})


def _groups(columns: tuple[Column, ...]) -> list[Run]:
    return [Run(name, len(list(run))) for name, run in groupby(columns, key=lambda c: c.group)]


def _drawing(svg: str, alt: str) -> Markup:
    return Markup(svg.replace("<svg ", f'<svg aria-label="{escape(alt)}" ', 1))  # noqa: S704 - our own drawing
