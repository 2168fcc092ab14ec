"""Decides what is kept of a run that has no report yet, and whether somebody still works on it.

One file a run: the question, then a line a step. Whoever works on the run holds the file's lock, so
a killed process lets go of it. A finished run leaves none; its record is `app.research`'s.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, Self

from pydantic import ValidationError

from app.served.records import RunStep
from core.errors import CallerError, DataError
from core.records.record import Record, Slug
from core.records.request import Request

FOLDER: Final = "research"
SUFFIX: Final = ".jsonl"


class Ticket(Record):
    """What a run was asked."""

    run_id: Slug
    request: Request
    follows: Slug | None = None


class Failure(Record):
    """Why a run ended without a report."""

    error: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an unfinished run is."""

    ticket: Ticket
    steps: tuple[RunStep, ...]
    state: Literal["running", "stopped", "failed"]
    error: str | None = None


class Claim:
    """The right to work on a run; `release` gives it back."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self._path, self._file = path, file

    def note(self, entry: Record) -> None:
        """Write a line that other processes see at once."""
        self._file.write(entry.model_dump_json() + "\n")
        self._file.flush()

    def finish(self) -> None:
        """Forget the run: its report is kept."""
        self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Let others work on it; what was written stays."""
        self._file.close()


class Tickets:
    """The unfinished runs of one home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def opened(self, ticket: Ticket) -> Claim:
        """Return the claim on a run that nobody has begun."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        claim = self._claimed(self._path(ticket.run_id), os.O_CREAT | os.O_EXCL)
        claim.note(ticket)
        return claim

    def resumed(self, run_id: str) -> Claim:
        """Return the claim on a run that stands still.

        Raises:
            CallerError: another process works on it, or it is not there.
        """
        return self._claimed(self._path(run_id), 0)

    def standing(self, run_id: str) -> Standing | None:
        """Return how far the run is, None when there is no such unfinished run.

        Raises:
            DataError: its file is damaged.
        """
        path = self._path(run_id)
        try:
            with path.open(encoding="utf-8") as file:
                free = _is_free(file)
                # A killed process leaves its last line half written.
                lines = [line for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return None
        return _standing(path, lines, free=free)

    def listed(self) -> tuple[str, ...]:
        """Return the unfinished runs, the latest first."""
        return tuple(sorted((p.stem for p in self._folder.glob(f"*{SUFFIX}")), reverse=True))

    def _path(self, run_id: str) -> Path:
        return self._folder / f"{run_id}{SUFFIX}"

    def _claimed(self, path: Path, flags: int) -> Claim:
        try:
            number = os.open(path, os.O_APPEND | os.O_WRONLY | flags, 0o600)
        except FileNotFoundError as error:
            raise CallerError(f"no unfinished run {path.stem!r}") from error
        file = os.fdopen(number, "a", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise CallerError(f"run {path.stem} is under way; ask get_research for it") from error
        return Claim(path, file)


class _Lines:
    """Reads a run's lines."""

    def __init__(self) -> None:
        self.steps: list[RunStep] = []
        self.error: str | None = None

    def read(self, lines: list[str]) -> Self:
        for line in lines:
            if line.startswith('{"error"'):
                self.error = Failure.model_validate_json(line).error
            else:
                self.steps.append(RunStep.model_validate_json(line))
                self.error = None
        return self


def _standing(path: Path, lines: list[str], *, free: bool) -> Standing:
    try:
        ticket = Ticket.model_validate_json(lines[0])
        read = _Lines().read(lines[1:])
    except (IndexError, ValidationError) as error:
        raise DataError(f"the file of run {path.stem} is damaged") from error
    state: Literal["running", "stopped", "failed"] = "stopped" if free else "running"
    failed = free and read.error is not None
    return Standing(
        ticket, tuple(read.steps), "failed" if failed else state, read.error if failed else None
    )


def _is_free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True
