"""What is watched while a run meets a faulty server: connections, logs, descriptors, processes."""

import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

LOOPBACK = (None, "127.0.0.1", b"127.0.0.1")


class Watched:
    """Every address this process connects to or looks up, as the interpreter itself tells."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            self.addresses.append((str(arguments[1][0]), int(arguments[1][1])))
        elif event == "socket.getaddrinfo" and arguments[0] not in LOOPBACK:
            self.addresses.append((str(arguments[0]), 0))


@cache
def watched() -> Watched:
    """Return the one watch; an audit hook cannot be taken off again."""
    return Watched()


class Trap:
    """A listener nobody is to connect to."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

    def reached(self) -> bool:
        """Return whether somebody did."""
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@contextmanager
def trap() -> Iterator[Trap]:
    """Yield a trap."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield Trap(listener)


class Kept(logging.Handler):
    """A handler that keeps every line."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(logging.Formatter().format(record))


@contextmanager
def logs() -> Iterator[list[str]]:
    """Yield what is logged meanwhile, and nowhere else."""
    lines: list[str] = []
    root = logging.getLogger()
    level, handlers = root.level, root.handlers
    root.handlers = [Kept(lines)]
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.handlers = handlers
        root.setLevel(level)


def descriptors() -> int:
    """Return how many file descriptors are open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def processes(part: str) -> list[str]:
    """Return the command lines, of all processes, that have this part."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if part in line:
                found.append(line)
    return found
