"""Works the outbox for the command line, and shows what is in it."""

import asyncio
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from app.cli.output import counted, say, say_json, say_table
from app.delivery.message import Message, Row
from app.delivery.outbox import Outbox
from app.delivery.postman import Postman
from app.delivery.sinks import named, opened
from app.observing.done import began, done
from app.observing.started import observe
from app.settings import Settings, environment, load_settings
from app.status.attempts import attempted, lasting
from core.errors import CallerError, ProviderError
from core.records.request import Language

HEADINGS = ("key", "sink", "kind", "state", "tries", "posted", "next try", "why", "subject")
JOB: Final = "deliver"
TEST_SUBJECT: dict[Language, str] = {
    "en": "Sectorwise: a test message",
    "vi": "Sectorwise: tin nhắn thử",
}


def deliver_once(*, as_json: bool) -> None:
    """Deliver what is due now.

    Raises:
        CallerError: the settings name no sink.
        ProviderError: a sink did not take a message; the others were delivered.
    """
    settings = load_settings()
    with _postman(settings) as postman, attempted(settings, JOB, clock=_now):
        told = asyncio.run(postman.round())
        if as_json:
            say_json(asdict(told))
        else:
            say(f"delivered {counted(told.delivered, 'message')}")
        if told.failed:
            failed = counted(told.failed, "message")
            raise ProviderError(
                f"{failed} could not be delivered: `sectorwise deliver list` says why"
            )


def deliver_always(seconds: float) -> None:
    """Deliver until stopped; a stop between two messages or within one loses none.

    Raises:
        CallerError: the settings name no sink.
    """
    settings = load_settings()
    with _postman(settings) as postman:
        lasting(settings, JOB)
        asyncio.run(_until_stopped(postman, seconds))


def list_messages(*, everything: bool, as_json: bool) -> None:
    """Show the messages that are not told yet, or all."""
    with outbox_of(load_settings()) as outbox:
        rows = outbox.rows()
    shown = [row for row in rows if everything or row.state in {"waiting", "dead"}]
    if as_json:
        say_json([_plain(row) for row in shown])
        return
    if not shown:
        say("nothing was ever posted" if everything else "nothing waits, nothing was given up")
        return
    say_table("messages", HEADINGS, [_line(row) for row in shown])
    for row in shown:
        if row.state == "dead":
            say(f"given up: {row.message.key}")


def retry_messages(keys: tuple[str, ...], *, everything: bool) -> None:
    """Put what was given up back in its line.

    Raises:
        CallerError: neither keys nor everything.
        UnknownIdError: a key is none of ours.
        ConflictError: a message was not given up.
    """
    if bool(keys) == everything:
        raise CallerError("name the keys to try again, or --all")
    with outbox_of(load_settings()) as outbox:
        chosen = keys or tuple(row.message.key for row in outbox.rows("dead"))
        for key in chosen:
            outbox.retried(key)
    say(f"{counted(len(chosen), 'message')} back in line")


def test_sink(name: str) -> None:
    """Send a test message past the line.

    Raises:
        CallerError: no sink has the name, or its address cannot be used.
        ProviderError: the sink did not take it.
    """
    spec = named(load_settings().sinks, name)
    subject = TEST_SUBJECT[spec.language]
    message = Message(
        key=f"test:{secrets.token_hex(8)}", sink=name, kind="ping", subject=subject, text=subject
    )
    row = Row(
        id=0, message=message, state="waiting", tries_count=1, failures_count=0,
        created_at=_now(), next_try_at=None, done_at=None,
    )  # fmt: skip
    outcome = asyncio.run(opened(name, spec, environment()).sent(row))
    if outcome.result != "sent":
        raise ProviderError(f"sink {name}: {outcome.reason}")
    say(f"sink {name} took the test message" + (f": {outcome.reason}" if outcome.reason else ""))


async def _until_stopped(postman: Postman, seconds: float) -> None:
    working = asyncio.ensure_future(postman.forever(seconds=seconds))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    with suppress(asyncio.CancelledError):
        await working


@contextmanager
def outbox_of(settings: Settings) -> Iterator[Outbox]:
    """Yield the outbox of the settings' database."""
    outbox = Outbox(settings.database, clock=_now)
    try:
        yield outbox
    finally:
        outbox.close()


@contextmanager
def _postman(settings: Settings) -> Iterator[Postman]:
    if not settings.sinks:
        raise CallerError("the settings name no sink: add [sinks.NAME] to sectorwise.toml")
    observe(settings, log="text")
    began(settings, JOB, now=_now())
    postman = Postman(
        settings.database, settings.sinks, home=settings.home_dir, environment=environment,
        clock=_now, succeeded=lambda now: done(settings, JOB, now=now),
    )  # fmt: skip
    try:
        yield postman
    finally:
        postman.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _plain(row: Row) -> dict[str, object]:
    told = row.model_dump(mode="json", exclude={"message", "id"})
    shown = row.message.model_dump(mode="json", include={"key", "sink", "kind", "subject"})
    return shown | told


def _line(row: Row) -> tuple[object, ...]:
    message = row.message
    return (
        message.key,
        message.sink,
        message.kind,
        row.state,
        row.tries_count,
        f"{row.created_at:%Y-%m-%d %H:%M}",
        "" if row.next_try_at is None else f"{row.next_try_at:%H:%M:%S} UTC",
        row.reason or row.merged_into or "",
        message.subject,
    )
