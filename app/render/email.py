"""The page as an e-mail: one column, styles and pictures inline, neither script nor link."""

import base64
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template

from app.render.html import template_text
from app.render.pdf import pictures_png
from app.render.view import Page, Tone

MAXIMUM_BYTES = 300_000
RESOLUTIONS = (150.0, 120.0, 96.0, 72.0, 54.0)
"""Pixels an inch, the finest first; the first whose message is small enough is taken."""
TONES: dict[Tone, str] = {
    "missing": "color:#6b7279", "good": "color:#1f4e9c", "warn": "color:#8a5a00",
    "bad": "color:#b3500f", "soft": "color:#6b7279", "strong": "font-weight:bold",
}  # fmt: skip


def email(page: Page) -> str:
    """Return the message as HTML below the size mail gateways cut at."""
    for resolution in RESOLUTIONS:
        text = _message(page, resolution)
        if len(text.encode()) < MAXIMUM_BYTES:
            return text
    return _message(page, RESOLUTIONS[-1])


def _message(page: Page, resolution: float) -> str:
    images = [
        base64.b64encode(png).decode() for png in pictures_png(page, pixels_per_inch=resolution)
    ]
    alts = [
        " ".join(picture.alt for picture in universe.map.pictures) or universe.map.title
        for universe in page.universes
    ]
    return _template().render(page=page, images=images, alts=alts, tones=TONES) + "\n"


@lru_cache(maxsize=1)
def _template() -> Template:
    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return made.from_string(template_text("email.html.j2"))
