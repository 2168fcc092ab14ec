"""LangGraph's own development server over our graph, offline, as its users start it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from core.records.approval import Approval
from core.records.report import Report
from tests.homes import FITTED_WITH
from tests.servers.ports import free_port

CONFIG = Path(__file__).parents[2] / "langgraph.json"
PROGRAM = Path(sys.executable).with_name("langgraph")
READY_SECONDS, END_SECONDS = 200.0, 20.0
QUESTION = "Which sectors are rotating into leadership?"


@contextmanager
def _served(home: Path, folder: Path) -> Iterator[httpx.Client]:
    """Yield a client of the server; it is ended by its process id."""
    port = free_port()
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {"SECTORWISE_HOME": str(home), "SECTORWISE_VIEWS": FITTED_WITH}
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [str(PROGRAM), "dev", "--no-browser", "--no-reload", "--port", str(port),
         "--config", str(CONFIG)],
        cwd=folder, stdout=log, stderr=subprocess.STDOUT,
        env=plain | settings | {"LANGGRAPH_CLI_NO_ANALYTICS": "1"},
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=READY_SECONDS) as client:
            _wait_for(client, folder)
            yield client
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait_for(client: httpx.Client, folder: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            if client.get("/ok").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError((folder / "log").read_text())


def _run(client: httpx.Client, thread: str, **body: object) -> dict[str, object]:
    path = f"/threads/{thread}/runs/wait"
    answer = client.post(path, json={"assistant_id": "sectorwise", **body}).json()
    assert isinstance(answer, dict)
    assert "__error__" not in answer, answer
    return answer


def _approval(answer: dict[str, object]) -> Approval:
    waiting = answer["__interrupt__"]
    assert isinstance(waiting, list)
    return Approval.model_validate(waiting[0]["value"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the server is started; it keeps its threads there."""
    made = tmp_path / "langgraph"
    made.mkdir()
    return made


@pytest.mark.prove
def test_a_thread_waits_for_approval_goes_on_and_is_continued(
    demo_home: Path, tmp_path: Path, folder: Path
) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    with _served(home, folder) as client:
        (assistant,) = client.post("/assistants/search", json={}).json()
        schemas = client.get(f"/assistants/{assistant['assistant_id']}/schemas").json()
        assert set(schemas["input_schema"]["properties"]) == {"question", "universe", "as_of"}
        assert schemas["input_schema"]["required"] == ["question"]

        thread = client.post("/threads", json={}).json()["thread_id"]
        asked = _run(client, thread, input={"question": QUESTION, "universe": "demo"})
        told = _approval(asked)
        assert any(step.scored for step in told.steps)
        assert asked["report"] is None

        done = _run(client, thread, command={"resume": {"verdict": "run", "without": []}})
        report = Report.model_validate(done["report"])
        assert report.request.text == QUESTION
        assert done["sentences"] == [sentence.text for sentence in report.sentences]

        again = _run(client, thread, input={"question": "and for three months?"})
        assert any(step.known for step in _approval(again).steps)
        declined = _run(client, thread, command={"resume": {"verdict": "cancel"}})
        assert declined["report"] is None
    assert "BlockingError" not in (folder / "log").read_text()
