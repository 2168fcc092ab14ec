import pytest
from starlette.responses import PlainTextResponse

from app.web.security.limits import Limits
from app.web.security.rates import CLIENTS, Buckets, Paced
from tests.app.web.security.asking import ask


class Clock:
    """Shows what it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def paced(clock: Clock, **limits: int) -> Paced:
    return Paced(PlainTextResponse("inside"), Limits(**limits), clock=clock)


def test_a_client_that_asks_too_often_is_told_when_to_ask_again() -> None:
    clock = Clock()
    door = paced(clock, requests_a_minute=60)
    statuses = [ask(door, "/api/threads").status for _ in range(13)]
    assert statuses == [200] * 12 + [429]
    refused = ask(door, "/api/threads")
    assert refused.headers["retry-after"] == "1"
    assert refused.error == "too many requests: ask again in 1 s"
    clock.now = 1.0
    assert ask(door, "/api/threads").status == 200
    assert ask(door, "/api/threads").status == 429


def test_one_client_takes_nothing_from_another() -> None:
    door = paced(Clock(), requests_a_minute=5)
    assert ask(door, client="10.0.0.1").status == 200
    assert ask(door, client="10.0.0.1").status == 429
    assert ask(door, client="10.0.0.2").status == 200


def test_all_of_one_version_6_network_are_one_client() -> None:
    door = paced(Clock(), requests_a_minute=5)
    assert ask(door, client="2001:db8::1").status == 200
    assert ask(door, client="2001:db8::2").status == 429
    assert ask(door, client="2001:db8:0:1::1").status == 200


def test_streams_are_counted_apart_and_files_of_the_site_not_at_all() -> None:
    door = paced(Clock(), requests_a_minute=5)
    assert [ask(door, "/").status for _ in range(2)] == [200, 429]
    assert [ask(door, "/api/runs/x/events").status for _ in range(2)] == [200, 429]
    assert {ask(door, "/static/1/site.css").status for _ in range(9)} == {200}


def test_tokens_cannot_be_tried_at_the_pace_of_other_requests() -> None:
    door = paced(Clock(), logins_a_minute=10)
    statuses = [ask(door, "/login", method="POST").status for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert ask(door, "/login").status == 200


def test_no_more_clients_are_remembered_than_the_cap() -> None:
    buckets = Buckets(60, clock=Clock())
    for number in range(CLIENTS + 100):
        buckets.wait_seconds(str(number))
    assert len(buckets._buckets) == CLIENTS


@pytest.mark.parametrize("wrong", [{"answers": 0}, {"requests_a_minute": -1}])
def test_limits_of_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Limits(**wrong)
