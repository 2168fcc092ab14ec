"""Four ways a file is damaged, each in the same place in every run."""

import random
from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path], None]
PAGE = 4096


def truncated(path: Path) -> None:
    """Cut a file off in its middle."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flipped(path: Path) -> None:
    """Flip one bit of each of some bytes, spread over the file."""
    chosen = random.Random(7)  # noqa: S311 - the same bytes each time
    content = bytearray(path.read_bytes())
    for _ in range(max(3, len(content) // 20_000)):
        content[chosen.randrange(len(content))] ^= 1 << chosen.randrange(8)
    path.write_bytes(bytes(content))


def flipped_heads(path: Path) -> None:
    """Flip one bit of the head of some of a database's pages: no row is what it hits."""
    content = bytearray(path.read_bytes())
    for start in range(2 * PAGE, len(content), 10 * PAGE):
        content[start + 3] ^= 1
    path.write_bytes(bytes(content))


def zeroed(path: Path) -> None:
    """Overwrite the first half of a file, its head too, by zeros."""
    content = path.read_bytes()
    path.write_bytes(bytes(len(content) // 2) + content[len(content) // 2 :])


def garbage_log(path: Path) -> None:
    """Leave a write-ahead log that is none beside a database."""
    noise = random.Random(11).randbytes(3 * PAGE)  # noqa: S311 - the same bytes each time
    path.with_name(f"{path.name}-wal").write_bytes(noise)


OF_FILES: dict[str, Damage] = {"truncated": truncated, "flipped": flipped, "zeroed": zeroed}
OF_DATABASES: dict[str, Damage] = OF_FILES | {"garbage log": garbage_log}
