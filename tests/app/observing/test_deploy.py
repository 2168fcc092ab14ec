"""The files under docs/deploy name what there is: commands, options, metrics, settings."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from prometheus_client.parser import text_string_to_metric_families

from app.cli.main import app
from app.settings import Settings
from app.status.prometheus import Exposition
from app.status.readings import Standing
from tests.app.command import PROGRAM
from tests.app.status.test_status import NOW

DEPLOY = Path(__file__).parents[3] / "docs" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
INSTALLED = "/opt/sectorwise/bin/sectorwise"
LINE = re.compile(r"^ExecStart=(.+)$", re.MULTILINE)
LISTED = re.compile(r"^    command: \[(.+)\]$", re.MULTILINE)
METRIC = re.compile(r"\bsectorwise_[a-z_]+")
PROTECTED = (
    "User=sectorwise", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077",
    "CapabilityBoundingSet=\n", "SystemCallFilter=@system-service",
)  # fmt: skip


def commands() -> list[str]:
    """Return every command line of the units, the compose file and the page."""
    lines = [line for unit in UNITS for line in LINE.findall(unit.read_text(encoding="utf-8"))]
    listed = LISTED.findall((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    lines += [" ".join([INSTALLED, *re.findall(r'"([^"]*)"', line)]) for line in listed]
    page = (DEPLOY.parent / "team.md").read_text(encoding="utf-8")
    lines += [f"{INSTALLED} {line}" for line in re.findall(r"^ +sectorwise (.+)$", page, re.M)]
    return lines


@pytest.mark.parametrize("line", commands())
def test_every_command_line_is_one_the_program_takes(line: str) -> None:
    program, *words = shlex.split(line.replace("%i", "vn"))
    if program == "/bin/sh":
        _, program, *words = shlex.split(words[-1])
    assert program == INSTALLED
    command, name = typer.main.get_command(app), "sectorwise"
    while words and words[0] in getattr(command, "commands", {}):
        name, *words = words
        command = getattr(command, "commands", {})[name]
    assert command.make_context(name, words).args == []
    assert name != "sectorwise"


def test_there_are_commands_to_check() -> None:
    assert len(commands()) > 8


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_run_with_few_rights_and_timers_have_a_service(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service").exists()
        assert "OnCalendar=" in text
        return
    assert [line for line in PROTECTED if line not in text] == []


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    names = []
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(INSTALLED, str(PROGRAM))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
        names.append(tmp_path / unit.name.replace("@.", "@vn."))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, names)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_rules_watch_metrics_that_exist() -> None:
    standing = Standing("sqlite://")
    text = Exposition(standing, clock=lambda: NOW, under_way=lambda: 0).text().decode()
    there = {family.name for family in text_string_to_metric_families(text)}
    named = set(METRIC.findall((DEPLOY / "alerts.yaml").read_text(encoding="utf-8")))
    assert len(named) > 5
    assert {name.removesuffix("_total") for name in named} <= there


def test_the_container_names_no_registry_and_installs_by_hash() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert {base.partition("/")[0] for base in bases} == set(bases)
    assert "--require-hashes" in text
    assert re.search(r"^USER sectorwise$", text, re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    root = DEPLOY.parents[1]
    assert [name for line in copied for name in line.split() if not (root / name).exists()] == []


def test_settings_the_files_name_exist() -> None:
    known = {f"SECTORWISE_{name.upper()}" for name in Settings.model_fields}
    files = [*UNITS, DEPLOY / "compose.yaml", DEPLOY / "Containerfile", DEPLOY.parent / "team.md"]
    named = {
        name
        for file in files
        for name in re.findall(r"SECTORWISE_[A-Z_]+", file.read_text(encoding="utf-8"))
    }
    assert named <= known
