"""The long proofs go on where they were stopped, and only on the same sources."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOUND, BROKEN = "assert True", "assert False"
TESTS = """import pytest

@pytest.mark.parametrize("word", ["a", "b@c"])
def test_a_table(word):
    print("table of", word)

def test_another():
    {}
"""


def proved(folder: Path) -> str:
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "xdist", "-p", "tests.proofs",
         "-p", "no:cacheprovider", "--proofs", folder / "kept", "--rootdir", folder, "-n", "1",
         "--dist", "loadgroup", folder],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return told.stdout


def test_what_passed_is_not_run_again_and_its_table_is_kept(tmp_path: Path) -> None:
    tests = tmp_path / "tests" / "test_these.py"
    tests.parent.mkdir()
    tests.write_text(TESTS.format(BROKEN))
    assert "1 failed, 2 passed" in proved(tmp_path)
    again = proved(tmp_path)
    assert "1 failed in" in again
    assert "2 proofs stand, 2 of them from before" in again
    assert again.index("table of a") < again.index("table of b@c")
    tests.write_text(TESTS.format(SOUND))
    assert "3 passed" in proved(tmp_path)
    (tests.parent / "page.html.j2").write_text("a template is a source")
    assert "3 passed" in proved(tmp_path)
