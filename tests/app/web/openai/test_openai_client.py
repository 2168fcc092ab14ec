"""The unchanged client library of OpenAI against a real server."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from openai import (
    APIError,
    AsyncOpenAI,
    BadRequestError,
    NotFoundError,
)
from openai.types.chat import ChatCompletionMessageParam

from core.records.report import Report
from tests.app.web.openai.conftest import Served

pytestmark = pytest.mark.xdist_group("browser")
MODEL = "sectorwise-demo"
PATIENCE_SECONDS = 60.0
LEADERS = "Which sectors are rotating into leadership?"
REPORT = "Write the full sector report"
FLOWS = "Which sectors are foreigners buying?"
Messages = list[ChatCompletionMessageParam]


def _asked(*texts: str) -> Messages:
    """Return a history: user, assistant, user and so on."""
    return [
        {"role": "assistant", "content": text} if place % 2 else {"role": "user", "content": text}
        for place, text in enumerate(texts)
    ]


def _answer(served: Served, messages: Messages, model: str = MODEL) -> tuple[str, str]:
    """Return what is answered, and the run that answered."""
    done = served.client.chat.completions.create(model=model, messages=messages)
    content = done.choices[0].message.content
    assert content is not None
    assert done.choices[0].finish_reason == "stop"
    return content, done.id.removeprefix("chatcmpl-")


def test_every_market_is_a_model(served: Served) -> None:
    client = served.client
    names = [model.id for model in client.models.list()]
    assert names[0] == "sectorwise"
    assert {"sectorwise-us", "sectorwise-vn", MODEL} <= set(names)
    assert client.models.retrieve(MODEL).owned_by == "sectorwise"
    with pytest.raises(NotFoundError):
        client.models.retrieve("sectorwise-mars")
    with pytest.raises(NotFoundError, match="no model"):
        client.chat.completions.create(model="gpt-5", messages=_asked(LEADERS))


def test_a_resent_history_is_the_thread_and_a_changed_one_branches(served: Served) -> None:
    before = served.runs()
    first, run = _answer(served, _asked(LEADERS))
    report = served.report(run)
    assert report.sentences[0].text[:20].strip("*") in first
    assert "://" not in first
    assert "run " + run in first.replace("\\", "")

    _, longer = _answer(served, _asked(LEADERS, first, "and for three months?"))
    assert served.report(longer).request.horizon == "3M"
    assert served.report(longer).request.topics == report.request.topics

    _, edited = _answer(served, _asked(LEADERS, "something else", "and for one week?"))
    assert served.report(edited).request.horizon == "1W"
    _, again = _answer(served, _asked(LEADERS, first, "and for three months?"))
    assert again not in {longer, edited}
    assert served.runs() - before == {run, longer, edited, again}

    with httpx.Client(base_url=served.site.url, timeout=PATIENCE_SECONDS) as rest:
        threads = rest.get("/api/threads").json()
        found = next(row for row in threads if row["turns_count"] == 4)
        turns = rest.get(f"/api/threads/{found['thread']}").json()["turns"]
    assert [turn["run"] for turn in turns] == [run, longer, edited, again]


def test_a_history_never_seen_is_understood_and_not_run(served: Served) -> None:
    before = served.runs()
    history = _asked("How is technology doing?", "Well.", FLOWS, "Many.", "and over 3 months?")
    _, run = _answer(served, history)
    request = served.report(run).request
    assert request.window == "3M"
    assert "foreign_flow" in request.topics
    assert served.runs() - before == {run}


def test_a_stream_tells_progress_then_the_same_answer_then_usage(served: Served) -> None:
    question = "Which sectors lead, and what does the macro picture say?"
    chunks = list(
        served.client.chat.completions.create(
            model=MODEL, messages=_asked(question), stream=True,
            stream_options={"include_usage": True}, temperature=0.3, top_p=0.9, seed=1,
            max_tokens=5, user="someone", extra_body={"chat_id": "x", "keep_alive": 1},
        )
    )  # fmt: skip
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    thoughts = [str(getattr(delta, "reasoning_content", "") or "") for delta in deltas]
    texts = [delta.content or "" for delta in deltas]
    last_thought = max(place for place, text in enumerate(thoughts) if text)
    assert "Sector heatmap" in "".join(thoughts)
    assert deltas[0].role == "assistant"
    assert any("- " in text for text in texts[last_thought:])
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    usage = chunks[-1].usage
    assert usage is not None
    assert usage.total_tokens == 0
    whole, _ = _answer(served, _asked(question))
    assert "".join(texts).strip().rpartition("run ")[0] == whole.rpartition("run ")[0]


def test_whoever_goes_away_finds_the_answer_of_the_same_run(served: Served) -> None:
    before = served.runs()
    messages = _asked("Which sectors are expected to outperform over 3 months?")
    with served.client.chat.completions.create(
        model=MODEL, messages=messages, stream=True
    ) as stream:
        run = next(iter(stream)).id.removeprefix("chatcmpl-")
    assert _answer(served, messages)[1] == run
    assert served.runs() - before == {run}


@contextmanager
def _at_a_standstill(home: Path) -> Iterator[None]:
    """Let no run of the home keep a checkpoint: none comes to its end while the block runs."""
    file = home / "checkpoints.sqlite"
    with closing(sqlite3.connect(file, timeout=PATIENCE_SECONDS, isolation_level=None)) as held:
        held.execute("PRAGMA journal_mode = WAL")
        held.execute("BEGIN IMMEDIATE")
        yield


def test_a_run_somebody_stopped_is_taken_up_by_whoever_asks_again(served: Served) -> None:
    before = served.runs()
    messages = _asked("What is the macro picture over 3 months?")
    address = urlsplit(served.site.url)
    with closing(HTTPConnection(str(address.netloc), timeout=PATIENCE_SECONDS)) as other:
        with _at_a_standstill(served.site.home):
            stream = served.client.chat.completions.create(
                model=MODEL, messages=messages, stream=True
            )
            run = next(iter(stream)).id.removeprefix("chatcmpl-")
            other.request("DELETE", f"/api/runs/{run}")
        stopped = json.loads(other.getresponse().read())
    assert stopped["state"] == "stopped", stopped
    with stream, pytest.raises(APIError, match="stopped"):
        list(stream)
    assert _answer(served, messages)[1] == run
    assert served.runs() - before == {run}


def test_the_same_question_at_once_is_one_run(served: Served) -> None:
    before = served.runs()

    async def ask() -> list[str]:
        async with AsyncOpenAI(base_url=served.base_url, api_key="none") as client:
            done = await asyncio.gather(
                *(
                    client.chat.completions.create(model=MODEL, messages=_asked(FLOWS))
                    for _ in range(3)
                )
            )
            return [one.id for one in done]

    assert len(set(asyncio.run(ask()))) == 1
    assert len(served.runs() - before) == 1


def test_an_answer_in_json_is_the_report(served: Served) -> None:
    client, messages = served.client, _asked("Report on the sectors")
    whole = client.chat.completions.create(
        model=MODEL, messages=messages, response_format={"type": "json_object"}
    )
    report = Report.model_validate_json(whole.choices[0].message.content or "")
    assert report == served.report(whole.id.removeprefix("chatcmpl-"))

    def form(*fields: str) -> dict[str, object]:
        properties: dict[str, object] = {name: {} for name in fields}
        schema = {"name": "some", "schema": {"type": "object", "properties": properties}}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}

    with pytest.raises(BadRequestError, match="no field 'weather'"):
        client.chat.completions.create(model=MODEL, messages=messages, extra_body=form("weather"))


def test_parts_system_prompts_and_tools_are_accepted(served: Served) -> None:
    parts: Messages = [
        {"role": "system", "content": "Cap technology at 0 %."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": LEADERS},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}},
            ],
        },
    ]
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
    done = served.client.chat.completions.create(
        model=MODEL, messages=parts, extra_body={"tools": [tool], "tool_choice": "auto"}
    )
    assert "was not read" in (done.choices[0].message.content or "")
    assert served.report(done.id.removeprefix("chatcmpl-")).request.patch is None


@pytest.mark.parametrize(
    ("messages", "more", "said"),
    [
        (_asked(LEADERS), {"n": 2}, "n: 2"),
        (_asked(LEADERS, "They do."), {}, "last one"),
        ([{"role": "user", "content": " "}], {}, "last one"),
        (_asked(LEADERS), {"response_format": {"type": "yaml"}}, "yaml"),
        (_asked("Cap technology at 400 %."), {}, "400"),
        (_asked("x" * 5000), {}, "characters"),
    ],
)
def test_what_cannot_be_answered_is_refused_without_a_run(
    served: Served, messages: Messages, more: dict[str, object], said: str
) -> None:
    before = served.runs()
    with pytest.raises(BadRequestError, match=said):
        served.client.chat.completions.create(model=MODEL, messages=messages, extra_body=more)
    assert served.runs() == before


def test_a_report_without_data_fails_and_is_not_asked_again_by_the_client(served: Served) -> None:
    client = served.client
    with pytest.raises(BadRequestError, match="store") as failed:
        client.chat.completions.create(model="sectorwise-us", messages=_asked(REPORT))
    assert failed.value.type == "invalid_request_error"
    assert failed.value.response.headers["x-should-retry"] == "false"
    with pytest.raises(APIError, match="store"):
        list(
            client.chat.completions.create(
                model="sectorwise-us", messages=_asked(REPORT), stream=True
            )
        )
