"""Other people's clients list and call every tool we publish."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Literal

import httpx
import jsonschema
import pytest
from mcp import ClientSession
from mcp.types import CallToolResult, TextContent, Tool

from app.reference.tool_examples import examples_of
from tests.app.command import PROGRAM, sectorwise
from tests.app.mcp_server import TOKEN, environment, http_server, http_session, stdio_session

Json = dict[str, object]
RUN_TOOLS = ("stop_research", "resume_research", "get_research")
"""What is done to a run, in an order in which each has something to do."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


def checked(tool: Tool, answer: CallToolResult) -> Json:
    said = [part.text for part in answer.content if isinstance(part, TextContent)]
    assert not answer.isError, (tool.name, said)
    assert said, tool.name
    assert answer.structuredContent is not None, tool.name
    assert tool.outputSchema is not None, tool.name
    jsonschema.validate(answer.structuredContent, tool.outputSchema)
    return answer.structuredContent


def of_runs_last(tools: Iterable[Tool]) -> list[Tool]:
    ordered = {tool.name: tool for tool in tools}
    runs = [ordered.pop(name) for name in ("research_sectors", *RUN_TOOLS)]
    return [*ordered.values(), *runs]


async def every_tool_called(session: ClientSession, size: Literal["least", "most"]) -> int:
    tools = (await session.list_tools()).tools
    run_id = ""
    for tool in of_runs_last(tools):
        arguments = dict(examples_of(tool)[size])
        if tool.name == "research_sectors":
            arguments["wait_seconds"] = 0
        if tool.name in RUN_TOOLS:
            arguments["run_id"] = run_id
        result = checked(tool, await session.call_tool(tool.name, arguments))
        run_id = str(result.get("run_id", run_id))
    return len(tools)


@pytest.mark.prove
@pytest.mark.anyio
async def test_the_sdks_client_lists_and_calls_every_tool_over_stdio(home: Path) -> None:
    async with stdio_session(home) as session:
        assert await every_tool_called(session, "most") >= 22


@pytest.mark.prove
@pytest.mark.anyio
async def test_the_sdks_client_lists_and_calls_every_tool_over_http_with_the_token(
    home: Path,
) -> None:
    with http_server(home) as url:
        assert [code async for code in refusals(url)] == [401, 401, 421]
        async with http_session(url) as session:
            assert await every_tool_called(session, "least") >= 22


async def refusals(url: str) -> AsyncIterator[int]:
    wrong, right = ({"Authorization": f"Bearer {word}"} for word in ("wrong", TOKEN))
    async with httpx.AsyncClient() as client:
        for headers in ({}, wrong, right | {"Host": "evil.example"}):
            sent = await client.post(url, headers=headers, json={})
            assert TOKEN not in sent.text + str(sent.headers)
            yield sent.status_code


@pytest.mark.parametrize("client", ["claude", "cursor", "vscode"])
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_a_printed_configuration_starts_our_program_and_names_secrets_only(
    tmp_path: Path, client: str, transport: str
) -> None:
    secrets = {"OPENAI_API_KEY": "sk-canary-canary", "SECTORWISE_MCP_TOKEN": TOKEN}
    http = ["--http"] if transport == "http" else []
    ran = sectorwise("mcp", "--print-config", client, *http, home=tmp_path, env=secrets)
    assert ran.code == 0, ran.error
    assert not any(value in ran.out + ran.error for value in secrets.values())
    said = json.loads(ran.out)
    entry = said["servers" if client == "vscode" else "mcpServers"]["sectorwise"]
    if transport == "http":
        assert entry["url"] == "http://127.0.0.1:8765/mcp"
        assert "SECTORWISE_MCP_TOKEN}" in entry["headers"]["Authorization"]
        return
    assert (entry["command"], entry["args"]) == (str(PROGRAM), ["mcp"])
    assert Path(entry["command"]).is_absolute()
    assert set(entry["env"]) == {"OPENAI_API_KEY", "SECTORWISE_HOME", "SECTORWISE_VIEWS"}
    assert all(value.endswith(f"{name}}}") for name, value in entry["env"].items())


@pytest.mark.prove
def test_the_printed_python_lists_our_tools_through_langgraphs_client(home: Path) -> None:
    printed = sectorwise("mcp", "--print-config", "langgraph", home=home)
    script = home / "client.py"
    script.write_text(printed.out, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env=os.environ | environment(home),
    )
    assert done.returncode == 0, done.stderr
    assert "get_sector_heatmap" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "env", "sentence"),
    [
        (["--host", "0.0.0.0"], {}, "set SECTORWISE_MCP_TOKEN"),  # noqa: S104 - refused
        (["--host", "0.0.0.0"], {"SECTORWISE_MCP_TOKEN": TOKEN}, "add --name NAME"),  # noqa: S104
        (["--host", "203.0.113.7"], {"SECTORWISE_MCP_TOKEN": TOKEN}, "cannot be bound"),
        ([], {"SECTORWISE_MCP_TOKEN": "short"}, "setting mcp_token"),
        (["--port", "0", "--print-config", "claude"], {}, "name a port"),
    ],
)
def test_an_address_that_cannot_be_served_safely_is_refused_in_one_sentence(
    home: Path, arguments: list[str], env: dict[str, str], sentence: str
) -> None:
    ran = sectorwise("mcp", "--http", *arguments, home=home, env=env)
    assert ran.code == 2
    assert sentence in ran.error
    assert "short" not in ran.error
    assert ran.error.count("\n") == 1
