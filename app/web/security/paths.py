"""Decides what kind of door a path is: who it is for, and what its refusals look like."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

STATIC: Final = "/static/"
LOGIN: Final = "/login"
LOGOUT: Final = "/logout"
HEALTH: Final = ("/healthz", "/readyz")
METRICS: Final = "/metrics"
MCP: Final = "/mcp"
OPENAI: Final = "/v1/"
OPENBB: Final = ("/agents.json", "/v1/query")
NO_PAGES: Final = ("/api/", OPENAI, MCP, "/agents.json", "/openapi.json", STATIC, *HEALTH, METRICS)

SAFE: Final = frozenset({"GET", "HEAD"})
"""Methods that change nothing here."""


def is_page(scope: Scope) -> bool:
    """Tell whether a person looks at the answer in a browser."""
    asked = Headers(scope=scope).get("accept", "")
    return "text/html" in asked and not str(scope["path"]).startswith(NO_PAGES)


def is_open(scope: Scope) -> bool:
    """Tell whether anybody may have the answer: it holds nothing of the home."""
    path = str(scope["path"])
    return path in {LOGIN, LOGOUT, *HEALTH} or path.startswith(STATIC)


def is_shared(scope: Scope) -> bool:
    """Tell whether pages of other origins may ask, where the operator allows those origins."""
    path = str(scope["path"])
    return path in OPENBB or path.startswith(OPENAI)


def is_stream(scope: Scope) -> bool:
    """Tell whether the answer is sure to be a stream of events."""
    return scope["method"] in SAFE and str(scope["path"]).endswith("/events")


def waits_for_runs(scope: Scope) -> bool:
    """Tell whether the answer may come only when a whole run has ended."""
    return str(scope["path"]).startswith((OPENAI, MCP))
