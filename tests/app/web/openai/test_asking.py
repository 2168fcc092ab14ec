"""A resent question joins the run that answers it only while that answer is of today."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from app.chat.desk import ChatDesk
from app.chat.records import Thread, Turn, TurnState
from app.files.universes import load_universes
from app.web.openai.asking import Asking
from app.web.openai.history import Said
from app.web.openai.suggestions import Market
from core.records.request import Request

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
HISTORY = (Said("user", "Which sectors lead?"),)
REQUEST = Request(text="?", language="en", intent="question", universes=("demo",))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Desk:
    """Keeps what it is told; every question is a run of its own."""

    def __init__(self, state: TurnState) -> None:
        self.state, self.known, self.count = state, dict[str, str](), 0

    def recalled(self, key: str) -> str | None:
        return self.known.get(key)

    def remembered(self, key: str, run: str) -> None:
        self.known[key] = run

    def opened(self, universe: str) -> Thread:
        return Thread(thread="t", title="", universe=universe, changed_at="", turns_count=0)

    def turn(self, run: str) -> Turn:
        return Turn(
            run=run, thread="t", asked_at=NOON.isoformat(), text="?", request=REQUEST,
            state=self.state,
        )  # fmt: skip

    async def asked(self, *_: object, **__: object) -> Turn:
        self.count += 1
        return self.turn(f"r{self.count}")

    async def resumed(self, run: str) -> Turn:
        return self.turn(run)


@pytest.mark.parametrize(
    ("state", "days", "runs"),
    [
        ("finished", 0, 1),
        ("finished", 1, 2),
        ("stopped", 0, 1),
        ("stopped", 1, 2),
        ("running", 1, 1),
        ("waiting", 1, 1),
        ("failed", 0, 2),
    ],
)
async def test_an_answer_of_another_day_is_asked_for_anew(
    state: TurnState, days: int, runs: int
) -> None:
    desk, now = Desk(state), [NOON]
    asking = Asking(cast(ChatDesk, desk), clock=lambda: now[0])
    market = Market(load_universes(), "demo")
    await asking.begun("sectorwise", market, HISTORY)
    now[0] += timedelta(days=days)
    assert await asking.begun("sectorwise", market, HISTORY) == f"r{runs}"
