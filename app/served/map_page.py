"""Decides what the rotation map's page for MCP Apps may do: draw, and ask its host for tools.

It is one file without an address in it. Its own policy allows its one script and its one style by
their hashes and nothing else: no request, no frame, no form. It follows SEP-1865 (2026-01-26).
"""

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from string import Template
from typing import Final

MAP_URI: Final = "ui://sectorwise/rotation-map"
MAP_PAGE: Final = "text/html;profile=mcp-app"
FILES: Final = ("map_page.html", "map_page.css", "map_page.js")


@lru_cache(maxsize=1)
def map_page() -> str:
    """Return the page."""
    html, style, script = (files("app.served").joinpath(name).read_text("utf-8") for name in FILES)
    return Template(html).substitute(
        style=style, script=script, style_hash=_hash(style), script_hash=_hash(script)
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
