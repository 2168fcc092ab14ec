"""What a command loads before it does anything."""

import json
import subprocess
import sys


def test_a_command_starts_without_what_few_commands_need() -> None:
    program = "import json, sys, app.cli.reporting; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert "app.compose" in loaded
    assert not loaded & {
        "openai",
        "openpyxl",
        "lightgbm",
        "sklearn",
        "torch",
        "typst",
        "vl_convert",
    }
