"""How much of the doors one client, and all together, may use: numbers only."""

from dataclasses import dataclass
from typing import Self

from tools.guard import BODY_CAP_BYTES, BODY_SECONDS


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused beyond.

    requests_a_minute: of one client; a fifth of them may come at once. Event streams are counted
    apart and as many, files of the site not at all. logins_a_minute: attempts of one client.
    answers, streams: under way at once, of all clients. answer_seconds: how long an answer may take
    to begin; run_seconds: one that waits for a whole run. connections: open at once.
    header_seconds: how long a request's head may take to arrive. stalled_seconds: how long a client
    may leave what it is sent unread.
    """

    requests_a_minute: int = 3000
    logins_a_minute: int = 10
    answers: int = 128
    streams: int = 256
    answer_seconds: float = 60.0
    run_seconds: float = 900.0
    body_bytes: int = BODY_CAP_BYTES
    body_seconds: float = BODY_SECONDS
    connections: int = 768
    header_seconds: float = 10.0
    stalled_seconds: float = 30.0

    def __post_init__(self) -> None:
        if min(getattr(self, name) for name in self.__slots__) <= 0:
            raise ValueError(f"limits are above zero: {self}")

    @classmethod
    def of(cls, requests_a_minute: int) -> Self:
        """Return the usual limits at this pace."""
        return cls(requests_a_minute=requests_a_minute)
