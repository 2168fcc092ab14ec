"""Tells that a job nobody looks at began or succeeded: keeps when, tells the dead man's switch."""

import logging
from datetime import datetime
from typing import Final

from sqlalchemy.exc import DBAPIError

from app.observing.pings import ping
from app.observing.successes import begun, succeeded
from app.settings import Settings

LOG: Final = logging.getLogger(__name__)


def began(settings: Settings, name: str, *, now: datetime) -> None:
    """Tell that a job begins; where that cannot be kept, the job itself goes on.

    Args:
        settings: the database.
        name: of the job: `sync:vn`.
        now: with a time zone.
    """
    try:
        begun(settings.database, name, now)
    except DBAPIError as error:
        LOG.warning("the start of %s could not be kept: %s", name, type(error.orig).__name__)


def done(settings: Settings, name: str, *, now: datetime) -> None:
    """Tell of a success; where that cannot be kept, nobody is told of one.

    Args:
        settings: the database, the switch.
        name: of the job: `sync:vn`.
        now: with a time zone.
    """
    try:
        succeeded(settings.database, name, now)
    except DBAPIError as error:
        LOG.warning("the success of %s could not be kept: %s", name, type(error.orig).__name__)
        return
    ping(settings, name)
