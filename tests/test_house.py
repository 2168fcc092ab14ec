import ast
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("agents", "app", "core", "evals", "prompts", "tools")
LINES_CAP = 300
BODY_CAP = 40
MODULES = tuple(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))


@pytest.mark.parametrize("name", FOLDERS)
def test_the_package_of_that_name_is_ours(name: str) -> None:
    assert importlib.import_module(name).__path__[0] == str(ROOT / name)


@pytest.mark.parametrize("lock", sorted(path.name for path in (ROOT / "requirements").iterdir()))
def test_locks_carry_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9._-]+)==\S+", text, flags=re.MULTILINE)
    assert len(pins) > 40
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
    assert "/" not in text.replace("[", "")
    assert "openai-agents" not in pins


def test_no_module_outgrows_the_cap() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in MODULES
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES_CAP
    }
    assert set(long) <= {"core/records/payloads.py"}, "the contract of all tools stays one page"


Function = ast.FunctionDef | ast.AsyncFunctionDef


def _span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _own_lines(function: Function) -> int:
    """Count what a function does: no signature, no docstring, no function inside it."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    inside = [
        node for step in body for node in ast.walk(step) if isinstance(node, Function)
    ]  # fmt: skip
    lines = {line for step in body for line in range(step.lineno, (step.end_lineno or 0) + 1)}
    for node in inside:
        lines -= set(range(node.lineno, node.lineno + _span(node)))
    return len(lines)


def test_no_function_outgrows_the_cap() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": count
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, Function) and (count := _own_lines(node)) > BODY_CAP
    }
    assert long == {}


FLOORS = {
    "langgraph": (1, 2, 22),
    "langgraph-checkpoint": (4, 0),
    "langgraph-checkpoint-sqlite": (3, 0, 1),
    "langchain-core": (1, 3, 3),
    "langsmith": (0, 8),
    "mcp": (1, 28, 1),
    "starlette": (1, 3, 1),
    "python-multipart": (0, 0, 31),
}
"""Oldest releases without a known advisory."""


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_no_dependency_is_older_than_its_last_advisory(name: str, floor: tuple[int, ...]) -> None:
    text = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{name}==([\d.]+)", text, flags=re.MULTILINE)
    assert found, name
    assert tuple(int(part) for part in found[1].split(".")) >= floor
