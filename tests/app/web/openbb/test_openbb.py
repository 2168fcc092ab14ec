"""The OpenBB Workspace's documented requests; its own models are the oracle of our answers."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openbb_ai.models import (
    CitationCollection,
    ClientArtifact,
    MessageChunkSSEData,
    PromptSuggestionsSSEData,
    QueryRequest,
    StatusUpdateSSEData,
)
from pydantic import BaseModel

from app.chat.desk import ChatDesk
from app.compose import Composition
from app.data import tool_context
from app.files.universes import load_universes
from app.running.runs import Runs
from app.settings import Settings
from app.snapshots import RUNS
from app.web.application import web_application
from app.web.house import House
from tests.homes import FITTED_WITH

QUESTION = "Which sectors are rotating into leadership?"
KINDS: dict[str, type[BaseModel]] = {
    "copilotMessageChunk": MessageChunkSSEData,
    "copilotStatusUpdate": StatusUpdateSSEData,
    "copilotMessageArtifact": ClientArtifact,
    "copilotCitationCollection": CitationCollection,
    "copilotPromptSuggestions": PromptSuggestionsSSEData,
}
Events = list[tuple[str, BaseModel]]


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("openbb") / "home"))


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    settings, universes = Settings(home=home, views=FITTED_WITH), load_universes()
    runs = Runs(lambda: Composition(settings=settings, universes=universes), settings.home_dir)
    house = House(
        settings=settings,
        universes=universes,
        tools=tool_context(settings, universes),
        chat=ChatDesk(runs),
    )
    with TestClient(web_application(house)) as opened:
        yield opened


def _asked(client: TestClient, request: Mapping[str, object]) -> Events:
    """Return the events of an answer; the protocol's models read the request and every event."""
    QueryRequest.model_validate(request)
    answer = client.post("/v1/query", json=dict(request))
    assert answer.status_code == 200, answer.text
    found: Events = []
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], KINDS[lines["event"]].model_validate_json(lines["data"])))
    return found


def _answer(events: Events) -> str:
    chunks = [record for _, record in events if isinstance(record, MessageChunkSSEData)]
    return "".join(chunk.delta for chunk in chunks)


def _runs(home: Path) -> set[str]:
    return {path.parent.name for path in (home / RUNS).glob("*/run.json")}


def test_the_agent_is_listed_as_the_workspace_reads_it(client: TestClient) -> None:
    (agent,) = client.get("/agents.json").json().values()
    assert agent["endpoints"] == {"query": "/v1/query"}
    assert agent["features"]["streaming"] is True
    assert agent["name"] == "Sectorwise"


def test_a_question_is_answered_in_words_tables_charts_and_citations(
    client: TestClient, home: Path
) -> None:
    before = _runs(home)
    events = _asked(client, {"messages": [{"role": "human", "content": QUESTION}]})
    assert events[0][0] == "copilotStatusUpdate"
    assert "SYNTHETIC" in _answer(events)
    assert "Quadrants are" in _answer(events)
    artifacts = [record for _, record in events if isinstance(record, ClientArtifact)]
    table, chart = (artifact.model_dump() for artifact in artifacts)
    assert (table["type"], chart["type"]) == ("table", "chart")
    names = load_universes()["demo"].sector_ids
    assert len(table["content"]) == len(chart["content"]) == len(names)
    assert set(chart["chart_params"]["yKey"]) < set(chart["content"][0])
    (cited,) = (record for _, record in events if isinstance(record, CitationCollection))
    assert {"Sector heatmap", "Macro indicators"} <= {c.source_info.name for c in cited.citations}
    (suggested,) = (r for _, r in events if isinstance(r, PromptSuggestionsSSEData))
    assert suggested.suggestions
    assert len(_runs(home) - before) == 1

    history = [
        {"role": "human", "content": QUESTION},
        {"role": "ai", "content": _answer(events)},
        {"role": "human", "content": "and for three months?"},
    ]
    longer = _asked(client, {"messages": history})
    understood = next(r for _, r in longer if isinstance(r, StatusUpdateSSEData))
    assert "3M" in understood.message
    assert len(_runs(home) - before) == 2


@pytest.mark.prove
def test_widgets_pages_and_keys_are_not_used_and_that_is_said(client: TestClient) -> None:
    widget = {
        "uuid": "123e4567-e89b-12d3-a456-426614174000", "origin": "openbb",
        "widget_id": "company_news", "name": "Company News", "description": "News",
        "params": [{"name": "ticker", "type": "string", "description": "It", "current_value": "A"}],
        "metadata": {},
    }  # fmt: skip
    events = _asked(
        client,
        {
            "messages": [
                {"role": "human", "content": "Which sectors lag?"},
                {"role": "ai", "content": json.dumps({"function": "f", "input_arguments": {}})},
                {"role": "tool", "function": "f", "data": []},
                {"role": "human", "content": "Which sectors lag?"},
            ],
            "widgets": {"primary": [widget]},
            "urls": ["https://evil.example"],
            "api_keys": {"openai_api_key": "sk-not-used"},
        },
    )
    warned = [r for _, r in events if isinstance(r, StatusUpdateSSEData) and r.eventType != "INFO"]
    assert [row.eventType for row in warned] == ["WARNING"]
    assert "evil" not in str(events)
    assert "sk-not-used" not in str(events)


@pytest.mark.parametrize("messages", [[], [{"role": "stranger", "content": "x"}]])
def test_what_is_no_request_of_the_protocol_is_refused(
    client: TestClient, messages: list[object]
) -> None:
    assert client.post("/v1/query", json={"messages": messages}).status_code == 422


def test_a_question_without_data_says_what_is_missing(client: TestClient) -> None:
    said = {"messages": [{"role": "human", "content": "Which sectors lead in Vietnam?"}]}
    events = _asked(client, said)
    assert "store" in _answer(events)
    updates = [record for _, record in events if isinstance(record, StatusUpdateSSEData)]
    assert updates[-1].eventType == "INFO"
