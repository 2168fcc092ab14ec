"""Runs the command line as its user would, in this process or in one of its own."""

import io
import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from app.cli.main import run
from tests.homes import FITTED_WITH

PROGRAM = Path(sys.executable).with_name("sectorwise")


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished command."""

    code: int
    out: str
    error: str

    def json(self) -> object:
        """The output as JSON."""
        return json.loads(self.out)


def sectorwise(
    *arguments: str, home: Path, env: dict[str, str] | None = None, typed: str = ""
) -> Ran:
    """Run the command in this process with this home and these additions to the environment."""
    out, error, code = io.StringIO(), io.StringIO(), 0
    settings = {"SECTORWISE_HOME": str(home), "SECTORWISE_VIEWS": FITTED_WITH} | (env or {})
    with (
        patch.dict(os.environ, settings),
        patch.object(sys, "argv", ["sectorwise", *arguments]),
        patch.object(sys, "stdin", io.StringIO(typed)),
        chdir(home),
        redirect_stdout(out),
        redirect_stderr(error),
    ):
        try:
            run()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
    return Ran(code, out.getvalue(), error.getvalue())


def sectorwise_apart(*arguments: str, home: Path, env: dict[str, str] | None = None) -> Ran:
    """Run the installed program in its own process, in a plain environment."""
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [str(PROGRAM), *arguments],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        cwd=home,
        env=plain | {"SECTORWISE_HOME": str(home), "SECTORWISE_VIEWS": FITTED_WITH} | (env or {}),
    )
    return Ran(done.returncode, done.stdout, done.stderr)
