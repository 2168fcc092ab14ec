"""Decides which kind of sink an address names, and opens it; nothing is sent here.

Secrets are put into an address from the environment when something is sent, never before, and no
reason of a failure holds any text but our own.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from app.delivery.message import Outcome, Row
from core.errors import CallerError
from core.records.sink import REFERENCE, MessageKind, SinkSpec


class Sink(Protocol):
    """Where messages go. One message may come twice: its key tells."""

    async def sent(self, row: Row) -> Outcome:
        """Send, and tell what became of it; the whole takes no longer than the sink's deadline."""


def opened(name: str, spec: SinkSpec, environment: Mapping[str, str]) -> Sink:
    """Return the sink, its libraries loaded only now.

    Raises:
        CallerError: its address names a variable that is not set, or is none.
    """
    url = filled(name, spec.url, environment)
    scheme, _, rest = url.partition(":")
    match scheme.lower():
        case "file":
            from app.delivery.folder import Folder

            return Folder(Path("/" + rest.lstrip("/") if rest.startswith("/") else rest))
        case "http" | "https":
            from app.delivery.webhook import Webhook

            headers = {key: filled(name, said, environment) for key, said in spec.headers.items()}
            return Webhook(url, headers=headers, seconds=spec.deadline_seconds)
        case _:
            from app.delivery.apprised import apprised

            return apprised(name, url, seconds=spec.deadline_seconds)


def chosen(
    sinks: Mapping[str, SinkSpec], kind: MessageKind, universe: str | None
) -> Iterator[tuple[str, SinkSpec]]:
    """Yield the sinks a message of a kind about a universe goes to, by name."""
    for name in sorted(sinks):
        if sinks[name].takes(kind, universe):
            yield name, sinks[name]


def named(sinks: Mapping[str, SinkSpec], name: str) -> SinkSpec:
    """Return the sink of that name.

    Raises:
        CallerError: there is none.
    """
    if name not in sinks:
        known = ", ".join(sorted(sinks)) or "none; add [sinks.NAME] to sectorwise.toml"
        raise CallerError(f"no sink is named {name!r}; the settings name {known}")
    return sinks[name]


def filled(name: str, text: str, environment: Mapping[str, str]) -> str:
    """Return a text with the environment's values for `${NAME}`.

    Raises:
        CallerError: one is not set; only its name is told.
    """
    for variable in REFERENCE.findall(text):
        if not environment.get(variable):
            raise CallerError(f"sink {name} uses ${{{variable}}}, which is not set")
    return REFERENCE.sub(lambda found: environment[found[1]], text)
