"""Tests on other days, which leave no trace in the clocks of the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
import time_machine
from langgraph.checkpoint.base import id as checkpoint_ids

LATER: Final = "2031-05-05 12:00"


@contextmanager
def at(moment: str) -> Iterator[None]:
    """Set the clock to a moment.

    Ids of checkpoints never go back in time: without their last one set back, all that the process
    makes afterwards would be of the day travelled to.
    """
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(moment):
        patch.setattr(checkpoint_ids, "_last_v6_timestamp", None)
        yield
