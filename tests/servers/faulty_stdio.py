"""The hostile server over stdio: `faulty_stdio.py FAULT TOOL ANSWERS.json SCOPE TRAP [STATE]`.

SCOPE is `only` when nothing but the tool is announced. Faults of the process itself are here.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Final

from tests.servers.faults import CANARY, DIE, DOWN, EVIDENCE, Said, response
from tests.servers.hostile import Hostile, loaded

OF_PROCESS: Final[dict[str, str]] = {
    "flapping": EVIDENCE,
    "dies after reply": EVIDENCE,
    "stderr flood": EVIDENCE,
    "stdout noise": EVIDENCE,
    "leaves a child": EVIDENCE,
    "closes its output": DOWN,
    "ignores its end": EVIDENCE,
}
"""Faults only a process has, each with what must come of its one tool."""


def _sent(said: Iterator[Said]) -> None:
    output = sys.stdout.buffer
    for piece in said:
        if piece is DIE:
            output.flush()
            os._exit(3)
        if isinstance(piece, float):
            output.flush()
            time.sleep(piece)
        elif isinstance(piece, bytes):
            output.write(piece)
        else:
            output.write(str(piece).encode(errors="surrogateescape") + b"\n")
    output.flush()


def _before(fault: str, state: str) -> None:
    """Misbehave on a call of the tool, before it is answered."""
    if fault == "flapping":
        with open(state, "a+b") as counted:  # noqa: PTH123
            counted.seek(0)
            calls = len(counted.read())
            counted.write(b"x")
        if calls % 2 == 0:
            os._exit(3)
    if fault == "stderr flood":
        sys.stderr.write(CANARY * 100_000)
    if fault == "stdout noise":
        _sent(iter([f"warning: {CANARY}", "\x1b[31m{not json", "", f'{{"log": "{CANARY}"}}']))
    if fault == "leaves a child" and os.fork() == 0:
        os.close(1)
        time.sleep(600)
    if fault == "closes its output":
        os.close(1)
        time.sleep(600)


def main(fault: str, tool: str, answers: str, scope: str, trap: str, state: str = "") -> None:
    """Serve until the input ends."""
    server = Hostile(fault, tool, loaded(answers), only=scope == "only", trap=trap)
    for line in sys.stdin:
        message = json.loads(line)
        mine = message.get("method") == "tools/call" and message["params"]["name"] == tool
        if mine:
            _before(fault, state)
        _sent(server.said(message))
        if mine and fault == "dies after reply":
            os._exit(3)
    if fault == "ignores its end":
        _sent(iter([response(1, {})]))
        time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:])
