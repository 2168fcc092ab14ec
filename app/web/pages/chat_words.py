"""The chat's words of closed values, which the report's page and the core already have."""

from collections.abc import Mapping
from typing import Final, get_args

from app.render.words import Words
from core.records.plan import ToolName
from core.records.report import Section
from core.records.request import Inference, Intent
from core.records.universe import Frequency, Horizon

TITLES: Final[Mapping[Section, str]] = {
    "recommendation": "actions",
    "for": "arguments",
    "against": "arguments",
    "flow": "flows",
    "warning": "warnings",
    "trades": "orders",
}
"""Under which heading of the page a section stands, where the two are not called the same."""

UNTITLED: Final[Section] = "opportunity"
"""The one section no heading of the page has; the chat names it."""


def closed_words(words: Words) -> dict[str, str]:
    """Return what closed values are called, by `kind.value`."""
    fields = Inference.model_fields
    kinds: dict[str, tuple[str, ...]] = {
        "intent": get_args(Intent),
        "field": get_args(fields["field"].annotation),
        "why": get_args(fields["why"].annotation),
        "tool": get_args(ToolName),
        "author": ("model", "rules", "template"),
        "horizon": get_args(Horizon),
        "frequency": get_args(Frequency),
    }
    named = {
        f"{kind}.{value}": words.label(kind, value) for kind, values in kinds.items()
        for value in values
    }  # fmt: skip
    titles = {
        f"section.{name}": words.label("title", TITLES.get(name, name))
        for name in get_args(Section)
        if name != UNTITLED
    }
    spans = {f"span.{value}": words.label("span", value.lower()) for value in kinds["horizon"]}
    return named | titles | spans
