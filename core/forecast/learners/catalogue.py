"""Decides which learners there are by name; a user's own is any object of the protocol."""

from collections.abc import Callable

from core.forecast.learners.averaged import Average
from core.forecast.learners.dense import Dense
from core.forecast.learners.learner import Learner
from core.forecast.learners.linear import Ridge
from core.forecast.learners.momentum import Single
from core.forecast.learners.recurrent import Recurrent
from core.forecast.learners.trees import Trees


def average() -> Average:
    """Return ridge, trees and momentum in equal parts."""
    return Average((Ridge(), Trees(), Single()))


LEARNERS: dict[str, Callable[[], Learner]] = {
    "average": average,
    "dense": Dense,
    "momentum": Single,
    "recurrent": Recurrent,
    "ridge": Ridge,
    "trees": Trees,
}
"""Each with its defaults; none loads its engine before it is asked to fit or read."""
