"""Decides which run each job is, so that a batch begun again takes up the runs it had begun.

A batch is its jobs: the same ones in the same folder are the same batch, until it is made again.
"""

import fcntl
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from app.batching.records import Job, Outcome
from app.batching.site import Task
from app.snapshots import run_prefix
from app.writing import write_whole
from core.errors import ConflictError
from core.records.record import Record

STANDING: Final = ".batch.json"
LOCK: Final = ".batch.lock"
RUN_CHARS: Final = 12


class Standing(Record):
    """When the batch was begun, and how often each of its jobs has failed since.

    `limits` are the content hashes of the mandates its reports are made under, by file.
    """

    jobs_sha256: str
    begun_at: datetime
    limits: dict[str, str]
    failures: dict[str, int] = Field(default_factory=dict)

    @property
    def account(self) -> str:
        """What bears the batch's spending."""
        return f"batch:{run_prefix(self.begun_at)}"

    def task(self, job: Job) -> Task:
        """Return the job with its run; one that failed before is another run.

        A run that is not the same as before asks anew what had no answer then.
        """
        told = f"{job.canonical_json()} {self.failures.get(job.name, 0)}"
        digest = hashlib.sha256(told.encode()).hexdigest()[:RUN_CHARS]
        return Task(job, f"{run_prefix(self.begun_at)}-{digest}")

    def after(self, outcome: Outcome) -> "Standing":
        """Return the standing after a job's outcome; one whose worker was lost has not failed."""
        if outcome.state != "failed" or outcome.lost:
            return self
        failures = {**self.failures, outcome.name: self.failures.get(outcome.name, 0) + 1}
        return self.model_copy(update={"failures": failures})


def standing(
    out: Path, jobs: Sequence[Job], *, limits: Mapping[str, str], now: datetime, again: bool
) -> Standing:
    """Return the batch of these jobs in the folder: the one begun before, or a new one.

    Raises:
        ConflictError: a mandate is not what it was when reports in the folder were begun.
    """
    told = "\n".join(job.canonical_json() for job in jobs)
    digest = hashlib.sha256(told.encode()).hexdigest()
    found = None if again else _found(out)
    if found is None:
        return Standing(jobs_sha256=digest, begun_at=now.astimezone(UTC), limits=dict(limits))
    changed = [name for name, kept in found.limits.items() if limits.get(name, kept) != kept]
    if changed:
        raise ConflictError(
            f"the limits of {Path(changed[0]).name} have changed since reports in {out} were made: "
            "make all of them anew with --again, or take another --out"
        )
    known = {**found.limits, **limits}
    if found.jobs_sha256 == digest:
        return found.model_copy(update={"limits": known})
    return Standing(jobs_sha256=digest, begun_at=now.astimezone(UTC), limits=known)


def keep(out: Path, batch: Standing) -> None:
    """Write the standing down, before its first job begins."""
    write_whole(out / STANDING, f"{batch.model_dump_json()}\n".encode())


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold the folder while a batch works in it.

    Raises:
        ConflictError: another process does.
    """
    with (out / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(
                f"another batch is at work in {out}: wait until it has ended, or take another --out"
            ) from error
        yield


def _found(out: Path) -> Standing | None:
    try:
        return Standing.model_validate_json((out / STANDING).read_bytes())
    except (OSError, ValidationError):
        return None
