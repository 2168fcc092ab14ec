"""A PostgreSQL of its own on loopback, in a folder that is gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.ports import free_port

USER = "postgres"
"""Whom the server runs as where the tests run as root, which it refuses to be run by."""


@contextmanager
def a_postgres() -> Iterator[str]:
    """Yield the SQLAlchemy URL of an empty database; without PostgreSQL the test fails, or skips.

    It fails in CI and for root, who can install it.
    """
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    data, port = folder / "data", free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    try:
        _run("initdb", "-D", data, "-U", "desk", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-p {port} -h 127.0.0.1 -k {folder} -F"
        _run("pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql+psycopg://desk@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: object) -> None:
    command = [str(_program(program)), *map(str, arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", USER, "--", *command]
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=300,
        check=False, cwd="/", env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _program(name: str) -> Path:
    found = [*Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    on_path = shutil.which(name)
    if not found and on_path is None:
        missing = f"{name} is missing: install PostgreSQL (apt-get install postgresql)"
        if os.environ.get("CI") or os.geteuid() == 0:
            pytest.fail(missing)
        pytest.skip(missing)
    return max(found, key=_version) if found else Path(str(on_path))


def _version(program: Path) -> float:
    """Return the version of a program at /usr/lib/postgresql/VERSION/bin."""
    return float(program.parents[1].name)
