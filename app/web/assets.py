"""Serves scripts, styles and the chart library under names that change with their content."""

import hashlib
from functools import lru_cache
from importlib.metadata import version as distributed
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Lock
from typing import Final

from fastapi import APIRouter, HTTPException, Response

TYPES: Final = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
VEGA: Final = "vega.js"
DRAWN_BY: Final = "vl-convert-python"
EXPOSED: Final = "window.vegaEmbed = vegaEmbed; window.vega = vega;"
_BUNDLING: Final = Lock()
FOREVER: Final = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def assets() -> dict[str, bytes]:
    """Return the files of ours that we serve, by name; the chart library is beside them."""
    return {name: entry.read_bytes() for name, entry in _below(files("app.web") / "static", "")}


def chart_library() -> bytes:
    """Return the chart library; to put it together takes seconds, once a process."""
    with _BUNDLING:
        return _bundle()


@lru_cache(maxsize=1)
def _bundle() -> bytes:
    import vl_convert as vlc

    return vlc.javascript_bundle(EXPOSED).encode()


def asset_path(name: str) -> str:
    """Return the address of a file; it changes when any file does, so that all may be kept.

    Scripts import each other by relative names, so one version is everybody's.
    """
    return f"/static/{version()}/{name}"


@lru_cache(maxsize=1)
def version() -> str:
    """Return a short hash of all files together, and of which chart library is beside them."""
    digest = hashlib.sha256(f"{distributed(DRAWN_BY)} {EXPOSED}".encode())
    for name, content in sorted(assets().items()):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


def add_assets(router: APIRouter) -> None:
    """Register them."""
    router.add_api_route(
        "/static/{shown}/{name:path}", _asset, methods=["GET"], include_in_schema=False
    )


def _asset(shown: str, name: str) -> Response:
    content = chart_library() if name == VEGA else assets().get(name)
    if content is None:
        raise HTTPException(404)
    kind = TYPES[name.rpartition(".")[2]]
    keep = FOREVER if shown == version() else "no-cache"
    return Response(content, media_type=kind, headers={"cache-control": keep})


def _below(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            found += _below(entry, f"{prefix}{entry.name}/")
        elif entry.name.rpartition(".")[2] in TYPES:
            found.append((prefix + entry.name, entry))
    return found
