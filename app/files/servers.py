"""Reads `mcp.json`: the tool servers an operator names, in the format desktop clients use.

What only concerns us stands under the key `sectorwise` of an entry, which other clients ignore.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.toolbox.alias_map import AliasMap, alias_map
from agents.toolbox.aliases.shipped import shipped, shipped_names
from agents.toolbox.spec import ANY_TOOL, ServerSpec, Transport
from app.settings import environment
from core.errors import CallerError
from core.records.contracts import RESULT_OF_TOOL

EMBEDDED: Final = "embedded"
TYPES: Final = (None, "stdio", "http", "streamable-http", "streamable_http")
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class _Ours(BaseModel):
    """What we may be told of a server; today_only unset is what its alias map says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    aliases: str | None = None
    tools: tuple[str, ...] | None = None
    calls_a_day: int | None = Field(default=None, ge=1)
    calls_a_minute: int | None = Field(default=None, ge=1)
    fresh_minutes: dict[str, float] = {}
    today_only: bool | None = None
    benchmark_weights: bool = False


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    type: str | None = None
    command: str | None = None
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    url: str | None = None
    headers: dict[str, str] = {}
    pins: dict[str, str] = {}
    sectorwise: _Ours = _Ours()


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    mcpServers: dict[str, _Entry]  # noqa: N815 - the ecosystem's spelling


def load_servers(
    path: Path, chosen: str | None, *, given: Mapping[str, str] | None = None
) -> tuple[ServerSpec, ...]:
    """Return the servers in the order they are asked: the file's, or the chosen one alone.

    `${NAME}` in `env`, `headers`, `args` and `url` stands for the environment's value; only of the
    servers that are asked is it looked up. `given` stands in for the environment.

    Raises:
        CallerError: the file cannot be read, an entry does not fit, a variable is not set, an
            alias map is not there, or the chosen server is not.
    """
    entries = {name.lower(): entry for name, entry in _entries(path).items()}
    if not entries:
        raise CallerError(f"{path} names no server under mcpServers")
    if chosen is not None and chosen.lower() not in entries:
        raise CallerError(f"{path} has no server {chosen!r}: it names {', '.join(entries)}")
    wanted = entries if chosen is None else {chosen.lower(): entries[chosen.lower()]}
    values = environment() if given is None else given
    return tuple(_spec(path, name, entry, values) for name, entry in wanted.items())


def _entries(path: Path) -> dict[str, _Entry]:
    try:
        return _File.model_validate_json(path.expanduser().read_bytes()).mcpServers
    except OSError as error:
        raise CallerError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise CallerError(
            f'{path}: expected {{"mcpServers": {{NAME: {{"command": …}}, {{"url": …}} or '
            f'{{"type": "embedded"}}}}}}; {where}: {first["msg"]}'
        ) from error


def _spec(path: Path, name: str, entry: _Entry, values: Mapping[str, str]) -> ServerSpec:
    ours = entry.sectorwise
    _check_tools(path, name, ours)
    aliases = None if ours.aliases is None else _alias_map(path, ours.aliases)
    of_map = aliases is not None and aliases.today_only
    told = {**entry.model_dump(include={"command", "pins"})}
    try:
        return ServerSpec(
            name=name,
            transport=_transport(path, name, entry),
            args=tuple(_filled(path, name, text, values) for text in entry.args),
            env={key: _filled(path, name, text, values) for key, text in entry.env.items()},
            url=None if entry.url is None else _filled(path, name, entry.url, values),
            headers={key: _filled(path, name, text, values) for key, text in entry.headers.items()},
            alias_map=aliases,
            today_only=of_map if ours.today_only is None else ours.today_only,
            **ours.model_dump(exclude={"aliases", "today_only"}),
            **told,
        )
    except ValidationError as error:
        raise CallerError(f"{path}: server {name}: {error.errors()[0]['msg']}") from error


def _transport(path: Path, name: str, entry: _Entry) -> Transport:
    if entry.type == EMBEDDED:
        return "memory"
    if entry.type not in TYPES:
        raise CallerError(
            f"{path}: server {name}: type {entry.type!r} is none of stdio, http, {EMBEDDED}"
        )
    if entry.url and entry.command:
        raise CallerError(f"{path}: server {name}: give a command or a url, not both")
    if entry.url and not entry.url.startswith(("http://", "https://", "${")):
        raise CallerError(f"{path}: server {name}: the url must begin with http:// or https://")
    if not entry.url and not entry.command:
        raise CallerError(f"{path}: server {name}: give a command or a url")
    return "http" if entry.url else "stdio"


def _filled(path: Path, name: str, text: str, values: Mapping[str, str]) -> str:
    for variable in _VARIABLE.findall(text):
        if variable not in values:
            raise CallerError(
                f"{path}: server {name} uses ${{{variable}}}, which is not set: export {variable}"
            )
    return _VARIABLE.sub(lambda found: values[found[1]], text)


def _alias_map(path: Path, named: str) -> AliasMap:
    """Return a shipped map by its name, or the user's own by its path beside `mcp.json`."""
    if named in shipped_names():
        return shipped(named)
    file = path.expanduser().parent / Path(named).expanduser()
    try:
        return alias_map(file.read_text(encoding="utf-8"), origin=str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(
            f"{path}: no alias map {named!r}: use {' or '.join(shipped_names())}, or the path of a "
            "TOML file"
        ) from error


def _check_tools(path: Path, name: str, ours: _Ours) -> None:
    for field, named in (("fresh_minutes", ours.fresh_minutes), ("tools", ours.tools or ())):
        unknown = sorted(set(named) - {*RESULT_OF_TOOL, ANY_TOOL})
        if unknown:
            near = get_close_matches(unknown[0], RESULT_OF_TOOL, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise CallerError(f"{path}: server {name}: {field}: no tool {unknown[0]!r}{meant}")
