"""Decides which options of `sectorwise eval` make sense together, before anything runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.reporting import require_writable
from core.errors import CallerError
from evals.results.asking.models import model_named
from evals.results.asking.running import require_pydantic_evals
from evals.tapes.tape import HEAD, RECORDINGS


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command line."""

    patterns: tuple[str, ...] = ()
    model: str | None = None
    judge: str | None = None
    check: bool = False
    write: bool = False
    baseline: Path | None = None
    out: Path | None = None
    shared: Path | None = None
    keep: Path | None = None
    workers: int = 2
    as_json: bool = False


def require_sense(asked: Asked) -> None:
    """Refuse what cannot end well, before anything runs.

    Raises:
        CallerError: options that do not go together, a model without a server, a named folder or
            baseline that is not there, a folder that cannot be written or is another's,
            pydantic-evals not installed.
    """
    require_pydantic_evals()
    _require_together(asked)
    for name in (asked.model, asked.judge):
        if name is not None:
            model_named(name)
    if asked.shared is not None and not asked.shared.is_dir():
        raise CallerError(f"no market data: --shared {asked.shared} is no folder")
    if asked.baseline is not None and not asked.write and not asked.baseline.exists():
        raise CallerError(f"--baseline {asked.baseline} is not there: write one, --baseline-write")
    if asked.keep is not None:
        if in_project(asked.keep):
            raise CallerError(
                "what is made of real data stays out of the project: --keep elsewhere"
            )
        require_tape(asked.keep / "tape")
    if asked.out is not None:
        require_writable(asked.out)


def in_project(folder: Path) -> bool:
    """Tell whether a folder lies in the project, where nothing made of real data may."""
    return folder.resolve().is_relative_to(RECORDINGS.parents[1])


def require_tape(folder: Path) -> None:
    """Refuse a folder with another's JSON files: those an earlier tape left in it would go.

    Raises:
        CallerError: it holds some.
    """
    if any(folder.glob("*.json")) and not (folder / HEAD).exists():
        raise CallerError(f"{folder} holds JSON files and is no tape: name a folder of its own")


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Say in a sentence that a path cannot be written.

    Raises:
        CallerError: it cannot.
    """
    try:
        yield
    except OSError as error:
        raise CallerError(f"{path} cannot be written: {error.strerror}") from error


def _require_together(asked: Asked) -> None:
    if asked.check and asked.write:
        raise CallerError(
            "a run is not held against the baseline it makes: leave --check out, or "
            "--baseline-write"
        )
    if asked.model is not None and (asked.check or asked.write):
        raise CallerError("the baseline is of the rules alone: leave --model out, or the baseline")
    if asked.write and asked.patterns:
        raise CallerError("the baseline is of all cases: leave --cases out")
