"""A port for a program that cannot say which one it was given."""

import random
import socket
from typing import Final

BELOW_THOSE_GIVEN_UNASKED: Final = range(15_000, 32_000)
"""A system hands out ports from 32768 on: whoever asks it for any takes none of these."""


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    for _ in range(100):
        port = random.SystemRandom().choice(BELOW_THOSE_GIVEN_UNASKED)
        with socket.socket() as held:
            try:
                held.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")
