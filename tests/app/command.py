"""Runs the command line as its user would: another process, its output and its exit code."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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
    *arguments: str,
    home: Path,
    env: dict[str, str] | None = None,
    typed: str = "",
    seconds: int = 90,
) -> Ran:
    """Run the program with this home and these additions to a plain environment."""
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [str(PROGRAM), *arguments],
        input=typed,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        cwd=home,
        env=plain | {"SECTORWISE_HOME": str(home)} | (env or {}),
    )
    return Ran(done.returncode, done.stdout, done.stderr)
