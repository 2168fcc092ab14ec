from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from core.errors import DataError
from core.forecast.learners.catalogue import LEARNERS
from core.forecast.learners.learner import Fitted, Learner, Matrix, Sample, lately
from tests.core.forecast.learners.samples import (
    EACH,
    RECURRENT,
    either,
    line,
    path,
    planted,
    shuffled,
    skill,
)

QUICK = sorted(EACH.keys() - {"recurrent"})
SLOW = pytest.param("recurrent", marks=pytest.mark.prove)
NAMES = [*QUICK, SLOW]
CHANCE = 0.07
"""Four standard errors of a correlation over 3,000 rows."""


@cache
def on_line(name: str) -> Fitted:
    """Return a learner fitted on a straight line, once."""
    return EACH[name].fit(planted(line), seed=1)


@pytest.mark.parametrize("name", NAMES)
def test_every_learner_finds_a_straight_line(name: str) -> None:
    assert skill(on_line(name), line) > 0.6


@pytest.mark.prove
def test_trees_and_the_dense_network_find_what_a_line_cannot() -> None:
    sample = planted(either)
    found = {name: skill(EACH[name].fit(sample, seed=1), either) for name in EACH}
    assert abs(found["ridge"]) < CHANCE
    assert abs(found["momentum"]) < CHANCE
    assert found["trees"] > 0.6
    assert found["dense"] > 0.6


@pytest.mark.prove
def test_only_the_recurrent_network_finds_what_lies_in_the_past() -> None:
    sample = planted(path)
    assert abs(skill(EACH["dense"].fit(sample, seed=1), path)) < CHANCE
    assert abs(skill(EACH["trees"].fit(sample, seed=1), path)) < CHANCE
    assert skill(RECURRENT.fit(sample, seed=1), path) > 0.5


@pytest.mark.parametrize("name", NAMES)
def test_shuffled_targets_teach_nothing_that_holds_elsewhere(name: str) -> None:
    fitted = EACH[name].fit(shuffled(planted(line)), seed=1)
    unseen = shuffled(planted(line, seed=9), seed=3)
    assert abs(np.corrcoef(fitted.predict(unseen.x), unseen.y)[0, 1]) < CHANCE


@pytest.mark.parametrize("name", ["momentum", "ridge", "trees"])
def test_shuffled_targets_are_answered_in_a_whisper(name: str) -> None:
    x = planted(line, seed=9).x
    fitted = EACH[name].fit(shuffled(planted(line)), seed=1)
    assert fitted.predict(x).std() < 0.25 * on_line(name).predict(x).std()


@pytest.mark.parametrize("name", NAMES)
def test_bytes_read_back_say_the_same(name: str) -> None:
    data = on_line(name).to_bytes()
    again = EACH[name].read(data)
    x = planted(line, seed=5).x
    assert again.to_bytes() == data
    assert np.array_equal(again.predict(x), on_line(name).predict(x))


@pytest.mark.parametrize("name", NAMES)
def test_an_equal_fit_gives_equal_bytes(name: str) -> None:
    assert EACH[name].fit(planted(line), seed=1).to_bytes() == on_line(name).to_bytes()


@pytest.mark.parametrize("name", ["dense", SLOW, "trees"])
def test_another_seed_gives_other_bytes(name: str) -> None:
    assert EACH[name].fit(planted(line), seed=2).to_bytes() != on_line(name).to_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_row_is_answered_the_same_whatever_stands_around_it(name: str) -> None:
    x = planted(line, seed=5).x
    order = np.random.default_rng(3).permutation(len(x))
    whole = on_line(name).predict(x)
    assert on_line(name).predict(x[order]) == pytest.approx(whole[order], abs=1.1e-9)
    assert on_line(name).predict(x[7:8]) == pytest.approx(whole[7:8], abs=1.1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_rows_that_weigh_nearly_nothing_are_not_heard(name: str) -> None:
    good, bad = planted(line), planted(lambda x: -line(x), seed=4)
    both = Sample(
        x=np.concatenate([bad.x, good.x]),
        y=np.concatenate([bad.y, good.y]),
        dates=np.concatenate([bad.dates, good.dates + len(bad.dates)]),
        weight=np.concatenate([np.full(len(bad.y), 1e-9), good.weight]),
        features=good.features,
    )
    assert skill(EACH[name].fit(both, seed=1), line) > skill(on_line(name), line) - 0.05


@pytest.mark.parametrize("name", NAMES)
def test_reasons_and_a_constant_make_the_prediction(name: str) -> None:
    x = planted(line, seed=5).x
    reasons = on_line(name).reasons(x)
    if reasons is None:
        assert name in {"dense", "recurrent"}
        return
    assert reasons.shape == (len(x), x.shape[2])
    left = on_line(name).predict(x) - reasons.sum(axis=1)
    assert left == pytest.approx(np.full(len(x), left[0]), abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_left_as_it_was(name: str) -> None:
    sample = planted(line)
    before = [part.copy() for part in (sample.x, sample.y, sample.dates, sample.weight)]
    for part in (sample.x, sample.y, sample.dates, sample.weight):
        part.setflags(write=False)
    EACH[name].fit(sample, seed=1)
    after = (sample.x, sample.y, sample.dates, sample.weight)
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_another_number_of_features_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected rows x"):
        on_line(name).predict(np.zeros((3, 5, 7)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", [b"", b"{}", b"\x80\x04N.", b"[" * 100_000, b"tree\n" * 9])
def test_bytes_of_something_else_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(DataError):
        EACH[name].read(data)


@pytest.mark.parametrize("name", NAMES)
def test_another_learners_bytes_are_refused(name: str) -> None:
    for other in QUICK:
        if other != name:
            with pytest.raises(DataError):
                EACH[name].read(on_line(other).to_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_damaged_bytes_are_refused_or_answer_a_number(name: str) -> None:
    data = on_line(name).to_bytes()
    rng = np.random.default_rng(6)
    x = planted(line).x[:4]
    for cut in rng.integers(0, len(data), 20):
        with pytest.raises(DataError):
            EACH[name].read(data[:cut])
    for place in rng.integers(0, len(data), 60):
        damaged = bytearray(data)
        damaged[place] ^= 1 << int(rng.integers(0, 8))
        try:
            answers = EACH[name].read(bytes(damaged)).predict(x)
        except (DataError, ValueError):
            continue
        assert np.isfinite(answers).all()


@pytest.mark.parametrize("name", sorted(LEARNERS))
def test_the_catalogue_knows_each_by_its_name(name: str) -> None:
    learner = LEARNERS[name]()
    assert learner.name == name
    assert learner.steps >= 1


@dataclass(frozen=True)
class Own:
    """A user's learner: the sign of one feature's product with the target."""

    name: str = "own"
    steps: int = 1
    least_rows: int = 50

    def fit(self, sample: Sample, *, seed: int) -> "OwnSign":
        return OwnSign(float(np.sign(sample.x[:, -1, 0] @ sample.y)))

    def read(self, data: bytes) -> "OwnSign":
        return OwnSign(float(data))


@dataclass(frozen=True)
class OwnSign:
    sign: float

    def predict(self, x: Matrix) -> Matrix:
        return self.sign * x[:, -1, 0]

    def reasons(self, x: Matrix) -> Matrix | None:
        return None

    def to_bytes(self) -> bytes:
        return repr(self.sign).encode()


def test_an_own_learner_needs_nothing_but_the_protocol() -> None:
    learner: Learner = Own()
    fitted: Fitted = learner.fit(planted(line), seed=1)
    assert skill(learner.read(fitted.to_bytes()), line) > 0.5


def test_a_sample_must_fit_together() -> None:
    sample = planted(line)
    with pytest.raises(ValueError, match="does not fit"):
        replace(sample, y=sample.y[1:])
    with pytest.raises(ValueError, match="no rows"):
        Sample(sample.x[:0], sample.y[:0], sample.dates[:0], sample.weight[:0])
    with pytest.raises(ValueError, match="3 names for 4"):
        replace(sample, features=("a", "b", "c"))


def test_a_memory_gets_its_last_steps_and_too_few_are_refused() -> None:
    x = np.arange(24.0).reshape(2, 4, 3)
    assert np.array_equal(lately(x, steps=2, n_features=3), x[:, 2:])
    with pytest.raises(ValueError, match="5 or more"):
        lately(x, steps=5, n_features=3)
