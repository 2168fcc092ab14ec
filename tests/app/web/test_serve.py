"""`sectorwise serve` as its operator runs it: who gets in, how it ends, what goes on afterwards."""

import asyncio
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.app.chat.desks import desk_of, finish, planned, told
from tests.app.command import sectorwise
from tests.app.web.sites import Site, served_site

TOKEN = "a-token-of-thirty-two-characters"  # noqa: S105 - nobody's
KEY = {"Authorization": f"Bearer {TOKEN}"}
QUESTION = "Which sectors are rotating into leadership?"
PATIENCE_SECONDS = 120.0
ENDING_SECONDS = 20.0
"""Far more than it takes, far less than the answers under way would."""


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("serve") / "home"))


def client_of(site: Site) -> httpx.Client:
    """Return a client that may enter and waits long."""
    return httpx.Client(base_url=site.url, headers=KEY, timeout=PATIENCE_SECONDS)


def asked(site: Site, **body: object) -> tuple[str, str]:
    """Return the thread and the run of a question."""
    with client_of(site) as client:
        thread = client.post("/api/threads", json={"universe": "demo"}).json()
        turns = f"/api/threads/{thread['thread']}/turns"
        turn = client.post(turns, json={"text": QUESTION, **body}).json()
    return thread["thread"], turn["run"]


class Follower:
    """Follows a run in a thread of its own until the stream ends, however it ends."""

    def __init__(self, site: Site, run: str) -> None:
        self.text, self.error = "", ""
        self._site, self._path = site, f"/api/runs/{run}/events"
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def _follow(self) -> None:
        try:
            with client_of(self._site) as client, client.stream("GET", self._path) as answer:
                for part in answer.iter_text():
                    self.text += part
        except httpx.HTTPError as error:
            self.error = repr(error)

    def heard(self, word: str) -> None:
        """Wait until it was told."""
        end = time.monotonic() + PATIENCE_SECONDS
        while word not in self.text:
            assert time.monotonic() < end, f"never told: {word}"
            time.sleep(0.01)

    def ended(self) -> None:
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()


@contextmanager
def site_of(home: Path, *arguments: str) -> Iterator[Site]:
    with served_site(home, *arguments, env={"SECTORWISE_TOKEN": TOKEN}) as site:
        yield site


def until(site: Site, run: str, *states: str) -> dict[str, object]:
    """Return the turn once it is in one of these states."""
    end = time.monotonic() + PATIENCE_SECONDS
    with client_of(site) as client:
        while (turn := client.get(f"/api/runs/{run}").json())["state"] not in states:
            assert time.monotonic() < end, turn
            time.sleep(0.1)
    return dict(turn)


def left(home: Path) -> tuple[str, str, str]:
    """Ask two questions of a site that then ends; return the waiting run, the other and its thread.

    The streams of both are followed meanwhile; neither breaks.
    """
    with site_of(home) as site:
        assert httpx.get(f"{site.url}/api/threads", timeout=PATIENCE_SECONDS).status_code == 401
        _, waiting = asked(site)
        until(site, waiting, "waiting")
        thread, working = asked(site, approve=False)
        followers = [Follower(site, run) for run in (waiting, working)]
        for follower in followers:
            follower.heard("understood")
        seconds = site.ended()
        for follower in followers:
            follower.ended()
    assert seconds < ENDING_SECONDS
    assert [follower.error for follower in followers] == [""] * 2
    return waiting, working, thread


def test_it_keeps_out_who_has_no_key_and_ends_within_seconds(home: Path) -> None:
    with site_of(home) as site:
        assert httpx.get(f"{site.url}/api/threads", timeout=PATIENCE_SECONDS).status_code == 401
        with client_of(site) as client:
            assert client.get("/api/threads").status_code == 200
        assert site.ended() < ENDING_SECONDS


@pytest.mark.prove
def test_it_ends_within_seconds_and_its_questions_are_taken_up(home: Path) -> None:
    waiting, working, thread = left(home)

    async def taken_up() -> None:
        desk = desk_of(home)
        async with desk.open():
            assert [turn.text for turn in desk.thread(thread).turns] == [QUESTION]
            finish(await told(desk, working))
            await planned(desk, waiting)
            assert desk.turn(waiting).state == "waiting"

    asyncio.run(taken_up())


@pytest.mark.prove
def test_a_site_that_is_back_takes_up_its_questions(home: Path) -> None:
    waiting, working, thread = left(home)
    with site_of(home) as site:
        assert until(site, waiting, "waiting")["run"] == waiting
        until(site, working, "finished")
        with client_of(site) as client:
            kept = client.get(f"/api/threads/{thread}").json()
            events = client.get(f"/api/runs/{working}/events").text
        assert [turn["text"] for turn in kept["turns"]] == [QUESTION]
        assert events.count('"event":"finished"') == 1


def test_an_address_others_can_reach_needs_a_token_and_a_name(home: Path) -> None:
    anywhere = ("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - refused
    without = sectorwise(*anywhere, home=home)
    assert (without.code, without.out) == (2, "")
    assert "set SECTORWISE_TOKEN" in without.error
    nameless = sectorwise(*anywhere, home=home, env={"SECTORWISE_TOKEN": TOKEN})
    assert nameless.code == 2
    assert "add --name NAME" in nameless.error
    short = sectorwise("serve", home=home, env={"SECTORWISE_TOKEN": "short"})
    assert short.code == 2
    assert "token" in short.error
    assert "short" not in short.error.replace("shorter", "")


def test_a_token_for_a_time_is_printed_only_where_there_is_one_to_make_it_from(home: Path) -> None:
    made = sectorwise("token", "--for", "30d", home=home, env={"SECTORWISE_TOKEN": TOKEN})
    assert made.code == 0
    assert TOKEN not in made.out
    assert made.out.count(".") == 1
    without = sectorwise("token", home=home)
    assert without.code == 2
    assert "set SECTORWISE_TOKEN" in without.error
    assert sectorwise("serve", "--print-token", home=home).code == 2
