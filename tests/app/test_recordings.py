"""A recorded run answers again, offline and years later, to the same bytes; it tells no secret."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.app.command import sectorwise
from tests.app.replaying import a_model, digests, files_of, offline, readable
from tests.servers.echoing_stdio import FAILS
from tests.servers.postgres import a_postgres

ROOT = Path(__file__).parents[2]
LONG = pytest.mark.prove


@dataclass(frozen=True, slots=True)
class Case:
    """A run to record; of several turns the last is."""

    command: tuple[str, ...]
    real: bool = False
    model: str | None = None
    turns: int = 1
    formats: tuple[str, ...] = ()
    """The files it is written to; all of them when none is named."""

    @property
    def written(self) -> tuple[str, ...]:
        return ("--formats", ",".join(self.formats)) if self.formats else ()


NOTHING = '{"steps": [], "claims": []}'
"""What a model says that leaves the plan and the words to us."""

CASES = {
    "a plain report": Case(("report", "-u", "demo")),
    "a report of a past day in Vietnamese": Case(
        ("report", "-u", "demo", "--as-of", "2023-06-30", "--horizon", "3M", "--lang", "vi")
    ),
    "a question with a limit": Case(
        ("ask", "Which demo sectors lead over 3 months with technology at most 5%?")
    ),
    "a question in Vietnamese": Case(("ask", "Ngành nào đang dẫn dắt thị trường demo?")),
    "a question about a past span": Case(
        ("ask", "How did demo technology rotate from 2023-01-01 to 2024-06-28?")
    ),
    "a question nobody calls a tool for": Case(("ask", "Write me a poem about the sea")),
    "a follow-up that reuses what is known": Case(
        ("ask", "Which demo sectors lead?", "And why the first of them?"), turns=2
    ),
    "a report a model wrote": Case(("report", "-u", "demo"), model=NOTHING),
    "the data a model's report is written to": Case(
        ("report", "-u", "demo"), model=NOTHING, formats=("json", "html", "xlsx", "csv")
    ),
    "an American report": Case(("report", "-u", "us", "--as-of", "2018-12-28"), real=True),
    "two markets compared": Case(
        ("ask", "Compare Vietnamese and US banks as of 2018-12-28"), real=True
    ),
}
QUICK = {"the data a model's report is written to"}
"""Pictures and sheets are the same bytes in every process: `test_same_bytes` makes them."""


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=LONG) for name in CASES]
)
def test_a_recorded_run_replays_to_the_same_bytes_with_the_network_blocked(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    case = CASES[name]
    source: Path = request.getfixturevalue("real_home" if case.real else "demo_home")
    home = Path(shutil.copytree(source, tmp_path / "home"))
    live, again, file = tmp_path / "live", tmp_path / "again", tmp_path / "run.json"
    with a_model(case.model) as env:
        asked = (*case.command, *case.written, "--out", str(live), "--json")
        made = sectorwise(*asked, home=home, env=env)
    assert made.code == 0, made.error
    recorded = sectorwise("record", "last", "--out", str(file), home=home)
    assert recorded.code == 0, recorded.error
    replayed = offline(
        "report", "--replay", str(file), *case.written, "--out", str(again), tmp_path=tmp_path
    )
    assert replayed.code == 0, replayed.error
    assert replayed.error == ""
    expected = digests(live / str(case.turns) if case.turns > 1 else live)
    assert len(expected) >= (len(case.formats) or 8)
    assert digests(again) == expected


@LONG
def test_a_run_in_a_ledger_on_postgresql_replays_to_the_same_bytes(
    demo_home: Path, tmp_path: Path
) -> None:
    home, file = Path(shutil.copytree(demo_home, tmp_path / "home")), tmp_path / "run.json"
    with a_postgres() as url:
        env = {"SECTORWISE_DATABASE_URL": url}
        options = ("-u", "demo", "--out", str(tmp_path / "live"))
        made = sectorwise("report", *options, home=home, env=env)
        assert made.code == 0, made.error
        recorded = sectorwise("record", "last", "--out", str(file), home=home, env=env)
        assert recorded.code == 0, recorded.error
        assert sectorwise("track", "--verify", home=home, env=env).code == 0
    assert sectorwise("record", "last", home=home).code == 3
    again = offline(
        "report", "--replay", str(file), "--out", str(tmp_path / "a"), tmp_path=tmp_path
    )
    assert again.code == 0, again.error
    assert digests(tmp_path / "a") == digests(tmp_path / "live")


@pytest.mark.prove
def test_a_question_is_replayed_without_being_asked_again(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    live = sectorwise("ask", "Which demo sectors lead?", "--json", home=home).json()
    sectorwise("record", "last", "--out", str(tmp_path / "run.json"), home=home)
    again = offline("ask", "--replay", str(tmp_path / "run.json"), "--json", tmp_path=tmp_path)
    assert again.code == 0, again.error
    replayed = again.json()
    assert isinstance(live, dict)
    assert isinstance(replayed, dict)
    assert replayed["report"] == live["report"]
    assert replayed["run"] == live["run"]
    assert sectorwise("ask", home=home).code == 2


@pytest.fixture(scope="module")
def recording(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of a report of the synthetic market."""
    folder = tmp_path_factory.mktemp("recorded")
    home = Path(shutil.copytree(demo_home, folder / "home"))
    options = ("--formats", "json", "--out", str(folder / "out"))
    assert sectorwise("report", "-u", "demo", *options, home=home).code == 0
    assert sectorwise("record", "last", "--out", str(folder / "run.json"), home=home).code == 0
    return folder / "run.json"


def test_a_recording_can_be_read(recording: Path) -> None:
    told = json.loads(recording.read_text(encoding="utf-8"))
    assert list(told) == [
        "contract", "run", "asked_on", "versions", "request", "signatures", "desks", "universes",
        "calls",
    ]  # fmt: skip
    assert set(told["versions"]) == {"sectorwise", "tool_contract", "prompts", "packages"}
    assert told["versions"]["packages"]["numpy"]
    first = told["calls"][0]
    assert (first["name"], first["server"]) == ("get_data_status", "sectorwise")
    assert first["arguments"]["region"] == "demo"
    assert first["answer"]["tool"] == "get_data_status"
    assert all(len(call["schema_hash"]) == 64 for call in told["calls"])


def changed(recording: Path, tmp_path: Path, **parts: object) -> Path:
    """Return a copy of the recording with other parts."""
    told = json.loads(recording.read_text(encoding="utf-8"))
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(told | parts), encoding="utf-8")
    return file


def refused(file: Path, tmp_path: Path) -> str:
    """Return the one sentence a recording is refused with."""
    ran = offline("report", "--replay", str(file), "--out", str(tmp_path / "o"), tmp_path=tmp_path)
    assert ran.code == 2, ran.error
    assert len(ran.error.strip().splitlines()) == 1
    return ran.error


def test_a_recording_of_an_earlier_contract_is_refused_in_one_sentence(
    recording: Path, tmp_path: Path
) -> None:
    old = changed(recording, tmp_path, contract="2")
    assert "record the run again" in refused(old, tmp_path)


def test_a_recording_of_answers_in_another_form_is_refused(recording: Path, tmp_path: Path) -> None:
    calls = json.loads(recording.read_text(encoding="utf-8"))["calls"]
    calls[2]["schema_hash"] = "0" * 64
    said = refused(changed(recording, tmp_path, calls=calls), tmp_path)
    assert calls[2]["name"] in said
    assert "another form" in said


def test_a_models_answers_to_another_prompt_are_refused(recording: Path, tmp_path: Path) -> None:
    told = json.loads(recording.read_text(encoding="utf-8"))
    told["versions"]["prompts"][0]["sha256"] = "0" * 64
    without_a_model = changed(recording, tmp_path, versions=told["versions"])
    ran = offline(
        "report", "--replay", str(without_a_model), "--formats", "json",
        "--out", str(tmp_path / "o"), tmp_path=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.error
    asked = told["calls"][0] | {"kind": "model", "name": "fake", "server": "nowhere"}
    said = refused(
        changed(recording, tmp_path, versions=told["versions"], calls=[*told["calls"], asked]),
        tmp_path,
    )
    assert "prompt planner" in said


def test_other_versions_are_told_of_and_replayed(recording: Path, tmp_path: Path) -> None:
    versions = json.loads(recording.read_text(encoding="utf-8"))["versions"]
    versions["packages"]["numpy"] = "1.0"
    ran = offline(
        "report", "--replay", str(changed(recording, tmp_path, versions=versions)),
        "--formats", "json", "--out", str(tmp_path / "o"), tmp_path=tmp_path,
    )  # fmt: skip
    assert ran.code == 0
    assert "recorded with numpy 1.0" in ran.error


@pytest.mark.prove
def test_no_secret_of_environment_headers_or_answers_is_in_any_file(
    demo_home: Path, tmp_path: Path
) -> None:
    """The first server is down and has secret headers; the second tells every secret it knows."""
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    out, file, config = tmp_path / "out", tmp_path / "run.json", tmp_path / "mcp.json"
    canaries = {
        "header": "canary-header-77aa66bb55",
        "server": "canary-server-44cc33dd22",
        "around": "canary-around-11ee00ff99",
        "basic": "canary-basic-88gg77hh66",
    }
    down = {
        "url": f"http://desk:{canaries['basic']}@127.0.0.1:9/mcp",
        "headers": {"Authorization": f"Bearer {canaries['header']}"},
    }
    echoing = {
        "command": sys.executable,
        "args": ["-m", "tests.servers.echoing_stdio", *canaries.values()],
        "env": {
            "SECTORWISE_HOME": str(home),
            "SECTORWISE_VIEWS": "plain",
            "PYTHONPATH": str(ROOT),
            "FEED_API_KEY": canaries["server"],
        },
        "sectorwise": {"benchmark_weights": True},
    }
    config.write_text(json.dumps({"mcpServers": {"down": down, "echoing": echoing}}))
    env = {"SECTORWISE_MCP_CONFIG": str(config), "DESK_ACCESS_TOKEN": canaries["around"]}
    made = sectorwise("report", "-u", "demo", "--out", str(out), "--json", home=home, env=env)
    assert made.code == 0, made.error
    document = made.json()
    assert isinstance(document, dict)
    servers = {item["server"] for item in document["report"]["evidence"]}
    assert servers == {"echoing"}
    reasons = {gap["tool"]: gap["gap"]["reason"] for gap in document["report"]["gaps"]}
    assert reasons == {FAILS: "tool_failed"}
    ran = sectorwise("record", document["run"], "--out", str(file), home=home, env=env)
    assert ran.code == 0, ran.error
    for path in [*files_of(home), *files_of(out), file]:
        told = readable(path)
        assert not [name for name, word in canaries.items() if word.encode() in told], path
    assert "canary" not in made.out + made.error + ran.out + ran.error
    again = offline(
        "report", "--replay", str(file), "--out", str(tmp_path / "a"), tmp_path=tmp_path
    )
    assert again.code == 0, again.error
    assert digests(tmp_path / "a") == digests(out)


@pytest.mark.prove
def test_a_secret_the_user_types_is_not_in_the_recording(demo_home: Path, tmp_path: Path) -> None:
    home, file = Path(shutil.copytree(demo_home, tmp_path / "home")), tmp_path / "run.json"
    canary = "canary-typed-55aa66bb77"
    with a_model('{"steps": [], "claims": []}') as env:
        env = env | {"OPENAI_API_KEY": canary}
        asked = f"Which demo sectors lead? {canary}"
        assert sectorwise("ask", asked, home=home, env=env).code == 0
        assert sectorwise("record", "last", "--out", str(file), home=home, env=env).code == 0
    assert canary not in file.read_text(encoding="utf-8")
    assert '"kind": "model"' in file.read_text(encoding="utf-8")
    ran = offline("ask", "--replay", str(file), "--json", tmp_path=tmp_path)
    assert ran.code == 0, ran.error
    assert "replay_miss" not in ran.out
