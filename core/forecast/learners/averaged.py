"""Decides what several learners say together: their mean, each on its own scale first.

Which learners belong together is the caller's; none is weighted by how well it did.
"""

from dataclasses import dataclass

import numpy as np
from pydantic import Field, ValidationError

from core.errors import DataError
from core.forecast.learners.learner import Fitted, Learner, Matrix, Sample
from core.records.record import Record, Slug

SCALE_DECIMALS = 9
HEADER_CAP = 65_536


class Contents(Record):
    """The first line of the bytes: whose they are, and how long each member's are."""

    learner: Slug
    scales: tuple[float, ...] = Field(min_length=1, max_length=64)
    members: tuple[Slug, ...]
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Fitted members, and the standard deviation of what each said of the sample."""

    learner: str
    names: tuple[str, ...]
    members: tuple[Fitted, ...]
    scales: tuple[float, ...]

    def predict(self, x: Matrix) -> Matrix:
        """Return rows, in the target's unit: the mean of members over their scale, scaled back."""
        total = np.zeros(len(x))
        for member, factor in self._heard():
            total += factor * member.predict(x)
        return total

    def reasons(self, x: Matrix) -> Matrix | None:
        """Return the same mean of the members' reasons; None if one has none."""
        total = np.zeros((len(x), x.shape[2]))
        for member, factor in self._heard():
            parts = member.reasons(x)
            if parts is None:
                return None
            total += factor * parts
        return total

    def to_bytes(self) -> bytes:
        """Return a line of JSON and the members' bytes behind it."""
        parts = [member.to_bytes() for member in self.members]
        contents = Contents(
            learner=self.learner,
            scales=self.scales,
            members=self.names,
            lengths=tuple(map(len, parts)),
        )
        return contents.canonical_json().encode() + b"\n" + b"".join(parts)

    def _heard(self) -> list[tuple[Fitted, float]]:
        """Return members that tell rows apart, and what each is multiplied by."""
        pairs = zip(self.members, self.scales, strict=True)
        heard = [(member, scale) for member, scale in pairs if scale > 0.0]
        unit = sum(scale for _, scale in heard) / max(len(heard), 1)
        return [(member, unit / scale / len(heard)) for member, scale in heard]


@dataclass(frozen=True, slots=True)
class Average:
    """Several learners as one; equal parts, after Bates and Granger (1969)."""

    members: tuple[Learner, ...]
    name: str = "average"

    @property
    def steps(self) -> int:
        """Decisions the longest memory among the members needs."""
        return max(member.steps for member in self.members)

    @property
    def least_rows(self) -> int:
        """Rows the hungriest member needs."""
        return max(member.least_rows for member in self.members)

    def fit(self, sample: Sample, *, seed: int) -> Together:
        """Return every member's fit to the same sample with the same seed."""
        fitted = tuple(member.fit(sample, seed=seed) for member in self.members)
        scales = tuple(
            round(float(member.predict(sample.x).std()), SCALE_DECIMALS) for member in fitted
        )
        return Together(self.name, tuple(member.name for member in self.members), fitted, scales)

    def read(self, data: bytes) -> Together:
        """Return what was written; DataError if it is damaged or other members'."""
        line, found, rest = data[:HEADER_CAP].partition(b"\n")
        rest = data[len(line) + len(found) :]
        names = tuple(member.name for member in self.members)
        try:
            contents = Contents.model_validate_json(line)
        except ValidationError as error:
            raise DataError(f"{self.name}: the stored model is damaged") from error
        if (contents.learner, contents.members) != (self.name, names):
            raise DataError(f"{self.name}: the stored model is of {contents.members}")
        if len(contents.lengths) != len(names) or sum(contents.lengths) != len(rest):
            raise DataError(f"{self.name}: {len(rest)} bytes, expected {contents.lengths}")
        if min(contents.lengths) < 0 or len(contents.scales) != len(names):
            raise DataError(f"{self.name}: the stored model is damaged")
        ends = np.cumsum(contents.lengths).tolist()
        parts = [
            rest[end - length : end] for end, length in zip(ends, contents.lengths, strict=True)
        ]
        members = tuple(member.read(part) for member, part in zip(self.members, parts, strict=True))
        return Together(self.name, names, members, contents.scales)
