"""The page as Markdown: the same tables, without HTML, links or pictures."""

import re
import string
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template

from app.render.html import template_text
from app.render.view import Page

MARKS = str.maketrans({mark: "\\" + mark for mark in "\\`*_[]<>|~"})
ALL_MARKS = str.maketrans({mark: "\\" + mark for mark in string.punctuation})
_BLANK_LINES = re.compile(r"\n{3,}")


def markdown(page: Page) -> str:
    """Return the page as Markdown; no text can open a tag, a link or a cell."""
    text = _template().render(page=page)
    lines = (line.rstrip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


@lru_cache(maxsize=1)
def _template() -> Template:
    made = Environment(  # noqa: S701 - Markdown: the filters below escape its marks
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["md"] = lambda text: str(text).translate(MARKS)
    made.filters["md_quoted"] = lambda text: str(text).translate(ALL_MARKS)
    return made.from_string(template_text("report.md.j2"))
