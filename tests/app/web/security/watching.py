"""Watches what this process does beneath its own code: connections, look-ups, files, programs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[4]
OUTWARD = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
)
BOOT = Path("/proc/sys/kernel/random/boot_id")
"""Which start of the machine this is: a run's right names it."""
PROGRAMS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"})


@dataclass(slots=True)
class Watch:
    """What was done while it was watched."""

    outward: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    files: set[Path] = field(default_factory=set)

    def outside(self, *folders: Path) -> list[Path]:
        """Return the files opened that are in none of these folders."""
        return [path for path in sorted(self.files) if not any(map(path.is_relative_to, folders))]


_OPEN: list[Watch] = []
_HOOKED: list[bool] = []


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch until this is left; the interpreter keeps its hook and lets it sleep."""
    if not _HOOKED:
        _HOOKED.append(True)
        sys.addaudithook(_seen)
    watch = Watch()
    _OPEN.append(watch)
    try:
        yield watch
    finally:
        _OPEN.remove(watch)


def _seen(event: str, arguments: tuple[object, ...]) -> None:
    for watch in _OPEN:
        if event in OUTWARD:
            watch.outward.append(f"{event} {arguments[1:]}")
        elif event in PROGRAMS:
            watch.programs.append(f"{event} {arguments[:1]}")
        elif event == "open" and isinstance(arguments[0], str | bytes):
            name = arguments[0] if isinstance(arguments[0], str) else arguments[0].decode()
            watch.files.add(Path(name).absolute())


def assert_harmless(watch: Watch, home: Path) -> None:
    """Nothing was fetched, nothing run, no file read but ours."""
    assert watch.outward == [], watch.outward
    assert watch.programs == [], watch.programs
    ours = (home, ROOT, Path(sys.prefix), Path(sys.base_prefix), Path("/usr/share/zoneinfo"))
    outside = watch.outside(*ours, Path("/dev"), Path("/proc/self"), BOOT)
    assert outside == [], outside
