from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate

import pytest

from tests.servers.loopback import Asked, Fault, LoopbackServer, Reply, as_json
from tools.upstream.errors import (
    ChangedShapeError,
    RateLimitedError,
    UnauthorisedError,
    UnavailableError,
    UnknownSymbolError,
    UpstreamError,
)
from tools.upstream.http import Clock, Http, retry_after, strict_json
from tools.upstream.wire import Answer, Manners

QUICK = Manners(
    connect_seconds=1.0,
    read_seconds=0.2,
    total_seconds=0.4,
    pause_seconds=0.0,
    most_bytes=1_000_000,
)


@dataclass
class FakeTime:
    """A clock that moves only by sleeping."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(
            sleep=self.sleep, monotonic=lambda: self.now, wall=lambda: self.now, draw=lambda: 0.5
        )


class Echo(LoopbackServer):
    """Answers what it was asked."""

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/moved":
            return Reply(b"", 301, {"location": "/here"})
        if asked.path == "/gone":
            return Reply(b"", 404)
        return as_json({"path": asked.path, **asked.query})


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    with server.serving():
        yield server


@pytest.fixture
def asked(echo: Echo) -> Callable[..., Http]:
    def build(time: FakeTime, manners: Manners = QUICK) -> Http:
        return Http("Test", echo.base_url, manners=manners, keys=("A_KEY",), clock=time.clock())

    return build


def test_an_answer_is_returned_with_its_bytes(echo: Echo, asked: Callable[..., Http]) -> None:
    document, answer = asked(FakeTime()).json("/here", {"q": 1})
    assert document == {"path": "/here", "q": "1"}
    assert answer.status == 200
    assert len(echo.requests) == 1


@pytest.mark.parametrize("fault", ["500", "429", "hang", "drip", "cut", "large"])
def test_what_may_pass_is_asked_again_until_it_does(
    echo: Echo, asked: Callable[..., Http], fault: Fault
) -> None:
    echo.faults = [fault, fault]
    document, _ = asked(FakeTime()).json("/here", {"filler": "x" * 100})
    assert isinstance(document, dict)
    assert len(echo.requests) == 3


FINAL: list[tuple[Fault, type[UpstreamError], int]] = [
    ("500", UnavailableError, 4),
    ("429", RateLimitedError, 4),
    ("hang", UnavailableError, 4),
    ("cut", UnavailableError, 4),
    ("429_long", RateLimitedError, 1),
    ("401", UnauthorisedError, 1),
    ("403", UnauthorisedError, 1),
    ("404", ChangedShapeError, 1),
    ("html", UnavailableError, 1),
    ("bad_json", ChangedShapeError, 1),
    ("nan", ChangedShapeError, 1),
    ("repeated_key", ChangedShapeError, 1),
    ("empty_body", ChangedShapeError, 1),
    ("other_host", ChangedShapeError, 1),
]


@pytest.mark.parametrize(("fault", "kind", "requests"), FINAL)
def test_each_failure_is_told_by_its_kind_after_no_more_tries_than_may_help(
    echo: Echo,
    asked: Callable[..., Http],
    fault: Fault,
    kind: type[UpstreamError],
    requests: int,
) -> None:
    echo.faults = [fault] * 9
    with pytest.raises(UpstreamError) as caught:
        asked(FakeTime()).json("/here")
    assert type(caught.value) is kind
    assert len(echo.requests) == requests
    assert caught.value.exit_code == 4
    assert "IGNORE" not in str(caught.value)


def test_waits_double_and_a_told_wait_is_kept_to_the_second(
    echo: Echo, asked: Callable[..., Http]
) -> None:
    time = FakeTime()
    echo.faults = ["500", "500", "500"]
    asked(time).get("/here")
    assert time.slept == [1.0, 2.0, 4.0]
    time.slept.clear()
    echo.faults = ["429"]
    asked(time).get("/here")
    assert time.slept == [0.0]


def test_a_wait_longer_than_patience_ends_at_once_and_says_how_long(
    echo: Echo, asked: Callable[..., Http]
) -> None:
    time = FakeTime()
    echo.faults = ["429_long"]
    with pytest.raises(RateLimitedError, match="in 3600 seconds"):
        asked(time).get("/here")
    assert time.slept == []


def test_a_wait_may_be_told_as_a_date() -> None:
    assert retry_after(formatdate(1_090.0, usegmt=True), 1_000.0) == pytest.approx(90.0)
    assert retry_after(formatdate(900.0, usegmt=True), 1_000.0) == 0.0
    assert retry_after("soon", 1_000.0) is None


@pytest.mark.parametrize("told", ["\u00b2", "\u0663", "-1", "1e3", "9" * 400])
def test_a_wait_told_in_no_plain_number_is_none(told: str) -> None:
    assert retry_after(told, 1_000.0) is None


def test_requests_to_a_host_keep_their_distance(echo: Echo, asked: Callable[..., Http]) -> None:
    time = FakeTime()
    http = asked(time, QUICK.paced(0.5))
    for _ in range(3):
        http.get("/here")
    assert time.slept == [0.5, 0.5]


def test_a_redirect_is_followed_within_the_host_only(
    echo: Echo, asked: Callable[..., Http]
) -> None:
    document, _ = asked(FakeTime()).json("/moved")
    assert document == {"path": "/here"}
    echo.faults = ["circle"] * 9
    with pytest.raises(ChangedShapeError, match="circles"):
        asked(FakeTime()).get("/here")


def test_not_found_is_an_unknown_name_where_one_was_asked_for(asked: Callable[..., Http]) -> None:
    with pytest.raises(UnknownSymbolError, match="ABC is unknown"):
        asked(FakeTime()).get("/gone", subject="ABC")


def test_nothing_listening_is_unavailable() -> None:
    http = Http("Test", "http://127.0.0.1:9", manners=QUICK, clock=FakeTime().clock())
    with pytest.raises(UnavailableError, match="run the same command again later"):
        http.get("/here")


@pytest.mark.parametrize("content", [b"[" * 200_000, b"[1e999]", b'{"a": 1, "a": 2}', b"[NaN]"])
def test_json_that_is_not_strict_is_refused(content: bytes) -> None:
    with pytest.raises(ChangedShapeError):
        strict_json("Test", Answer(200, {}, content))
