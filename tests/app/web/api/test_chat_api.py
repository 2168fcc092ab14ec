"""The chat over REST: threads, questions, plans, events, and what happens at each wrong moment."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from starlette.testclient import TestClient

from app.chat.desk import ChatDesk
from app.chat.records import Event, FailedEvent
from app.cli.serving_pages import opened_house
from app.files.universes import load_universes
from app.settings import Settings
from app.web.api.chat import _events
from app.web.application import web_application
from core.errors import DataError
from tests.homes import FITTED_WITH

QUESTION = "Which sectors are rotating into leadership?"


@pytest.fixture(scope="module")
def client(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("chat-api") / "home"))
    house = opened_house(Settings(home=home, views=FITTED_WITH), load_universes())
    with TestClient(web_application(house)) as asked:
        yield asked


@pytest.fixture
def thread(client: TestClient) -> str:
    made = client.post("/api/threads", json={"universe": "demo"})
    assert made.status_code == 201
    return str(made.json()["thread"])


def ask(client: TestClient, thread: str, **body: object) -> str:
    made = client.post(f"/api/threads/{thread}/turns", json={"text": QUESTION, **body})
    assert made.status_code == 201, made.text
    return str(made.json()["run"])


def events(client: TestClient, run: str, **asked: str) -> list[tuple[int, dict[str, object]]]:
    """Return what is told of a run until it ends."""
    answer = client.get(f"/api/runs/{run}/events", headers=asked)
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [part.split("\n") for part in answer.text.split("\n\n") if part.startswith("id: ")]
    return [(int(a.removeprefix("id: ")), json.loads(b.removeprefix("data: "))) for a, b in blocks]


def until_plan(client: TestClient, run: str) -> dict[str, object]:
    """Wait for the plan, without waiting for the end of a stream that has none."""
    while (turn := client.get(f"/api/runs/{run}").json())["state"] == "running":
        time.sleep(0.02)
    assert turn["state"] == "waiting"
    return dict(turn)


def test_a_question_is_planned_agreed_to_and_answered_and_its_story_can_be_heard_again(
    client: TestClient, thread: str
) -> None:
    run = ask(client, thread)
    until_plan(client, run)
    agreed = client.post(f"/api/runs/{run}/consent", json={"verdict": "run", "without": []})
    assert agreed.status_code == 200
    told = events(client, run)
    kinds = [str(event["event"]) for _, event in told]
    assert kinds[0] == "understood"
    assert kinds[-1] == "finished"
    assert {"plan", "step", "sentence"} <= set(kinds)
    numbers = [number for number, _ in told]
    assert numbers == sorted(set(numbers))
    assert events(client, run) == told
    middle = numbers[len(numbers) // 2]
    later = events(client, run, **{"last-event-id": str(middle)})
    assert later == [pair for pair in told if pair[0] > middle]
    after = client.get(f"/api/runs/{run}/events", params={"after": middle})
    assert after.text.count("id: ") == len(later)
    kept = client.get(f"/api/threads/{thread}").json()
    assert [(turn["run"], turn["state"]) for turn in kept["turns"]] == [(run, "finished")]
    listed = client.get("/api/threads").json()
    assert next(row for row in listed if row["thread"] == thread)["title"]


def test_a_plan_that_is_declined_makes_no_call_and_cannot_be_agreed_to_afterwards(
    client: TestClient, thread: str
) -> None:
    run = ask(client, thread)
    until_plan(client, run)
    declined = client.post(f"/api/runs/{run}/consent", json={"verdict": "cancel"})
    assert declined.json()["state"] == "cancelled"
    told = [event for _, event in events(client, run)]
    assert told[-1]["event"] == "stopped"
    assert not [event for event in told if event["event"] == "step" and event.get("call")]
    again = client.post(f"/api/runs/{run}/consent", json={"verdict": "run"})
    assert again.status_code == 409
    assert set(again.json()) == {"error"}


def test_what_has_ended_cannot_be_stopped_or_resumed(client: TestClient, thread: str) -> None:
    run = ask(client, thread, approve=False)
    assert events(client, run)[-1][1]["event"] == "finished"
    assert client.delete(f"/api/runs/{run}").status_code == 409
    assert client.post(f"/api/runs/{run}/resume").status_code == 409


def test_a_plan_that_waits_can_be_stopped(client: TestClient, thread: str) -> None:
    run = ask(client, thread)
    until_plan(client, run)
    assert client.delete(f"/api/runs/{run}").json()["state"] == "cancelled"


def test_limits_beside_the_words_are_understood(client: TestClient, thread: str) -> None:
    mandate = {"caps": [{"sector": "technology", "cap": 0.2}]}
    made = client.post(
        f"/api/threads/{thread}/turns", json={"text": QUESTION, "mandate": mandate}
    ).json()
    assert made["request"]["patch"]["caps"] == mandate["caps"]
    client.delete(f"/api/runs/{made['run']}")


def test_a_forgotten_thread_is_gone(client: TestClient, thread: str) -> None:
    assert client.delete(f"/api/threads/{thread}").status_code == 204
    for method in ("GET", "DELETE"):
        assert client.request(method, f"/api/threads/{thread}").status_code == 404
    asked = client.post(f"/api/threads/{thread}/turns", json={"text": QUESTION})
    assert asked.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/threads/none", None, 404),
        ("GET", "/api/threads/No!", None, 422),
        ("GET", "/api/threads?limit=0", None, 422),
        ("POST", "/api/threads", {"universe": "atlantis"}, 404),
        ("POST", "/api/threads", {"universe": "demo", "as_of": "2999-01-01"}, 400),
        ("POST", "/api/threads", {"universe": "demo", "colour": "red"}, 422),
        ("GET", "/api/runs/none", None, 404),
        ("GET", "/api/runs/none/events", None, 404),
        ("POST", "/api/runs/none/consent", {"verdict": "run"}, 404),
        ("POST", "/api/runs/none/consent", {"verdict": "maybe"}, 422),
        ("POST", "/api/runs/none/resume", None, 404),
        ("DELETE", "/api/runs/none", None, 404),
    ],
)
def test_every_wrong_request_is_refused_with_its_status_and_one_sentence(
    client: TestClient, method: str, path: str, body: object, status: int
) -> None:
    answer = client.request(method, path, json=body)
    assert answer.status_code == status
    said = answer.json()
    assert set(said) == {"error"}
    assert "\n" not in said["error"]


async def _broken(run: str, after: int) -> AsyncIterator[tuple[int, Event]]:
    yield 1, FailedEvent(error="no prices in /home/someone/store.duckdb: import them")
    raise DataError("the file of run r1 is damaged: /home/someone/research/r1.jsonl")


def test_what_cannot_be_told_further_ends_with_a_failure_without_our_folders() -> None:
    async def told() -> list[str]:
        chat = cast(ChatDesk, SimpleNamespace(followed=_broken))
        return [text async for text in _events(chat, "r1", 0)]

    first, last = asyncio.run(told())
    assert first.startswith("id: 1\n")
    assert "no prices in store.duckdb: import them" in first
    assert last.startswith("data: {")
    assert "is damaged: r1.jsonl" in last


def test_a_question_longer_than_the_cap_is_refused(client: TestClient, thread: str) -> None:
    answer = client.post(f"/api/threads/{thread}/turns", json={"text": "x" * 4001})
    assert answer.status_code == 422


def test_the_markets_are_listed_in_either_language(client: TestClient) -> None:
    english = client.get("/api/universes").json()
    vietnamese = client.get("/api/universes", params={"lang": "vi"}).json()
    demo = next(market for market in english if market["id"] == "demo")
    assert demo["synthetic"] is True
    assert demo["sectors"][0]["name"] == "Information Technology"
    assert [market["id"] for market in english] == [market["id"] for market in vietnamese]
    assert vietnamese != english
