"""What is kept of a run of cases: which of an answer is shown, not whether it is good."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, JsonValue, ValidationError

from core.errors import CallerError
from core.records.record import Record, Slug
from evals.records import Called, CaseId, CaseKind, Measure, Score


class Said(Record):
    """A sentence of an answer, where it stands, and who wrote it."""

    section: str
    text: str
    author: str


class Exchange(Record):
    """A turn: what was asked, how it was understood, and what came of it.

    `understood` is the request without its text; None where the words were refused. `planner` is
    who planned the calls, None without an answer.
    """

    text: str
    understood: dict[str, JsonValue] | None = None
    planner: Literal["model", "rules"] | None = None
    said: tuple[Said, ...] = ()
    called: tuple[Called, ...] = ()
    gaps: tuple[str, ...] = ()
    error: str = ""


class Marked(Record):
    """A case as it ran, with its marks; `error`: it could not be run or scored to its end."""

    id: CaseId
    base: CaseId
    kind: CaseKind
    universe: Slug
    exchanges: tuple[Exchange, ...] = ()
    scores: tuple[Score, ...] = ()
    measures: tuple[Measure, ...] = ()
    error: str = ""

    def values(self) -> dict[str, float | None]:
        """Return the values by scorer, None of what was not scored."""
        return {score.scorer: score.value for score in self.scores}


class Results(Record):
    """One run of many cases; `model` empty: rules and templates answered.

    `judge` says which model judged under which prompt, empty where none did; its verdicts are
    `judged`, and stand in no mean of a scorer.
    """

    sectorwise: str
    model: str = ""
    made_at: str
    cases: tuple[Marked, ...]
    judge: str = ""
    judged: tuple[Score, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="what was left out, and why")

    @property
    def scorers(self) -> tuple[str, ...]:
        """The scorers' names, in the order they first scored."""
        return tuple(dict.fromkeys(score.scorer for case in self.cases for score in case.scores))

    def by_id(self) -> Mapping[CaseId, Marked]:
        """Return the cases by id."""
        return {case.id: case for case in self.cases}


def read_results(path: Path) -> Results:
    """Return the results a file holds.

    Raises:
        CallerError: it cannot be read, or holds something else.
    """
    file = path / "results.json" if path.is_dir() else path
    try:
        return Results.model_validate_json(file.read_bytes())
    except OSError as error:
        raise CallerError(f"{file}: {error.strerror}") from error
    except ValidationError as error:
        raise CallerError(
            f"{file} holds no results of `sectorwise eval`{told_of(error)}"
        ) from error


def told_of(error: ValidationError) -> str:
    """Return which field is to blame, in brackets; nothing where the whole file is."""
    where = ".".join(str(part) for part in error.errors()[0]["loc"])
    return f" (field {where})" if where else ""
