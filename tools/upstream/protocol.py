"""Decides what every source over a network must be able to do; sync decides what is fetched."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import pandas as pd

from core.records.result import Dataset
from core.records.universe import Universe
from tools.storage.schema import SCHEMAS
from tools.upstream.errors import UpstreamError

Tell = Callable[[str], None]
"""Is told, in a few words, what is under way."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source answered about one name.

    rows: exactly the columns of the data set's schema, raw (not adjusted) prices, naive local
        times; known_at NaT where the source tells no release date, then a declared lag is added.
        macro may leave unit and category NaN: they are declared. No rows where there is nothing.
    sha256: of the answers' bytes, in the order of the requests.
    problem: why there are no rows, where that is of this name alone.
    """

    subject: str
    dataset: Dataset
    rows: pd.DataFrame
    sha256: str
    problem: UpstreamError | None = field(default=None)

    def __post_init__(self) -> None:
        wanted = SCHEMAS[self.dataset].columns
        if tuple(self.rows.columns) != wanted:
            raise ValueError(f"{self.dataset}: columns must be {wanted}")
        if self.problem is not None and len(self.rows):
            raise ValueError(f"{self.subject}: rows beside a problem")


class Upstream(Protocol):
    """A source over a network."""

    @property
    def name(self) -> str:
        """The word after --source."""
        ...

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """What it has, in the order it is fetched."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Settings without which it cannot be asked; they are there when it is made."""
        ...

    def origin(self, dataset: Dataset) -> str:
        """Return what reports call its data: 40 characters of letters, digits, space . : -."""
        ...

    def subjects(
        self, universe: Universe, dataset: Dataset, members: tuple[str, ...]
    ) -> Mapping[str, bool]:
        """Return the names to fetch, in order, and whether the universe cannot do without each.

        Args:
            universe: names sectors and benchmarks.
            dataset: one of `datasets`.
            members: symbols of the present members.
        """
        ...

    def fetch(
        self,
        universe: Universe,
        dataset: Dataset,
        *,
        symbols: tuple[str, ...],
        since: date,
        until: date,
        tell: Tell,
    ) -> Iterator[Fetched]:
        """Yield one answer a name, in the order asked for, each as soon as it is there.

        Rows are of periods from `since` to `until`, both included; what became known after `until`
        is left out where the source tells when.

        Raises:
            UpstreamError: the source cannot be asked at all (not a problem of one name).
        """
        ...
