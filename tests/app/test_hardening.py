"""A process of ours keeps few heaps, however many threads it has."""

import re
import subprocess
import sys

import pytest

from app.hardening import ARENAS

PROGRAM = """
import ctypes, sys, threading
if sys.argv[1] == "hard":
    from app.hardening import harden
    harden()
ready = threading.Barrier(9)
def work():
    kept = [bytearray(2000) for _ in range(500)]
    ready.wait()
    ready.wait()
for _ in range(8):
    threading.Thread(target=work).start()
ready.wait()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
ready.wait()
"""


def heaps(how: str) -> int:
    """Return how many heaps the allocator of a process with eight busy threads has."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    )
    return len(re.findall(r"<heap nr=", run.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="the setting is of glibc")
def test_threads_share_few_heaps() -> None:
    assert heaps("soft") > ARENAS
    assert heaps("hard") <= ARENAS
