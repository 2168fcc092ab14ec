"""The error tree: who must act is the type.

SectorwiseError
├── CallerError      the caller: a value is wrong, and the message says which and what to do
│   ├── UnknownUniverseError
│   ├── DateError
│   ├── RequestError
│   ├── MandateError
│   ├── UnknownIdError
│   ├── ConflictError
│   └── BusyError
├── DataError        the owner of the data: a file or store cannot be used
│   ├── ImportRejectedError
│   └── EmptyStoreError
├── ProviderError    a tool server or source outside us
│   └── PromptTooLongError
├── ModelOutputError the language model: its answer does not fit
├── LimitError       a budget is spent
│   └── OverBudgetError
├── LeakError        the signal's author: its past was made with its future
├── LateError        the operator: a job nobody looks at has not succeeded for too long
├── PartialError     whoever asked for many: some are not there, and the first reason is told
└── NothingMadeError likewise, where not one is there
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.records.decision import Conflict


class SectorwiseError(Exception):
    """Any error a door answers with one sentence; `exit_code` is documented in docs/guide.md."""

    exit_code = 1


class CallerError(SectorwiseError, ValueError):
    """A value given by the caller is wrong."""

    exit_code = 2


class UnknownUniverseError(CallerError):
    """No universe of that name."""


class DateError(CallerError):
    """A date outside the data."""


class RequestError(CallerError):
    """A question that cannot be answered as asked."""


class MandateError(CallerError):
    """Limits that cannot all hold; `conflict` says which, where that was worked out."""

    def __init__(self, message: str, conflict: "Conflict | None" = None) -> None:
        super().__init__(message)
        self.conflict = conflict


class UnknownIdError(CallerError):
    """Nothing of ours has that id."""


class ConflictError(CallerError):
    """What is asked does not fit what stands there now: a run that has ended cannot be stopped."""


class BusyError(CallerError):
    """Too much is under way already; the same may be asked again later."""


class DataError(SectorwiseError):
    """A file or the store cannot be used."""

    exit_code = 3


class ImportRejectedError(DataError):
    """A file breaks the frame contract; nothing of it was stored."""


class EmptyStoreError(DataError):
    """The universe has no data; the message names the command that brings them."""


class ProviderError(SectorwiseError):
    """A tool server or source failed."""

    exit_code = 4


class PromptTooLongError(ProviderError):
    """A language model's endpoint refuses the question: it is longer than the model reads."""


class ModelOutputError(SectorwiseError):
    """The language model's answer does not fit."""

    exit_code = 5


class LimitError(SectorwiseError):
    """A budget of calls, tokens, money or seconds is spent."""

    exit_code = 6


class OverBudgetError(LimitError):
    """What a run, a day or a batch may spend is used up; the limit is the operator's own."""


class LeakError(SectorwiseError):
    """A signal sees the future; the audit's findings were printed."""

    exit_code = 7


class LateError(SectorwiseError):
    """A job nobody looks at has not succeeded for too long."""

    exit_code = 9


class PartialError(SectorwiseError):
    """Of many things asked for at once some are there, and some are not."""

    exit_code = 8


class NothingMadeError(SectorwiseError):
    """Of many things asked for at once not one is there."""

    exit_code = 10
