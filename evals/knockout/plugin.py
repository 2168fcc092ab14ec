"""A pytest plugin that switches one defence off before tests are read, and tells what noticed.

    python -m pytest -p evals.knockout.plugin --knock-out S4.size TESTS

A test that ends in an error of the stand-in itself (a wrong name, type or argument) noticed
nothing: it is told apart.
"""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from app.hardening import harden
from evals.knockout.told import Told

BROKEN: Final = (TypeError, AttributeError, NameError, ImportError)
"""Errors a stand-in that does not fit brings."""
_OFF = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the defence's name, and where what noticed is written."""
    group = parser.getgroup("knock-out")
    group.addoption("--knock-out", metavar="NAME", help="the defence to switch off")
    group.addoption(
        "--knock-out-told", metavar="FILE", type=Path, help="where to tell what noticed"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Switch the defence off for the life of this process."""
    name, file = config.getoption("--knock-out"), config.getoption("--knock-out-told")
    stack = config.stash.setdefault(_OFF, ExitStack())
    if name:
        harden()
        from evals.knockout.defences import DEFENCES  # imports langgraph: only once it is hardened

        if name not in DEFENCES:
            raise pytest.UsageError(f"no defence {name!r}: see evals/knockout/defences.py")
        stack.enter_context(DEFENCES[name].switched_off())
    if file:
        config.pluginmanager.register(_Notes(file), "knock-out-notes")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put everything back."""
    config.stash[_OFF].close()


class _Notes:
    """Keeps how each test ended."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._passed, self._red, self._broken = 0, list[str](), list[str]()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note a test by the error it ended in."""
        report = yield
        if report.failed and call.excinfo is not None:
            is_broken = call.when != "call" or call.excinfo.errisinstance(BROKEN)
            (self._broken if is_broken else self._red).append(item.nodeid)
        elif report.passed and call.when == "call":
            self._passed += 1
        return report

    def pytest_sessionfinish(self) -> None:
        """Write it down."""
        told = Told(passed=self._passed, red=tuple(self._red), broken=tuple(self._broken))
        self._file.write_text(told.canonical_json(), encoding="utf-8")
