"""Runs a tool server as a child process: its lines in and out, and its end; reads no meaning."""

import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import anyio
from anyio.abc import Process
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client.stdio import get_default_environment
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCMessage

from agents.toolbox.spec import ServerSpec
from agents.toolbox.wire import TooMuchError, Wire, lines

T = TypeVar("T")

GRACE_SECONDS = 1.0
"""What a server has to leave by itself when its input ends, and again after SIGTERM."""

Streams = tuple[
    MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]
]


@asynccontextmanager
async def process_streams(
    spec: ServerSpec, wire: Wire, ended: Callable[[], None]
) -> AsyncIterator[Streams]:
    """Yield a session's streams to the command; leaving ends it and all it started.

    The command is given HOME, PATH and the like, what its entry sets, and nothing else of our
    environment. What it writes to stderr goes nowhere.

    Raises:
        OSError: the command cannot be started.
    """
    process = await anyio.open_process(
        [spec.command or "", *spec.args],
        env={**get_default_environment(), **spec.env},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    to_session, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    write, from_session = anyio.create_memory_object_stream[SessionMessage](0)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_incoming, process, wire, to_session, ended)
            tasks.start_soon(_outgoing, process, wire, from_session)
            try:
                yield read, write
            finally:
                tasks.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            await _ended(process)
        for stream in (to_session, read, write, from_session):
            stream.close()


async def _incoming(
    process: Process,
    wire: Wire,
    to_session: MemoryObjectSendStream[SessionMessage | Exception],
    ended: Callable[[], None],
) -> None:
    """Pass answers on until the output ends, or there is too much of it: that ends the session.

    Before, too much is rejected for the question it answers.
    """
    async with to_session:
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            try:
                async for line in lines(_pipe(process.stdout), wire.cap):
                    heard = wire.received(line)
                    if heard.refusal is not None:
                        await _pipe(process.stdin).send(_line(heard.refusal))
                    if heard.answer is not None:
                        await to_session.send(SessionMessage(heard.answer))
            except TooMuchError as error:
                await _last_word(wire, error.head, to_session)
        ended()


async def _last_word(
    wire: Wire, head: bytes, to_session: MemoryObjectSendStream[SessionMessage | Exception]
) -> None:
    with suppress(TooMuchError):
        heard = wire.unreadable(head)
        if heard.answer is not None:
            await to_session.send(SessionMessage(heard.answer))


async def _outgoing(
    process: Process, wire: Wire, from_session: MemoryObjectReceiveStream[SessionMessage]
) -> None:
    async with from_session:
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            async for message in from_session:
                wire.asked(message.message)
                await _pipe(process.stdin).send(_line(message.message))


def _pipe(end: T | None) -> T:
    """Return the end of a pipe, which is there because the process was started with pipes."""
    if end is None:
        raise OSError("the command has no input or no output")
    return end


def _line(message: JSONRPCMessage) -> bytes:
    return message.model_dump_json(by_alias=True, exclude_none=True).encode() + b"\n"


async def _ended(process: Process) -> None:
    """Close the input, ask, then kill: the process, and whatever is left of its group."""
    with suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        if process.stdin is not None:
            await process.stdin.aclose()
    for ask in (None, signal.SIGTERM, signal.SIGKILL):
        if ask is not None:
            _signalled(process, ask)
        with anyio.move_on_after(GRACE_SECONDS):
            await process.wait()
            break
    _signalled(process, signal.SIGKILL)
    await process.aclose()


def _signalled(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
