import importlib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli.main import COMMANDS, add_others, app, command


def test_an_installed_package_brings_a_command_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brought_here.py").write_text(
        "def register(app):\n    app.command('brought')(lambda: print('from outside'))\n"
    )
    described = tmp_path / "brought_here-1.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: brought-here\nVersion: 1\n")
    points = f"[{COMMANDS}]\nbrought = brought_here:register\n"
    (described / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    app = typer.Typer()
    app.callback()(lambda: None)
    add_others(app)
    assert CliRunner().invoke(app, ["brought"]).stdout == "from outside\n"


def test_the_commands_are_put_together_once_a_process() -> None:
    held = command()
    groups = len(app.registered_groups)
    assert command() is held
    assert len(app.registered_groups) == groups
