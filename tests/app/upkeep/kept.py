"""What is kept in the tests' home, and how to look at it."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import empty_checkpoint

from agents.checkpoints import checkpointer
from app.chat.threads import Threads
from app.delivery.outbox import Message, Outbox
from app.files.holdings import store_holdings
from app.running.records import Ticket
from app.running.tickets import Tickets
from app.settings import Settings
from core.records.holdings import Holdings
from core.records.request import Request
from tests.homes import FITTED_WITH, fill_from

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNFINISHED = "20260302-120000-000000-abcdef"


def clock() -> datetime:
    """Return the tests' one moment."""
    return NOON


def settings_of(home: Path) -> Settings:
    """Return the settings of a home."""
    return Settings(home=home, views=FITTED_WITH)


def runs_of(home: Path) -> list[str]:
    """Return the finished runs, oldest first."""
    return sorted(path.parent.name for path in home.glob("runs/*/run.json"))


def leave_checkpoint(where: str, run: str) -> None:
    """Leave a checkpoint of a run in SQLite's file or PostgreSQL."""

    async def left() -> None:
        async with checkpointer(where) as saver:
            assert saver is not None
            config: RunnableConfig = {"configurable": {"thread_id": run, "checkpoint_ns": ""}}
            await saver.aput(config, empty_checkpoint(), {}, {})

    asyncio.run(left())


def make_kept(home: Path, weekly_home: Path) -> None:
    """Fill a home: two reports, a thread, a message, holdings, a question nobody answered yet."""
    fill_from(weekly_home, home)
    _fill(home)
    with closing(sqlite3.connect(home / "checkpoints.sqlite")) as connection:
        connection.execute("VACUUM")


def _fill(home: Path) -> None:
    url = settings_of(home).database
    threads = Threads(url, clock=clock)
    threads.opened("thread-1", "demo", None)
    threads.close()
    outbox = Outbox(url, clock=clock)
    outbox.add(
        [Message(key="alert-1", sink="desk", kind="alert", subject="A turn", text="It turned.")]
    )
    outbox.close()
    held = Holdings(
        universe="demo", dated=date(2024, 12, 1), source="book.csv", cash_bn=1.0, positions=()
    )
    store_holdings(home, held)
    request = Request(text="", language="en", intent="report", universes=("demo",), horizon="1M")
    Tickets(home).opened(Ticket(run_id=UNFINISHED, request=request)).release()
