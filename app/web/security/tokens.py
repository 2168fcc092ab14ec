"""Decides whether a token opens the doors: the operator's own, or one made from it for a time.

Neither comparison tells by its time how much was right. A new operator's token ends all others.
"""

import hashlib
import hmac
import re
import time
from datetime import timedelta
from typing import Final

from itsdangerous import BadSignature, Signer

from core.errors import CallerError

SALT: Final = "sectorwise timed token"
LONGEST: Final = timedelta(days=366)
LENGTH_CAP: Final = 512
"""Characters: nothing longer is looked at."""
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


class Tokens:
    """The tokens one operator's token stands for."""

    def __init__(self, secret: str) -> None:
        """Keep the operator's token."""
        self._secret = secret.encode()
        self._signer = Signer(
            self._secret, salt=SALT, key_derivation="hmac", digest_method=hashlib.sha256
        )

    def timed(self, lasting: timedelta, *, now: float | None = None) -> str:
        """Return a token that opens the doors until this time is over.

        Raises:
            CallerError: for no time, or for more than a year.
        """
        if not timedelta(0) < lasting <= LONGEST:
            raise CallerError(f"a token lasts up to {LONGEST.days} days: {lasting} is none")
        ends = int((time.time() if now is None else now) + lasting.total_seconds())
        return self._signer.sign(f"{ends}").decode()

    def accepts(self, said: str, *, now: float | None = None) -> bool:
        """Tell whether this token opens the doors."""
        if not said.isascii() or len(said) > LENGTH_CAP:
            return False
        own = hmac.compare_digest(said.encode(), self._secret)
        return own or self._is_timed(said, time.time() if now is None else now)

    def _is_timed(self, said: str, now: float) -> bool:
        try:
            ends = self._signer.unsign(said).decode()
        except BadSignature:
            return False
        return ends.isdecimal() and len(ends) < 13 and now < int(ends)


def parsed_time(text: str) -> timedelta:
    """Return a time such as 30d, 12h or 45m.

    Raises:
        CallerError: it is none.
    """
    found = re.fullmatch(r"([0-9]{1,5})([mhd])", text)
    if found is None:
        raise CallerError(f"time {text!r}: expected a number of d, h or m, for example 30d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
