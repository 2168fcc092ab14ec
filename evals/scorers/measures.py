"""What a run took: calls, known answers, model calls, tokens, seconds. Figures, no judgement."""

from collections.abc import Callable
from dataclasses import dataclass

from evals.records import Answer, Measure, Ran


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of a run: the sum over its turns."""

    name: str
    unit: str
    of: Callable[[Answer], float]

    def __call__(self, ran: Ran) -> Measure:
        """Return the figure; 0 without any turn."""
        value = sum(float(self.of(answer)) for answer in ran.answers)
        return Measure(case=ran.case.id, measure=self.name, value=value, unit=self.unit)


def calls_made(answer: Answer) -> int:
    """Return how many calls were made anew."""
    return sum(not call.known for call in answer.called)


def calls_known(answer: Answer) -> int:
    """Return how many answers were known from an earlier turn."""
    return sum(call.known for call in answer.called)
