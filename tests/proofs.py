"""Keeps what the long proofs print, and proves nothing twice on the same sources.

The proofs take hours. With `--proofs FOLDER` each that passes is noted in `FOLDER/passed.tsv`
under a hash of all sources: stopped, the same command goes on where it was, and a changed line
anywhere runs them all again. What a proof printed, its table, stands in a file of its own there
and is printed at the end.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import pytest

from evals.sources import files_of, state_of_files

SOURCES: Final = (
    "agents", "app", "core", "docs", "evals", "prompts", "requirements", "tests", "tools",
    "Makefile", "pyproject.toml",
)  # fmt: skip
PASSED: Final = "passed.tsv"
_GROUP: Final = re.compile(r"@[^\]@]*$")


class _Node(Protocol):
    """A worker about to start, as pytest-xdist hands it over."""

    workerinput: dict[str, object]


def state_of(root: Path) -> str:
    """Return a hash of every source under a project's root."""
    files = (path for name in SOURCES for path in files_of(root / name))
    return state_of_files(files, root=root)


def name_of(nodeid: str) -> str:
    """Return a test's name without the group a worker adds to it."""
    return _GROUP.sub("", nodeid)


class Proofs:
    """What was proved of one state of the sources, in a folder."""

    def __init__(self, folder: Path, state: str) -> None:
        self.folder, self.state = folder, state
        self.before = frozenset(self._read())
        self._seconds: dict[str, float] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def _read(self) -> Iterator[str]:
        path = self.folder / PASSED
        for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
            state, _, name = line.split("\t", 2)
            if state == self.state:
                yield name

    def table_of(self, name: str) -> Path:
        """Return the file of what a proof prints."""
        place = name.removeprefix("tests/").replace(".py::", "/").replace("::", "/")
        return self.folder / f"{'-'.join(place.split('/'))[:180]}.txt"

    def pytest_configure_node(self, node: _Node) -> None:
        """Tell a worker what needs no proof: all of them must collect the same tests."""
        node.workerinput["proved"] = sorted(self.before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a proof that passed, and keep what it printed."""
        name = name_of(report.nodeid)
        if report.when == "call" and report.passed:
            self._seconds[name] = report.duration
        if report.when != "teardown":
            return
        if printed := report.capstdout.strip():
            self.table_of(name).write_text(f"{printed}\n", "utf-8")
        if report.passed and name in self._seconds:
            with (self.folder / PASSED).open("a", encoding="utf-8") as notes:
                notes.write(f"{self.state}\t{self._seconds[name]:.1f}\t{name}\n")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the tables of all that stands proved."""
        say = terminalreporter.write_line
        proved = sorted({*self.before, *self._seconds})
        for name in proved:
            if (table := self.table_of(name)).is_file():
                say(f"\n{name}")
                say(table.read_text("utf-8").rstrip())
        say(f"\n{len(proved)} proofs stand, {len(self.before)} of them from before; {self.folder}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the folder of the proofs."""
    parser.addoption("--proofs", metavar="FOLDER", help="keep what passed and was printed there")


def pytest_configure(config: pytest.Config) -> None:
    """Keep proofs where a folder is named, in the process that sees all reports."""
    folder = config.getoption("--proofs")
    if folder and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proofs(Path(folder), state_of(config.rootpath)), "proofs")


@pytest.hookimpl(trylast=True)  # after the marked ones were chosen
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was proved before."""
    proved = getattr(config, "workerinput", {}).get("proved", ())
    if isinstance(kept := config.pluginmanager.get_plugin("proofs"), Proofs):
        proved = kept.before
    known = frozenset(proved)
    if gone := [item for item in items if name_of(item.nodeid) in known]:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if name_of(item.nodeid) not in known]
