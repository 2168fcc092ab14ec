import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from app.upstreams import needed
from core.errors import DataError
from tests.app.command import PROGRAM, sectorwise
from tests.app.upstream_market import (
    EX_DIVIDEND,
    EX_SPLIT,
    SESSIONS,
    TICKERS,
    US,
    evening,
    yahoo_market,
)
from tests.servers.fred import FredServer, Vintages
from tests.servers.yahoo import YahooServer
from tools.storage.panels import market_panels, panels_known
from tools.storage.store import Store

Market = tuple[YahooServer, dict[str, str]]

BEFORE = date(2024, 6, 21)
AFTER = SESSIONS[-1]


@pytest.fixture
def market() -> Iterator[Market]:
    with yahoo_market() as served:
        yield served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def _sync(home: Path, market: Market, until: date, *more: str) -> object:
    server, env = market
    server.now = evening(until)
    server.requests.clear()
    words = ("sync", "us", "--source", "yahoo", "--until", str(until), "--json", *more)
    ran = sectorwise(*words, home=home, env=env)
    assert ran.code == 0, ran.error
    assert ran.error == ""
    return ran.json()


def test_a_sync_fills_the_store_with_every_sector_and_benchmark(home: Path, market: Market) -> None:
    _sync(home, market, BEFORE)
    panels = market_panels(Store(home), US)
    assert panels.last == BEFORE
    assert panels.sectors.closes.notna().all(axis=None)
    assert panels.benchmark.closes["spy"].notna().all()
    rows = Store(home).read("us", "prices")
    assert set(rows["symbol"]) == set(TICKERS)


def test_a_second_run_fetches_only_what_is_new(home: Path, market: Market) -> None:
    _sync(home, market, BEFORE)
    assert len(market[0].charts) == len(TICKERS)
    result = _sync(home, market, AFTER)
    spans = {int(query["period1"]) for _, query in market[0].charts}
    assert len(market[0].charts) == len(TICKERS)
    assert min(spans) >= evening(date(2024, 6, 10)).timestamp()
    assert isinstance(result, list)
    assert result[0]["rows_count"] == len(TICKERS) * len([d for d in SESSIONS if d > BEFORE])
    assert result[0]["revised_count"] == 0


def test_a_dividend_and_a_split_between_two_runs_change_no_past_return(
    home: Path, market: Market
) -> None:
    _sync(home, market, BEFORE)
    before = market_panels(Store(home), US).sectors.closes.pct_change()
    _sync(home, market, AFTER)
    panels = market_panels(Store(home), US)
    after = panels.sectors.closes.pct_change()
    pd.testing.assert_frame_equal(after.loc[: pd.Timestamp(BEFORE)], before, check_exact=True)
    raw = market[0].listings["XLK"].closes
    eve = SESSIONS[SESSIONS.index(EX_DIVIDEND) - 1]
    expected = (raw[EX_DIVIDEND] + 0.75) / raw[eve] - 1.0
    assert after.loc[pd.Timestamp(EX_DIVIDEND), "technology"] == pytest.approx(expected)
    halved = market[0].listings["XLF"].closes
    expected = 2.0 * halved[EX_SPLIT] / halved[EX_DIVIDEND] - 1.0
    assert after.loc[pd.Timestamp(EX_SPLIT), "financials"] == pytest.approx(expected)


def test_a_corrected_close_leaves_earlier_days_as_they_were_known(
    home: Path, market: Market
) -> None:
    _sync(home, market, BEFORE)
    market[0].listings["XLE"].closes[date(2024, 6, 20)] *= 1.02
    result = _sync(home, market, AFTER)
    assert isinstance(result, list)
    assert result[0]["revised_count"] == 1
    store = Store(home)
    then = panels_known(store, US, BEFORE).sectors.closes["energy"].loc["2024-06-20"]
    now = market_panels(store, US).sectors.closes["energy"].loc["2024-06-20"]
    assert now == pytest.approx(then * 1.02)


@pytest.mark.prove
def test_a_report_names_the_source_of_its_numbers(home: Path, market: Market) -> None:
    _sync(home, market, AFTER)
    words = ("report", "--universe", "us", "--as-of", str(AFTER), "--formats", "md")
    ran = sectorwise(*words, "--out", "out", home=home)
    assert ran.code == 0, ran.error
    assert "Yahoo Finance daily prices" in (home / "out" / "report.md").read_text(encoding="utf-8")


def test_shares_of_the_funds_are_stored_as_a_series_of_their_sectors(
    home: Path, market: Market
) -> None:
    _sync(home, market, AFTER)
    rows = Store(home).read("us", "series")
    assert rows["subject"].tolist() == ["technology"] * 2
    again = _sync(home, market, AFTER, "--datasets", "series")
    assert isinstance(again, list)
    assert not again[0]["stored"]


def test_intraday_bars_are_fetched_when_named(home: Path, market: Market) -> None:
    result = _sync(home, market, AFTER, "--datasets", "intraday")
    assert isinstance(result, list)
    assert [item["dataset"] for item in result] == ["intraday"]
    rows = Store(home).read("us", "intraday")
    per_day = rows.groupby(["symbol", rows["period"].dt.normalize()]).size()
    assert (per_day == 26).all()


def test_a_failing_source_exits_with_4_and_keeps_what_was_answered(
    home: Path, market: Market
) -> None:
    server, env = market
    words = ("sync", "us", "--source", "yahoo", "--until", str(AFTER), "--datasets", "prices")
    server.faulty, server.faults = "/chart/XLU", ["429_long"] * 9
    ran = sectorwise(*words, home=home, env=env)
    assert ran.code == 4
    assert "run again in 3600 seconds" in ran.error
    assert Store(home).partitions("us") == ()
    server.faults = []
    server.requests.clear()
    ran = sectorwise(*words, home=home, env=env)
    assert ran.code == 0, ran.error
    assert "answered before the last run broke off" in ran.out
    assert "XLK" not in {ticker for ticker, _ in server.charts}
    assert "XLU" in {ticker for ticker, _ in server.charts}


def test_words_that_name_nothing_are_answered_before_anything_is_asked(home: Path) -> None:
    def said(*words: str) -> tuple[int, str]:
        ran = sectorwise("sync", *words, home=home)
        return ran.code, ran.error

    assert said("us", "--source", "bloomberg")[0] == 2
    assert "yahoo, fred, world_bank" in said("us", "--source", "bloomberg")[1]
    assert "it has macro" in said("us", "--source", "fred", "--datasets", "prices")[1]
    assert "synthetic" in said("demo", "--source", "yahoo")[1]
    assert "15m, 1h" in said("us", "--source", "yahoo", "--bars", "5m")[1]


def test_without_the_extra_the_sentence_says_which() -> None:
    with pytest.raises(DataError, match="extra `live`"):
        needed(("no_such_package",), "live")


def test_macro_series_come_from_fred_without_a_key(home: Path) -> None:
    months = pd.date_range("2020-01-01", "2024-05-01", freq="MS")
    table: Vintages = {date(2024, 6, 7): {month.date(): 4.0 for month in months}}
    with FredServer({"UNRATE": table}, key="", today=AFTER).serving() as url:
        env = {
            "SECTORWISE_SOURCE_URLS": json.dumps({"fred_site": url, "fred": url}),
            "SECTORWISE_SOURCE_PAUSE_SECONDS": "0",
        }
        ran = sectorwise("sync", "us", "--source", "fred", home=home, env=env)
    assert ran.code == 0, ran.error
    assert "macro: 53 rows stored" in ran.out
    rows = Store(home).read("us", "macro")
    assert rows["known_at"].iloc[0] == pd.Timestamp("2020-02-07")
    assert rows["assumed"].all()


def _stored_bytes(home: Path) -> dict[str, bytes]:
    folder = home / "store"
    kept = [path for path in sorted(folder.rglob("0*")) if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def _killed(home: Path, market: Market, until: date, *, requests: int, delay: float | None) -> bool:
    """Start a sync in a process of its own and kill it; tell whether it was still running.

    It is killed so long after its request of that number; without a delay that is never answered.
    """
    server, env = market
    server.now = evening(until)
    server.requests.clear()
    server.held_from = requests if delay is None else None
    words = ["sync", "us", "--source", "yahoo", "--until", str(until), "--datasets", "prices"]
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        [str(PROGRAM), *words],
        env=plain | env | {"SECTORWISE_HOME": str(home)},
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None and len(server.requests) < requests:
            time.sleep(0.002)
        time.sleep(delay or 0.0)
        running = process.poll() is None
        if running:
            process.send_signal(signal.SIGKILL)
    server.held_from = None
    return running


def _assert_no_partial_day(home: Path) -> None:
    rows = Store(home).read("us", "prices")
    names = rows.groupby("period")["symbol"].nunique()
    assert (names == len(TICKERS)).all()


def _kill_and_complete(
    home: Path, market: Market, tmp_path: Path, points: Sequence[tuple[int, float | None]]
) -> int:
    """Kill syncs at points, first ones and increments by turns; return how many died."""
    whole = tmp_path / "whole"
    whole.mkdir()
    _sync(whole, market, BEFORE, "--datasets", "prices")
    begun = tmp_path / "begun"
    shutil.copytree(whole, begun)
    first = _stored_bytes(whole)
    _sync(whole, market, AFTER, "--datasets", "prices")
    both = _stored_bytes(whole)
    died = 0
    for point, (requests, delay) in enumerate(points):
        increment = point % 2 == 1
        folder = tmp_path / f"killed-{point}"
        shutil.copytree(begun, folder) if increment else folder.mkdir()
        until = AFTER if increment else BEFORE
        died += _killed(folder, market, until, requests=requests, delay=delay)
        _assert_no_partial_day(folder)
        _sync(folder, market, until, "--datasets", "prices")
        assert _stored_bytes(folder) == (both if increment else first)
    return died


def test_a_killed_sync_leaves_no_partial_day_and_the_next_one_the_same_bytes(
    home: Path, market: Market, tmp_path: Path
) -> None:
    points = [(len(TICKERS), None)]
    assert _kill_and_complete(home, market, tmp_path, points) == 1


@pytest.mark.prove
def test_twenty_killed_syncs_leave_no_partial_day(
    home: Path, market: Market, tmp_path: Path
) -> None:
    draw = random.Random(20240628)  # noqa: S311 - points in time, not secrets
    most = [len(TICKERS) * times + 2 for times in (3, 2)]
    points = [(draw.randint(1, most[n % 2]), draw.uniform(0.0, 0.15)) for n in range(20)]
    assert _kill_and_complete(home, market, tmp_path, points) >= 10
