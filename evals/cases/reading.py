"""Decides what a file of cases says; whether the product does as expected is the scorers'.

A file is a theme. `[[case]]` holds a case's fields, `[[case.turn]]` its questions with what is
expected. `[case.turn.variants]` says the same question in other words, by name: the case
`<case>--<name>` asks them. A name that is or ends in a language (`en`, `plain-vi`) is in that one.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, get_args

from pydantic import Field, ValidationError

from core.errors import CallerError
from core.records.record import Record, Slug
from core.records.request import Language
from evals.records import Case, Turn

CASES: Final = Path(__file__).parent
"""Where the cases of the project are."""
_LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


class _Turn(Turn):
    variants: dict[Slug, Annotated[str, Field(min_length=1, max_length=4000)]] = Field(
        default_factory=dict
    )


class _Case(Case):
    id: Annotated[str, Field(max_length=64, pattern="^[a-z0-9]+([_-][a-z0-9]+)*$")]
    turns: tuple[_Turn, ...] = Field(alias="turn", min_length=1, max_length=4)

    def cases(self) -> Iterator[Case]:
        """Yield the case, then its variants.

        Raises:
            ValueError: its turns have not the same variants.
        """
        names = list(self.turns[0].variants)
        if any(turn.variants.keys() != set(names) for turn in self.turns):
            raise ValueError(f"case {self.id}: its turns have not the same variants")
        told = {name: getattr(self, name) for name in Case.model_fields if name != "turns"}
        yield Case(**told, turns=tuple(_plain(turn) for turn in self.turns))
        for name in names:
            turns = tuple(_varied(turn, name) for turn in self.turns)
            yield Case(**told | {"id": f"{self.id}--{name}"}, turns=turns)


class _File(Record):
    cases: tuple[_Case, ...] = Field(alias="case")


def load_cases(folder: Path = CASES) -> tuple[Case, ...]:
    """Return the cases of every TOML file of a folder, by file name, as they are told.

    Raises:
        CallerError: a file cannot be read, a field does not fit, two cases have one id.
    """
    cases = tuple(case for path in sorted(folder.glob("*.toml")) for case in read_cases(path))
    twice = [name for name, count in Counter(case.id for case in cases).items() if count > 1]
    if twice:
        raise CallerError(f"two cases are called {twice[0]}: each id stands once")
    return cases


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of one file.

    Raises:
        CallerError: it cannot be read, or a field does not fit.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        file = _File.model_validate(told)
        return tuple(case for row in file.cases for case in row.cases())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CallerError(f"{path.name} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CallerError(f"{path.name}, {where}: {first['msg']}") from error
    except ValueError as error:
        raise CallerError(f"{path.name}: {error}") from error


def _plain(turn: _Turn) -> Turn:
    return Turn(text=turn.text, language=turn.language, expected=turn.expected)


def _varied(turn: _Turn, name: str) -> Turn:
    language = next((one for one in _LANGUAGES if name.endswith(one)), turn.language)
    return Turn(text=turn.variants[name], language=language, expected=turn.expected)
