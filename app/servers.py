"""Reads `mcp.json`: the tool servers an operator names, in the format desktop clients use."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.toolbox.spec import ServerSpec
from core.errors import CallerError


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    command: str | None = None
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    url: str | None = None
    headers: dict[str, str] = {}
    pins: dict[str, str] = {}


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    mcpServers: dict[str, _Entry]  # noqa: N815 - the ecosystem's spelling


def load_servers(path: Path, chosen: str | None) -> tuple[ServerSpec, ...]:
    """Return the server that serves the tools: the chosen entry, or the file's only one.

    Raises:
        CallerError: the file cannot be read, an entry names neither command nor url, or which of
            several entries is meant is not said.
    """
    try:
        entries = _File.model_validate_json(path.expanduser().read_bytes()).mcpServers
        specs = tuple(
            ServerSpec(
                name=name.lower(),
                transport="http" if entry.url else "stdio",
                **entry.model_dump(),
            )
            for name, entry in entries.items()
        )
    except OSError as error:
        raise CallerError(f"{path} cannot be read: {error.strerror}") from error
    except (ValidationError, json.JSONDecodeError) as error:
        raise CallerError(
            f'{path}: expected {{"mcpServers": {{NAME: {{"command": …}} or {{"url": …}}}}}} '
            f"({error.__class__.__name__})"
        ) from error
    if not specs:
        raise CallerError(f"{path} names no server under mcpServers")
    names = ", ".join(spec.name for spec in specs)
    if chosen is None and len(specs) > 1:
        raise CallerError(f"{path} names {names}: set SECTORWISE_SERVER to the one to ask")
    found = tuple(spec for spec in specs if chosen in (None, spec.name))
    if not found:
        raise CallerError(f"{path} has no server {chosen!r}: it names {names}")
    return found
