"""Decides what the clients' own configuration of our server looks like; holds no secret's value.

Claude and Cursor read `mcpServers`, VS Code reads `servers`; LangGraph is given Python.
"""

import json
import sys
from pathlib import Path
from typing import Final, Literal

from app.settings import names_set

Client = Literal["claude", "cursor", "vscode", "langgraph"]
JsonClient = Literal["claude", "cursor", "vscode"]

TOKEN: Final = "SECTORWISE_MCP_TOKEN"  # noqa: S105 - a name, not a token
REFERENCE: Final[dict[JsonClient, str]] = {
    "claude": "${%s}",
    "cursor": "${env:%s}",
    "vscode": "${env:%s}",
}
"""How a client's file says the value of an environment variable."""

LANGGRAPH: Final = """import asyncio
import os

from langchain_mcp_adapters.client import MultiServerMCPClient

client = MultiServerMCPClient({"sectorwise": %s})

if __name__ == "__main__":
    print([tool.name for tool in asyncio.run(client.get_tools())])
"""


def config_text(client: Client, url: str | None = None) -> str:
    """Return what to put into the client's configuration.

    Args:
        client: whose.
        url: of a server that runs already; None lets the client start one on stdio.
    """
    if client == "langgraph":
        return LANGGRAPH % (_langgraph_stdio() if url is None else _langgraph_http(url))
    reference = REFERENCE[client]
    if url is None:
        entry: dict[str, object] = {"command": _program(), "args": ["mcp"]}
        names = _passed()
        if names:
            entry["env"] = {name: reference % name for name in names}
    else:
        entry = {"url": url}
        if client != "cursor":
            entry["type"] = "http"
        if TOKEN in names_set():
            entry["headers"] = {"Authorization": f"Bearer {reference % TOKEN}"}
    if client == "vscode":
        return json.dumps({"servers": {"sectorwise": {"type": "stdio", **entry}}}, indent=2)
    return json.dumps({"mcpServers": {"sectorwise": entry}}, indent=2)


def what_to_add(client: Client) -> str | None:
    """Return what the client's file cannot say by itself; None when it says all."""
    names = _passed()
    if client != "claude" or not names:
        return None
    return f"Claude Desktop reads no variables: write the values of {', '.join(names)} there"


def _passed() -> tuple[str, ...]:
    return tuple(name for name in names_set() if name != TOKEN)


def _program() -> str:
    return str(Path(sys.executable).with_name("sectorwise"))


def _langgraph_stdio() -> str:
    lines = ['"transport": "stdio"', f'"command": {json.dumps(_program())}', '"args": ["mcp"]']
    lines += [f'"env": {_environment()}'] if _passed() else []
    return _block(lines)


def _environment() -> str:
    pairs = ", ".join(f'"{name}": os.environ["{name}"]' for name in _passed())
    return f"{{{pairs}}}"


def _langgraph_http(url: str) -> str:
    lines = ['"transport": "streamable_http"', f'"url": {json.dumps(url)}']
    if TOKEN in names_set():
        lines.append(f'"headers": {{"Authorization": "Bearer " + os.environ["{TOKEN}"]}}')
    return _block(lines)


def _block(lines: list[str]) -> str:
    return "{\n" + "".join(f"    {line},\n" for line in lines) + "}"
