"""Decides when to look, and waits in between; a watch that fails waits and tries again.

It never waits long at once: a clock that was set, or a machine that slept, is noticed.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.exc import DBAPIError

from app.sentences import sentence_of
from app.watching.tick import Step, Watch
from core.errors import BusyError, DataError, ProviderError, SectorwiseError

POLL_SECONDS: Final = 15.0
"""The longest wait at once."""
BUSY_SECONDS: Final = 5.0
"""Before a slot that another works is looked at again: it may have been killed."""
TROUBLE_SECONDS: Final = 60.0
TROUBLES: Final = (DataError, ProviderError, BusyError, DBAPIError, OSError)
"""What may be over at the next try; anything else is the operator's to mend, and ends the watch."""
LOG: Final = logging.getLogger(__name__)


class Loop:
    """Several markets' watches in turn, and the delivery of what they tell."""

    def __init__(
        self,
        watches: Sequence[Watch],
        *,
        deliver: Callable[[], object],
        clock: Callable[[], datetime],
        wait: Callable[[float], bool],
        heard: Callable[[Step], None],
    ) -> None:
        """Keep what is run.

        Args:
            watches: one a market.
            deliver: sends what is due to be sent; called after every step.
            clock: now.
            wait: waits so many seconds; True ends the loop.
            heard: is told of every step that did something.
        """
        self._watches = tuple(watches)
        self._deliver = deliver
        self._clock = clock
        self._wait = wait
        self._heard = heard

    def run(self) -> None:
        """Look until told to end."""
        while not self._wait(self.round()):
            pass

    def once(self) -> tuple[Step, ...]:
        """Work what is due now at each market, deliver, and return what came of it.

        Raises:
            SectorwiseError: a market cannot be looked at.
        """
        steps = tuple(watch.step() for watch in self._watches)
        for step in steps:
            self._heard(step)
        self._deliver()
        return steps

    def round(self) -> float:
        """Go round the markets once, deliver, and return how long to wait."""
        waits = [self._stepped(watch) for watch in self._watches]
        self._delivered()
        return min(waits, default=POLL_SECONDS)

    def _stepped(self, watch: Watch) -> float:
        try:
            step = watch.step()
            self._heard(step)
            if step.what == "busy":
                return BUSY_SECONDS
            following = watch.following()
        except TROUBLES as error:
            LOG.warning("the look failed and will be tried again: %s", _said(error))
            return TROUBLE_SECONDS
        if following is None:
            return POLL_SECONDS
        return min(max((following - self._clock()).total_seconds(), 0.0), POLL_SECONDS)

    def _delivered(self) -> None:
        try:
            self._deliver()
        except TROUBLES as error:
            LOG.warning("nothing was delivered this time: %s", _said(error))


def _said(error: Exception) -> str:
    """Return an error of ours as a sentence, another's by its type alone."""
    return sentence_of(error) if isinstance(error, SectorwiseError) else type(error).__name__
