from dataclasses import dataclass

import numpy as np
import pytest

from core.errors import DataError
from core.forecast.learners.averaged import Average
from core.forecast.learners.learner import Sample
from core.forecast.learners.linear import Linear, Ridge
from core.forecast.learners.momentum import Single
from tests.core.forecast.learners.samples import DENSE, EACH, line, planted, skill

SIMPLE = Average((Ridge(), Single()))


@dataclass(frozen=True)
class Silent:
    """A learner that never tells rows apart."""

    name: str = "silent"
    steps: int = 1
    least_rows: int = 5

    def fit(self, sample: Sample, *, seed: int) -> Linear:
        return Linear(learner=self.name, constant=0.3, coefficients=(0.0,) * sample.x.shape[2])

    def read(self, data: bytes) -> Linear:
        return Linear.from_bytes(data, learner=self.name)


def test_members_are_averaged_at_equal_spread() -> None:
    sample = planted(line)
    parts = [member.fit(sample, seed=1).predict(sample.x) for member in SIMPLE.members]
    spreads = [part.std() for part in parts]
    wanted = np.mean(spreads) * np.mean(
        [part / spread for part, spread in zip(parts, spreads, strict=True)], axis=0
    )
    assert SIMPLE.fit(sample, seed=1).predict(sample.x) == pytest.approx(wanted, abs=1e-7)


def test_reasons_and_a_constant_make_the_average() -> None:
    sample = planted(line)
    fitted = Average((Ridge(), EACH["trees"])).fit(sample, seed=1)
    reasons = fitted.reasons(sample.x)
    assert reasons is not None
    left = fitted.predict(sample.x) - reasons.sum(axis=1)
    assert left == pytest.approx(np.full(len(left), left[0]), abs=1e-12)


@pytest.mark.prove
def test_a_member_without_reasons_leaves_the_average_without() -> None:
    sample = planted(line)
    assert Average((Ridge(), DENSE)).fit(sample, seed=1).reasons(sample.x) is None


def test_a_member_that_says_nothing_is_not_heard() -> None:
    sample = planted(line)
    alone = Average((Ridge(),)).fit(sample, seed=1).predict(sample.x)
    beside = Average((Silent(), Ridge())).fit(sample, seed=1).predict(sample.x)
    assert beside == pytest.approx(alone)


def test_when_nobody_says_anything_the_average_says_nothing() -> None:
    sample = planted(line)
    fitted = Average((Silent(), Silent("other"))).fit(sample, seed=1)
    assert np.array_equal(fitted.predict(sample.x), np.zeros(len(sample.y)))
    reasons = fitted.reasons(sample.x)
    assert reasons is not None
    assert np.array_equal(reasons, np.zeros((len(sample.y), 4)))


def test_bytes_read_back_say_the_same() -> None:
    learner = Average((Ridge(), EACH["trees"], Single()))
    fitted = learner.fit(planted(line), seed=1)
    again = learner.read(fitted.to_bytes())
    x = planted(line, seed=3).x
    assert again.to_bytes() == fitted.to_bytes()
    assert np.array_equal(again.predict(x), fitted.predict(x))
    assert skill(again, line) > 0.6


def test_other_members_and_damaged_bytes_are_refused() -> None:
    data = SIMPLE.fit(planted(line), seed=1).to_bytes()
    with pytest.raises(DataError):
        Average((Single(), Ridge())).read(data)
    with pytest.raises(DataError):
        Average((Ridge(), Single()), name="other").read(data)
    for damaged in (
        data[:-1],
        data + b"x",
        b"",
        b"\n" + data,
        data.replace(b'"lengths":[', b'"lengths":[1,', 1),
        data.replace(b'"lengths":[', b'"lengths":[-', 1),
        data.replace(b'"scales":[', b'"scales":[1.0,', 1),
    ):
        with pytest.raises(DataError):
            SIMPLE.read(damaged)


def test_it_looks_back_as_far_as_its_longest_memory() -> None:
    assert Average((Ridge(), EACH["recurrent"])).steps == 5


def test_it_needs_as_many_rows_as_its_most_demanding_member() -> None:
    assert Average((Silent(), EACH["trees"])).least_rows == EACH["trees"].least_rows
