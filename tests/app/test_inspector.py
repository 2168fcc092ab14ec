"""The MCP Inspector's command line, a program of its own, lists and calls every tool we publish."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest
from mcp.types import Tool

from app.reference.tool_examples import examples_of
from tests.app.command import PROGRAM
from tests.app.mcp_server import TOKEN, environment, http_server

PROGRAMS = Path(sys.executable).parents[1] / "inspector" / "node_modules" / ".bin"
INSPECTOR = (PROGRAMS / "node", PROGRAMS / "mcp-inspector")
"""With a node of its own: distributions' may be older than it takes."""
PATIENCE_MS = "120000"
AT_ONCE = 2
RUN_TOOLS = ("stop_research", "resume_research", "get_research")

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]


@dataclass(frozen=True, slots=True)
class Inspector:
    """The command line, pointed at one server."""

    folder: Path
    target: tuple[str, ...]

    def asked(self, *arguments: str) -> dict[str, object]:
        """Return what it prints; an exit code other than 0 fails the test."""
        command = [*map(str, INSPECTOR), "--cli", "--connect-timeout", PATIENCE_MS, "-q"]
        done = subprocess.run(
            [*command, *self.target, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
        )
        assert done.returncode == 0, (arguments, done.stdout[-500:], done.stderr[-500:])
        said: dict[str, object] = json.loads(done.stdout)
        return said

    def tools(self) -> dict[str, Tool]:
        listed = self.asked("--method", "tools/list", "--strict")["tools"]
        assert isinstance(listed, list)
        return {row["name"]: Tool.model_validate(row) for row in listed}

    def checked(self, tool: Tool, arguments: dict[str, object]) -> dict[str, object]:
        """Return the structured answer of a call that fits the tool's own schema."""
        given = json.dumps(arguments)
        call = ("--method", "tools/call", "--tool-name", tool.name, "--tool-args-json", given)
        answer = self.asked(*call)
        result = answer["structuredContent"]
        assert isinstance(result, dict)
        assert tool.outputSchema is not None
        jsonschema.validate(result, tool.outputSchema)
        return result


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    if not all(path.exists() for path in INSPECTOR):
        pytest.fail(
            "npm install --prefix .venv/inspector @modelcontextprotocol/inspector@2.12.0 node@22 "
            "comes first; `make prove` does it"
        )
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


def called(inspector: Inspector, tools: Iterable[Tool]) -> int:
    """Call each tool by its example, some at the same time, and return how many there were."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        made = [
            threads.submit(inspector.checked, tool, examples_of(tool)["most"]) for tool in tools
        ]
        return len([one.result() for one in made])


def run_called(inspector: Inspector, tools: dict[str, Tool], *names: str) -> None:
    """Start a run, then do to it what these tools do."""
    start = examples_of(tools["research_sectors"])["most"] | {"wait_seconds": 0}
    run_id = inspector.checked(tools["research_sectors"], start)["run_id"]
    for name in names:
        arguments = examples_of(tools[name])["most"] | {"run_id": run_id}
        assert inspector.checked(tools[name], arguments)["run_id"] == run_id


def others(tools: dict[str, Tool]) -> list[Tool]:
    return [tool for name, tool in tools.items() if name not in RUN_TOOLS]


def test_the_inspector_calls_every_tool_over_http(home: Path, tmp_path: Path) -> None:
    with http_server(home) as url:
        token = f"Authorization: Bearer {TOKEN}"
        inspector = Inspector(tmp_path, ("--server-url", url, "--header", token))
        tools = inspector.tools()
        assert called(inspector, others(tools)) >= 22
        run_called(inspector, tools, *RUN_TOOLS)


def test_the_inspector_calls_every_tool_over_stdio(home: Path, tmp_path: Path) -> None:
    given = [f"{name}={value}" for name, value in environment(home).items()]
    options = [part for pair in given for part in ("-e", pair)]
    inspector = Inspector(tmp_path, (*options, str(PROGRAM), "mcp"))
    tools = inspector.tools()
    assert called(inspector, others(tools)) >= 22
    # A process ends with its client: there is no run left to stop, but one to resume.
    run_called(inspector, tools, "resume_research", "get_research")
