"""What a piece of work tells: to its hearers, and to the lines that are written meanwhile."""

import asyncio
import threading

import pytest

from agents.tracing import Work, about, hear, span, told, unhear


def heard_of(work: "list[Work]") -> None:
    hear(work.append)


@pytest.fixture
def heard() -> "list[Work]":
    return []


@pytest.fixture(autouse=True)
def _listening(heard: list[Work]) -> object:
    hearer = heard.append
    hear(hearer)
    yield
    unhear(hearer)


def test_hearers_are_told_when_work_has_ended(heard: list[Work]) -> None:
    with span("job", universe="vn", sectors_count=3) as work:
        work.note(outcome="made", gone=None)
        assert heard == []
    (ended,) = heard
    assert ended.name == "job"
    assert ended.seconds > 0
    assert ended.attributes == {
        "sectorwise.universe": "vn",
        "sectorwise.sectors_count": 3,
        "sectorwise.outcome": "made",
    }


def test_an_error_passes_through_and_leaves_its_type(heard: list[Work]) -> None:
    with pytest.raises(KeyError), span("job"):
        raise KeyError("what only the caller may know")
    assert heard[0].error == "KeyError"
    assert "caller" not in str(heard[0])


def test_what_the_work_is_about_holds_inside_it_and_in_its_tasks_only() -> None:
    async def inner() -> dict[str, str]:
        with span("node scorer", node="scorer"):
            return dict(about())

    async def main() -> dict[str, str]:
        with span("run", run="r1", universe="vn"):
            return await asyncio.create_task(inner())

    assert asyncio.run(main()) == {"run": "r1", "universe": "vn"}
    assert about() == {}


def test_runs_beside_one_another_are_told_apart() -> None:
    async def run(name: str) -> str:
        with span("run", run=name):
            await asyncio.sleep(0)
            return about()["run"]

    async def both() -> list[str]:
        return list(await asyncio.gather(run("a"), run("b")))

    assert asyncio.run(both()) == ["a", "b"]


def test_a_node_keeps_its_name_its_arguments_and_its_answer(heard: list[Work]) -> None:
    async def node(state: int) -> int:
        return state + 1

    wrapped = told("scorer", node)

    async def main() -> int:
        return await wrapped(1)

    assert asyncio.run(main()) == 2
    assert [work.name for work in heard] == ["node scorer"]


def test_threads_do_not_share_what_they_are_about() -> None:
    found: list[dict[str, str]] = []
    with span("run", run="mine"):
        thread = threading.Thread(target=lambda: found.append(dict(about())))
        thread.start()
        thread.join()
    assert found == [{}]
