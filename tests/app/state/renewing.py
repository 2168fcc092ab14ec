"""Waits for the renewal of a lease whose clock a test sets by hand."""

import time
from contextlib import closing
from datetime import datetime
from typing import Final

from app.state.leases import Leases

PATIENCE_SECONDS: Final = 60.0


def until_stands(url: str, name: str, at: datetime) -> None:
    """Return once the lease was renewed so that it stands at that moment of its clock."""
    end = time.monotonic() + PATIENCE_SECONDS
    with closing(Leases(url, clock=lambda: at)) as leases:
        while leases.standing(name) is None:
            assert time.monotonic() < end, "it is not renewed"
            time.sleep(0.01)
