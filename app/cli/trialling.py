"""Prints the registry of trials for the command line, once it was found whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from app.cli.output import counted, say, say_json, say_table
from app.journals.chain import Chain
from app.journals.trials import LoggedTrial, Trials
from app.settings import load_settings
from core.errors import DataError

STUDY_HEADINGS = ("study", "trials", "runs", "first run", "last run", "last bar seen")
TRIAL_HEADINGS = ("strategy", "first bar", "last bar", "bars", "Sharpe a bar", "specification")
RUN_HEADINGS = ("entry", "run", "study", "strategy", "first bar", "last bar", "Sharpe a bar")
SHORT_SHA = 12


def check_registry(*, as_json: bool) -> None:
    """Say how many entries the registry has and what its last one is.

    Raises:
        DataError: an entry is not what was written; the message names the first such.
    """
    with _registry() as (_, chain):
        if as_json:
            say_json({"entries": chain.entries_count, "last_sha256": chain.last_sha256})
        else:
            say(_line(chain))


def show_studies(*, as_json: bool) -> None:
    """Print each study with its number of trials.

    Raises:
        DataError: the registry is broken.
    """
    with _registry() as (registry, chain):
        runs = registry.runs()
    rows = [_study_row(study, runs) for study in sorted({row.trial.study for row in runs})]
    if as_json:
        names = ("study", "trials_count", "runs_count", "first_run", "last_run", "last_bar")
        say_json({"studies": [dict(zip(names, row, strict=True)) for row in rows]})
        return
    if rows:
        say_table("studies", STUDY_HEADINGS, rows)
    say(_line(chain))


def show_trials(study: str, *, as_json: bool) -> None:
    """Print a study's distinct trials, in the order they were first tried.

    Raises:
        DataError: the registry is broken.
    """
    with _registry() as (registry, chain):
        found = registry.of_study(study)
    if as_json:
        say_json({"study": study, "trials_count": len(found), "trials": found})
        return
    if found:
        rows = [
            (
                row.strategy,
                row.first,
                row.last,
                row.bars_count,
                _sharpe(row.sharpe_bar),
                row.spec_sha256[:SHORT_SHA],
            )
            for row in found
        ]
        say_table(f"trials on {study}", TRIAL_HEADINGS, rows)
    say(f"{study}: {counted(len(found), 'trial')}")
    say(_line(chain))


def show_runs(study: str | None, *, since: date, as_json: bool) -> None:
    """Print every run, of a study or of all, that saw a bar on or after a day.

    Raises:
        DataError: the registry is broken.
    """
    with _registry() as (registry, chain):
        found = registry.opened(study, since)
    if as_json:
        say_json({"study": study, "since": since, "runs": found})
        return
    if found:
        say_table(f"runs that saw {since} or later", RUN_HEADINGS, [_run_row(row) for row in found])
    say(f"{len(found)} runs saw {since} or later")
    say(_line(chain))


@contextmanager
def _registry() -> Iterator[tuple[Trials, Chain]]:
    """Open the registry, whole."""
    registry = Trials(load_settings().database)
    try:
        chain = registry.verify()
        if chain.broken is not None:
            raise DataError(
                f"the registry of trials is broken at {chain.broken}; "
                f"the {chain.entries_count} entries before it are whole"
            )
        yield registry, chain
    finally:
        registry.close()


def _study_row(study: str, runs: tuple[LoggedTrial, ...]) -> tuple[object, ...]:
    own = [row for row in runs if row.trial.study == study]
    return (
        study,
        len({row.trial.spec_sha256 for row in own}),
        len(own),
        own[0].recorded_at.date(),
        own[-1].recorded_at.date(),
        max(row.trial.last for row in own),
    )


def _run_row(row: LoggedTrial) -> tuple[object, ...]:
    trial = row.trial
    return (
        row.seq,
        f"{row.recorded_at:%Y-%m-%d %H:%M}",
        trial.study,
        trial.strategy,
        trial.first,
        trial.last,
        _sharpe(trial.sharpe_bar),
    )


def _sharpe(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _line(chain: Chain) -> str:
    return (
        f"registry: {counted(chain.entries_count, 'run')}, whole; the last is {chain.last_sha256}"
    )
