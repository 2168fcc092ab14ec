"""Runs a batch's jobs on joblib's engines; a lost worker's jobs are given out again.

A job that was under way at two losses is run by itself: what kills its worker then is the killer.

Which engine it is changes no byte of a report. What a job is, and what it comes to, is the
worker's business.
"""

import os
import signal
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from multiprocessing.process import BaseProcess
from threading import Timer
from typing import Final, assert_never

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError

from app.batching.records import Engine, Outcome
from app.batching.site import Site, Task
from app.batching.worker import leave, made
from core.errors import CallerError, ProviderError

ROUND: Final = 8
"""Jobs of a day a worker is given at once, and of a round where nothing is told before its end."""
CONNECT_SECONDS: Final = 20
LEAVING_SECONDS: Final = 30.0
"""What idle workers have to leave by themselves; one that was killed may have shut them in."""
_REPLACED: Final = "A worker stopped while some jobs were given"
"""What loky says when it replaces a worker whose memory grew: no job is lost, nobody need act."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who makes the reports: which engine, how many workers, and where they are."""

    engine: Engine = "loky"
    workers: int = 1
    address: str | None = None


def outcomes(site: Site, tasks: Sequence[Task], crew: Crew) -> Generator[Outcome]:
    """Yield each task's outcome as it comes.

    Raises:
        CallerError: the engine is not installed, or has no address.
        ProviderError: the engine cannot be reached.
    """
    if not tasks:
        return
    left = {task.job.name: task for task in tasks}
    suspected: frozenset[str] = frozenset()
    with _hired(crew) as hired:
        while left:
            waiting = iter(_by_day(left.values(), hired.together))
            try:
                for outcome in hired.outcomes(site, waiting):
                    left.pop(outcome.name)
                    yield outcome
            except hired.lost:
                untaken = {task.job.name for day in waiting for task in day}
                under_way = left.keys() - untaken or set(islice(left, 1))
                for name in sorted(under_way & suspected):
                    yield _by_itself(hired, site, left.pop(name))
                suspected |= under_way


def _by_day(tasks: Iterable[Task], most: int) -> tuple[tuple[Task, ...], ...]:
    """Return the tasks of each market's day together, so many at most, in their order.

    They go to one worker, one after another: what is computed of a day is computed once.
    """
    days: dict[tuple[str, date | None], list[Task]] = {}
    for task in tasks:
        days.setdefault((task.job.universe, task.job.request.as_of), []).append(task)
    return tuple(
        tuple(day[first : first + most])
        for day in days.values()
        for first in range(0, len(day), most)
    )


def _made_in_turn(site: Site, tasks: tuple[Task, ...]) -> tuple[Outcome, ...]:
    """Make reports one after another, where a worker is."""
    return tuple(made(site, task) for task in tasks)


def _round(days: Iterator[tuple[Task, ...]], jobs: int) -> tuple[tuple[Task, ...], ...]:
    """Take days until they come to so many jobs."""
    taken: list[tuple[Task, ...]] = []
    while jobs > 0 and (day := next(days, ())):
        taken.append(day)
        jobs -= len(day)
    return tuple(taken)


def _by_itself(hired: "_Hired", site: Site, task: Task) -> Outcome:
    try:
        [outcome] = hired.outcomes(site, iter(((task,),)))
    except hired.lost:
        error = "its worker was lost, again and again: killed, or out of memory"
        return Outcome(name=task.job.name, state="failed", lost=True, error=error)
    return outcome


@dataclass(frozen=True, slots=True)
class _Hired:
    """An engine that is ready, and what it raises where a worker is lost.

    `tells`: it gives each result as it comes; otherwise jobs are given out in rounds.
    `together`: the most jobs of a day that are told of at once.
    """

    config: Callable[[], AbstractContextManager[object]]
    workers: int
    lost: tuple[type[Exception], ...]
    tells: bool = True
    together: int = ROUND

    def outcomes(self, site: Site, days: Iterator[tuple[Task, ...]]) -> Iterator[Outcome]:
        """Yield outcomes; where a worker is lost, what is left of the days nobody had taken."""
        with self.config():
            if self.tells:
                parallel = Parallel(
                    n_jobs=self.workers, batch_size=1, return_as="generator_unordered",
                    pre_dispatch=2 * self.workers,
                )  # fmt: skip
                for found in parallel(delayed(_made_in_turn)(site, day) for day in days):
                    yield from found
                return
            with Parallel(n_jobs=self.workers, batch_size=1) as parallel:
                while taken := _round(days, ROUND * self.workers):
                    for found in parallel(delayed(_made_in_turn)(site, day) for day in taken):
                        yield from found


@contextmanager
def _hired(crew: Crew) -> Iterator[_Hired]:
    match crew.engine:
        case "loky":
            with _loky(crew) as hired:
                yield hired
        case "dask":
            with _dask(crew) as hired:
                yield hired
        case "ray":
            with _ray(crew) as hired:
                yield hired
        case _:
            assert_never(crew.engine)


def let_workers_be_replaced() -> None:
    """Hear nothing of workers that loky replaces, in this process from now on.

    Where warnings are errors it would end the thread that hands out jobs, and the run with it.
    """
    warnings.filterwarnings("ignore", _REPLACED, UserWarning)


@contextmanager
def _loky(crew: Crew) -> Iterator[_Hired]:
    """Yield processes of this machine; one worker is this very process."""
    if crew.workers == 1:
        try:
            yield _Hired(nullcontext, 1, (), together=1)
        finally:
            leave()
        return
    config = partial(parallel_config, "loky", n_jobs=crew.workers)
    let_workers_be_replaced()
    try:
        yield _Hired(config, crew.workers, (TerminatedWorkerError,))
    except BaseException:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)
        raise
    _dismissed()


def _dismissed() -> None:
    """Let idle workers leave; those that do not are ended."""
    hired = get_reusable_executor(reuse=True)
    workers = tuple(hired._processes.values())
    patience = Timer(LEAVING_SECONDS, partial(_ended, workers))
    patience.daemon = True
    patience.start()
    hired.shutdown(wait=True)
    patience.cancel()


def _ended(workers: Iterable[BaseProcess]) -> None:
    for worker in workers:
        if worker.is_alive() and worker.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)


@contextmanager
def _dask(crew: Crew) -> Iterator[_Hired]:
    """Yield the workers of a dask scheduler."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ModuleNotFoundError as error:
        raise _absent("dask", "distributed") from error
    if crew.address is None:
        raise CallerError("--engine dask needs --dask-address, for example tcp://127.0.0.1:8786")
    try:
        client = Client(  # type: ignore[no-untyped-call]  # the library has no types
            crew.address, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise ProviderError(f"no dask scheduler answers at {crew.address}: {error}") from error
    with client:
        workers = sum(client.ncores().values())  # type: ignore[no-untyped-call]  # likewise
        if not workers:
            raise ProviderError(f"the dask scheduler at {crew.address} has no worker: start one")
        yield _Hired(partial(parallel_config, "dask", client=client), workers, (KilledWorker,))


@contextmanager
def _ray(crew: Crew) -> Iterator[_Hired]:
    """Yield the workers of a ray cluster."""
    try:
        import ray  # type: ignore[import-not-found,unused-ignore]  # an extra of its own
        from ray.util.joblib import (  # type: ignore[import-not-found,unused-ignore]
            register_ray,
        )
    except ModuleNotFoundError as error:
        raise _absent("ray", "ray") from error
    if crew.address is None:
        raise CallerError("--engine ray needs --ray-address, for example 127.0.0.1:6379")
    try:
        ray.init(address=crew.address, log_to_driver=False)
    except (ConnectionError, ValueError) as error:
        raise ProviderError(f"no ray cluster answers at {crew.address}: {error}") from error
    register_ray()
    config = partial(parallel_config, "ray", n_jobs=crew.workers)
    try:
        yield _Hired(config, crew.workers, (ray.exceptions.RayError,), tells=False)
    finally:
        ray.shutdown()


def _absent(extra: str, package: str) -> CallerError:
    return CallerError(f"--engine {extra} needs the package {package}: install sectorwise[{extra}]")
