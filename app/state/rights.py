"""Decides who works on a run where several processes could: one, on one machine or on several.

Whoever works on a run holds the lock of a file of the home, which a killed process lets go of. Such
locks need not hold between machines: where the database is PostgreSQL, a lease in it decides too,
renewed for as long as its holder lives. A lease whose holder died on this machine is taken at once,
as the file's lock proves; another machine's when it has ended.
"""

import asyncio
import fcntl
import logging
import os
import platform
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError

from app.state.leases import Lease, Leases, still_held
from core.errors import ConflictError

SUFFIX: Final = ".lock"
TRIES: Final = 10
"""A file that is let go of is gone, and made anew by the next."""
LEASE_SECONDS: Final = 30.0
"""How long another machine waits for a run whose worker is gone."""
RENEWALS: Final = 4
"""How often a lease is renewed before it would end: some may fail."""
BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
"""Tells machines, and their starts, apart; containers of one machine share it, as they do locks."""
LOG = logging.getLogger(__name__)


class Right:
    """The right to work on a run, alone, until it is released."""

    def __init__(self, run_id: str, lock: "_Lock", held: "Held | None") -> None:
        self._run_id, self._lock, self._held = run_id, lock, held

    @property
    def guard(self) -> Select[tuple[int]] | None:
        """What PostgreSQL looks at in every transaction that writes the run's checkpoints."""
        return None if self._held is None else still_held(self._held.lease)

    @property
    def lost(self) -> bool:
        """Whether another process has taken the run over."""
        return self._held is not None and not self._held.leases.holds(self._held.lease)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let the block write what is kept of the run: nobody can take the run meanwhile.

        Raises:
            ConflictError: another process has taken it over.
        """
        if self._held is None:
            yield
            return
        with self._held.leases.kept(self._held.lease) as ours:
            if not ours:
                raise ConflictError(
                    f"another process has taken over run {self._run_id}: it goes on there"
                )
            yield

    def release(self) -> None:
        """Let others work on the run at once."""
        if self._held is not None:
            self._held.end()
        self._lock.release()


class Rights:
    """The rights to the runs of one home."""

    def __init__(
        self,
        folder: Path,
        url: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: float = LEASE_SECONDS,
    ) -> None:
        """Open them.

        Args:
            folder: of unfinished runs; on storage the home's machines share.
            url: of the database, SQLAlchemy's.
            clock: alike on all machines up to a few seconds.
            seconds: how long a lease stands without being renewed.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._seconds, self._place = folder, seconds, _place(folder)
        self._leases = Leases(url, clock=clock) if url.startswith("postgresql") else None

    def taken(self, run_id: str) -> Right:
        """Return the right to work on the run.

        Raises:
            ConflictError: another process has it.
        """
        lock = _Lock.taken(self._folder / f"{run_id}{SUFFIX}")
        if lock is None:
            raise _busy(run_id)
        if self._leases is None:
            return Right(run_id, lock, None)
        try:
            lease = self._leased(self._leases, run_id)
        except BaseException:
            lock.release()
            raise
        return Right(run_id, lock, Held(self._leases, lease, self._seconds))

    def is_elsewhere(self, run_id: str) -> bool:
        """Tell whether a process of another machine, or of another home, works on the run."""
        standing = None if self._leases is None else self._leases.standing(_name(run_id))
        return standing is not None and not self._is_ours(standing)

    def close(self) -> None:
        """Release the database."""
        if self._leases is not None:
            self._leases.close()

    def _leased(self, leases: Leases, run_id: str) -> Lease:
        """Return the lease; whoever holds the file's lock outlived its holder on this machine."""
        name, owner = _name(run_id), f"{self._place}/{os.getpid()}/{uuid4().hex[:8]}"
        lease = leases.taken(name, owner, seconds=self._seconds)
        if lease is None:
            standing = leases.standing(name)
            if standing is not None and self._is_ours(standing):
                leases.released(standing)
            lease = leases.taken(name, owner, seconds=self._seconds)
        if lease is None:
            raise _busy(run_id)
        return lease

    def _is_ours(self, lease: Lease) -> bool:
        return lease.owner.startswith(f"{self._place}/")


@asynccontextmanager
async def right_to(
    run_id: str, folder: Path, database: str, *, held: Right | None
) -> AsyncIterator[Right]:
    """Yield the right to a run: the held one, else one that is taken for as long as the block.

    Raises:
        ConflictError: another process has it.
    """
    if held is not None:
        yield held
        return
    taking = asyncio.create_task(asyncio.to_thread(_taken, run_id, folder, database))
    try:
        rights, right = await asyncio.shield(taking)
    except asyncio.CancelledError:
        with suppress(ConflictError):
            _given_back(*await taking)
        raise
    try:
        yield right
    finally:
        _given_back(rights, right)


def _taken(run_id: str, folder: Path, database: str) -> tuple[Rights, Right]:
    rights = Rights(folder, database)
    try:
        return rights, rights.taken(run_id)
    except BaseException:
        rights.close()
        raise


def _given_back(rights: Rights, right: Right) -> None:
    right.release()
    rights.close()


@dataclass(frozen=True, slots=True)
class _Lock:
    """The lock of a file that is there only while somebody holds it."""

    path: Path
    file: int

    @classmethod
    def taken(cls, path: Path) -> "_Lock | None":
        """Return the lock; None where another process holds it."""
        for _ in range(TRIES):
            file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(file).st_nlink:
                    return cls(path, file)
            os.close(file)
        return None

    def release(self) -> None:
        """Let others take it."""
        with suppress(FileNotFoundError):
            self.path.unlink()
        os.close(self.file)


@dataclass(slots=True)
class Held:
    """A lease, renewed in a thread until it ends, or another holds it."""

    leases: Leases
    lease: Lease
    seconds: float
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread(target=self._renew, name=self.lease.name, daemon=True).start()

    def end(self) -> None:
        """Give it back; a database that is gone lets it end by itself."""
        self._over.set()
        try:
            self.leases.ended(self.lease)
        except DBAPIError as error:
            LOG.warning("lease %s ends by itself (%s)", self.lease.name, type(error).__name__)

    def _renew(self) -> None:
        ours = True
        while ours and not self._over.wait(self.seconds / RENEWALS):
            try:
                ours = self.leases.renewed(self.lease, seconds=self.seconds)
            except DBAPIError as error:
                LOG.warning(
                    "the lease %s is not renewed (%s)", self.lease.name, type(error).__name__
                )


def _busy(run_id: str) -> ConflictError:
    return ConflictError(f"run {run_id} is under way; ask get_research for it")


def _name(run_id: str) -> str:
    return f"run:{run_id}"


def _place(folder: Path) -> str:
    """Return what tells this folder on this machine, since it started, from all others."""
    started = BOOT.read_text().strip() if BOOT.exists() else uuid4().hex
    stat = folder.stat()
    told = f"{started}:{stat.st_dev}:{stat.st_ino}"
    return f"{platform.node()[:40]}/{sha256(told.encode()).hexdigest()[:16]}"
