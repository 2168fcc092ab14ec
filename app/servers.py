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


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    mcpServers: dict[str, _Entry]  # noqa: N815 - the ecosystem's spelling


def load_servers(path: Path) -> tuple[ServerSpec, ...]:
    """Return the file's servers, in its order.

    Raises:
        CallerError: the file cannot be read, or an entry names neither command nor url.
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
    return specs
