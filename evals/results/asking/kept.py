"""Keeps which cases are done, so that an interrupted run goes on; a whole run leaves nothing.

A case counts as done for the same text, model, tapes and sources. One that broke, and an answer
the model that was asked did not plan, are asked again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.writing import write_whole
from core.records.record import Record
from evals.records import Case, CaseId
from evals.results.records import Marked
from evals.sources import files_of, state_of_files

DONE: Final = "done.jsonl"
SOURCES: Final = ("agents", "app", "core", "evals", "prompts", "tools")
ROOT: Final = Path(__file__).parents[3]
"""Where the packages are."""
_CASES: Final = ("cases", "baselines", "recordings")
"""Of `evals`, what is told by each case, is compared after a run, or is a tape."""


class _Line(Record):
    state: str
    key: str
    case: Marked


class Kept:
    """The cases that are done, a line each in a file of the folder; without one, none are kept."""

    def __init__(self, folder: Path | None, state: str) -> None:
        """Read what is there, and leave out what is of another state or was cut.

        Args:
            folder: of the run's results; None: nothing is kept.
            state: of what the cases are run on, as of `state_of`.
        """
        self._path = None if folder is None else folder / DONE
        self._state = state
        self._done = {line.key: line for line in self._read()}
        if self._path is not None and self._path.exists():
            write_whole(self._path, _text(self._done.values()))

    def of(self, cases: Iterable[Case], model: str) -> dict[CaseId, Marked]:
        """Return what became of those cases that are done.

        Args:
            cases: by their whole text.
            model: which one was asked, and where; empty: rules and templates.
        """
        keys = {case.id: _key(case, model) for case in cases}
        return {name: self._done[key].case for name, key in keys.items() if key in self._done}

    def keep(self, cases: Sequence[Case], found: Iterable[Marked], model: str) -> None:
        """Add cases that came to their end; arguments as of `of`."""
        if self._path is None:
            return
        keys = {case.id: _key(case, model) for case in cases}
        lines = [
            _Line(state=self._state, key=keys[case.id], case=case)
            for case in found
            if not case.error and (not model or _is_planned(case))
        ]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(_text(lines))

    def _read(self) -> Iterator[_Line]:
        if self._path is None or not self._path.is_file():
            return
        for text in self._path.read_bytes().splitlines():
            try:
                line = _Line.model_validate_json(text)
            except ValidationError:
                continue
            if line.state == self._state:
                yield line


def forget(folder: Path) -> None:
    """Remove what is kept in a folder: the run is whole."""
    (folder / DONE).unlink(missing_ok=True)


def state_of(tapes: Iterable[Path], *, root: Path = ROOT) -> str:
    """Return a hash of the sources and of the tapes cases are run on.

    Args:
        tapes: their folders.
        root: where the packages are.
    """
    sources = (path for name in SOURCES for path in files_of(root / name) if _counts(path, root))
    told = (path for folder in tapes for path in files_of(folder))
    return state_of_files((*sources, *told), root=root)


def _counts(path: Path, root: Path) -> bool:
    room = path.relative_to(root).parts[:2]
    return room[0] != "evals" or room[1] not in _CASES or path.suffix == ".py"


def _is_planned(case: Marked) -> bool:
    return all(exchange.planner == "model" for exchange in case.exchanges)


def _key(case: Case, model: str) -> str:
    return hashlib.sha256(f"{model}\0{case.model_dump_json()}".encode()).hexdigest()[:16]


def _text(lines: Iterable[_Line]) -> bytes:
    return "".join(f"{line.model_dump_json(exclude_defaults=True)}\n" for line in lines).encode()
