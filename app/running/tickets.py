"""Decides what is kept of a run that has no report yet, and whether somebody still works on it.

One file a run: the question, then a line a step. Whoever works on the run holds the file's lock, so
a killed process lets go of it, and the right to the run, which other machines see. A finished run's
lines move beside its record, which is `app.research`'s. One that stood still for a month is
forgotten.
"""

import fcntl
import os
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from app.running.course import Standing, line_of, state_of
from app.running.records import Ticket
from app.settings import UNFINISHED
from core.errors import ConflictError, DataError, UnknownIdError
from core.records.record import Record

if TYPE_CHECKING:
    from app.state.rights import Right, Rights

FOLDER: Final = UNFINISHED
SUFFIX: Final = ".jsonl"
KEPT_AS: Final = "course.jsonl"
"""The same file of a finished run, in the folder of its report."""
UNREADY: Final = ".new"
"""Of a file nobody may read yet; one is left only where a process was killed as it wrote it."""
KEPT_SECONDS: Final = 30 * 24 * 3600
"""A run nobody took up for so long is forgotten."""
TRIES, BETWEEN_SECONDS = 10, 0.01
"""Who asks whether a run is worked on holds its lock for a moment, and is waited for."""


class Claim:
    """The right to work on a run, found as it stood; `release` gives it back."""

    def __init__(
        self, path: Path, file: IO[str], found: Standing, right: "Right | None" = None
    ) -> None:
        self._path, self._file, self.found, self.right = path, file, found, right

    @property
    def released(self) -> bool:
        """Whether others may work on it."""
        return self._file.closed

    @property
    def lost(self) -> bool:
        """Whether another machine has taken the run over: what is told of it is told there."""
        return self.right is not None and self.right.lost

    def note(self, entry: Record) -> None:
        """Write a line that other processes see at once."""
        self._file.write(entry.model_dump_json() + "\n")
        self._file.flush()

    def finish(self, folder: Path) -> None:
        """Move what was told of the run into the folder of its report."""
        if folder.is_dir():
            (folder / KEPT_AS).write_bytes(self._path.read_bytes())
        self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Let others work on it; what was written stays."""
        if self.right is not None and not self.released:
            self.right.release()
        self._file.close()


class Tickets:
    """The unfinished runs of one home."""

    def __init__(self, home: Path, database: str | None = None) -> None:
        """Keep where they are; PostgreSQL's URL tells that several machines may share them."""
        self._folder = home / FOLDER
        self._shared = database if (database or "").startswith("postgresql") else None

    def opened(self, ticket: Ticket) -> Claim:
        """Return the claim on a run that nobody has begun; others see it whole or not at all.

        Raises:
            FileExistsError: there is an unfinished run of that name.
            ConflictError: another process works on a run of that name.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._path(ticket.run_id)
        unready = path.with_suffix(UNREADY)
        file = _appended(unready, os.O_CREAT | os.O_EXCL)
        claim = Claim(path, file, Standing(ticket, (), "stopped"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            claim.right = self._right(ticket.run_id)
            claim.note(ticket)
            path.hardlink_to(unready)
        except (OSError, ConflictError):
            claim.release()
            raise
        finally:
            unready.unlink()
        return claim

    def resumed(self, run_id: str) -> Claim:
        """Return the claim on a run that stands still.

        Raises:
            ConflictError: somebody works on it.
            UnknownIdError: it is not there.
        """
        path = self._path(run_id)
        absent = f"no unfinished run {run_id!r}: list_research names those there are"
        try:
            file = _appended(path)
        except FileNotFoundError as error:
            raise UnknownIdError(absent) from error
        if not _locked(file):
            file.close()
            raise ConflictError(f"run {run_id} is under way; ask get_research for it")
        if _is_removed(file):
            file.close()
            raise UnknownIdError(absent)
        try:
            claim = _taken_up(path, file)
            claim.right = self._right(run_id)
        except (ConflictError, DataError):
            file.close()
            raise
        return claim

    def standing(self, run_id: str) -> Standing | None:
        """Return how far the run is, None when there is no such unfinished run.

        Raises:
            DataError: its file is damaged.
        """
        path = self._path(run_id)
        try:
            with path.open(encoding="utf-8") as file:
                free = _is_free(file) and not self._is_elsewhere(run_id)
                lines = _whole(file)
                removed = _is_removed(file)
        except FileNotFoundError:
            return None
        return None if removed else _standing(path, lines, free=free)

    def finished(self, folder: Path) -> Standing | None:
        """Return how a run went whose report is in the folder; None where that was not kept.

        Raises:
            DataError: its file is damaged.
        """
        path = folder / KEPT_AS
        try:
            with path.open(encoding="utf-8") as file:
                found = _standing(path, _whole(file), free=True)
        except FileNotFoundError:
            return None
        return Standing(found.ticket, found.lines, "finished")

    def forgotten(self, run_id: str) -> bool:
        """Forget a run nobody works on; one that is worked on stays, which is told by False."""
        if self._is_elsewhere(run_id):
            return False
        try:
            return _removed_if_free(self._path(run_id))
        except FileNotFoundError:
            return True

    def pruned(self) -> tuple[str, ...]:
        """Forget what nobody works on and nobody has written to for long; return those runs."""
        oldest = time.time() - KEPT_SECONDS
        gone: list[str] = []
        for path in self._folder.glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime >= oldest or self._is_elsewhere(path.stem):
                    continue
                if _removed_if_free(path):
                    gone.append(path.name)
        return tuple(name.removesuffix(SUFFIX) for name in gone if name.endswith(SUFFIX))

    def listed(self) -> tuple[str, ...]:
        """Return the unfinished runs, the latest first."""
        return tuple(sorted((p.stem for p in self._folder.glob(f"*{SUFFIX}")), reverse=True))

    def close(self) -> None:
        """Release the database."""
        if self._rights is not None:
            self._rights.close()

    @cached_property
    def _rights(self) -> "Rights | None":
        """What other machines see; `app.research` takes the right where there are none."""
        if self._shared is None:
            return None
        from app.state.rights import Rights

        return Rights(self._folder, self._shared)

    def _right(self, run_id: str) -> "Right | None":
        return None if self._rights is None else self._rights.taken(run_id)

    def _is_elsewhere(self, run_id: str) -> bool:
        return self._rights is not None and self._rights.is_elsewhere(run_id)

    def _path(self, run_id: str) -> Path:
        return self._folder / f"{run_id}{SUFFIX}"


def _whole(file: IO[str]) -> list[str]:
    """Return the lines; a killed process leaves its last one half written."""
    return [line for line in file if line.endswith("\n")]


def _taken_up(path: Path, file: IO[str]) -> Claim:
    """Return the claim on a locked file, without the line a killed process half wrote."""
    file.truncate(path.read_bytes().rfind(b"\n") + 1)
    texts = path.read_text(encoding="utf-8").splitlines()
    return Claim(path, file, _standing(path, texts, free=True))


def _standing(path: Path, texts: list[str], *, free: bool) -> Standing:
    try:
        ticket = Ticket.model_validate_json(texts[0])
        lines = tuple(line_of(text) for text in texts[1:])
    except (IndexError, ValueError) as error:
        raise DataError(f"the file of run {path.stem} is damaged") from error
    return Standing(ticket, lines, state_of(lines) if free else "running")


def _appended(path: Path, flags: int = 0) -> IO[str]:
    number = os.open(path, os.O_APPEND | os.O_WRONLY | flags, 0o600)
    return os.fdopen(number, "a", encoding="utf-8")


def _locked(file: IO[str]) -> bool:
    """Take the right to work on the file; False where somebody else has it."""
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(BETWEEN_SECONDS)
    return False


def _is_removed(file: IO[str]) -> bool:
    """Tell whether the file was forgotten after it was opened: its lock is worth nothing then."""
    return os.fstat(file.fileno()).st_nlink == 0


def _removed_if_free(path: Path) -> bool:
    with path.open(encoding="utf-8") as file, suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
        return True
    return False


def _is_free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True
