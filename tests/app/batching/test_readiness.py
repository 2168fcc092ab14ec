from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pandas as pd

from app.batching.readiness import Waiting, absences, awaited_day, completeness, waited
from app.files.universes import load_universes
from core.records.result import Dataset
from tools.storage.partition import Lot
from tools.storage.schema import SCHEMAS
from tools.storage.store import Store

VN = load_universes()["vn"]
DAY = date(2018, 6, 29)
SYMBOLS = ("AAA", "BBB", "CCC", "DDD")


def _stored(store: Store, dataset: Dataset, rows: list[dict[str, object]]) -> None:
    columns = SCHEMAS[dataset].columns
    frame = pd.DataFrame(rows).reindex(columns=list(columns))
    for name in SCHEMAS[dataset].stamps:
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    for name in SCHEMAS[dataset].numbers:
        frame[name] = frame[name].astype("float64")
    for name in SCHEMAS[dataset].text:
        frame[name] = frame[name].astype("str")
    digest = uuid4().hex * 2
    lot = Lot(dataset=dataset, origin="test", input_sha256=digest, recipe_sha256=digest)
    store.write("vn", frame, lot)


def _prices(days: list[date], symbols: tuple[str, ...]) -> list[dict[str, object]]:
    return [
        {"symbol": name, "period": day, "known_at": day, "close": 10.0}
        for day in days
        for name in symbols
    ]


def _flows(days: list[date], symbols: tuple[str, ...]) -> list[dict[str, object]]:
    return [
        {"symbol": name, "investor": "foreign", "period": day, "known_at": day, "buy_bn": 1.0,
         "sell_bn": 1.0}
        for day in days
        for name in symbols
    ]  # fmt: skip


BEFORE = [DAY - timedelta(days=n) for n in range(1, 25) if (DAY - timedelta(days=n)).weekday() < 5]


def test_a_day_is_whole_when_every_usual_series_has_a_row(tmp_path: Path) -> None:
    store = Store(tmp_path)
    _stored(store, "prices", _prices(BEFORE, SYMBOLS))
    assert completeness(store, VN, "prices", DAY) == (0, 4)
    _stored(store, "prices", _prices([DAY], SYMBOLS[:3]))
    assert completeness(store, VN, "prices", DAY) == (3, 4)
    _stored(store, "prices", _prices([DAY], SYMBOLS))
    assert completeness(store, VN, "prices", DAY) == (4, 4)
    assert absences({"vn": DAY}, {"vn": VN}, store, ("prices",)) == ()


def test_a_series_that_ended_before_is_not_waited_for(tmp_path: Path) -> None:
    store = Store(tmp_path)
    _stored(store, "prices", _prices(BEFORE, SYMBOLS[:3]))
    _stored(store, "prices", _prices(BEFORE[-3:], SYMBOLS[3:]))
    assert completeness(store, VN, "prices", DAY) == (0, 3)


def test_what_no_market_publishes_is_not_missing(tmp_path: Path) -> None:
    us = load_universes()["us"]
    assert absences({"us": DAY}, {"us": us}, Store(tmp_path), ("foreign",)) == ()


def test_it_waits_until_all_is_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    _stored(store, "flows", _flows(BEFORE, SYMBOLS))
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            _stored(store, "flows", _flows([DAY], SYMBOLS))

    waiting = Waiting(("foreign",), time(18, 30), sleep=sleep)
    at_noon = datetime(2018, 6, 29, 5, tzinfo=UTC)
    heard: list[str] = []
    missing = waited(
        {"vn": DAY}, {"vn": VN}, store, waiting=waiting, clock=lambda: at_noon, tell=heard.append
    )
    assert missing == ()
    assert len(slept) == 2
    assert heard[0] == "waiting until 18:30 for vn foreign: 0 of 4 on 2018-06-29"


def test_when_the_time_is_up_it_says_what_it_runs_without(tmp_path: Path) -> None:
    store = Store(tmp_path)
    _stored(store, "flows", _flows(BEFORE, SYMBOLS))
    _stored(store, "flows", _flows([DAY], SYMBOLS[:2]))
    now = [datetime(2018, 6, 29, 11, 29, tzinfo=UTC)]  # 18:29 in Ho Chi Minh City

    def sleep(seconds: float) -> None:
        now[0] += timedelta(seconds=seconds)

    waiting = Waiting(("foreign",), time(18, 30), sleep=sleep)
    missing = waited(
        {"vn": DAY}, {"vn": VN}, store, waiting=waiting, clock=lambda: now[0], tell=lambda _: None
    )
    assert [(row.dataset, row.have, row.expected) for row in missing] == [("foreign", 2, 4)]
    assert now[0] == datetime(2018, 6, 29, 11, 30, tzinfo=UTC)


def test_the_time_is_up_once_also_after_midnight(tmp_path: Path) -> None:
    store = Store(tmp_path)
    now = [datetime(2018, 6, 29, 16, 58, 50, tzinfo=UTC)]  # 23:58:50 in Ho Chi Minh City

    def sleep(_: float) -> None:
        now[0] += timedelta(minutes=3)
        assert now[0].hour < 18

    waited(
        {"vn": DAY}, {"vn": VN}, store, waiting=Waiting(("foreign",), time(23, 59), sleep=sleep),
        clock=lambda: now[0], tell=lambda _: None,
    )  # fmt: skip
    assert now[0] == datetime(2018, 6, 29, 17, 1, 50, tzinfo=UTC)


def test_a_batch_on_a_sunday_is_about_friday() -> None:
    assert awaited_day(VN, datetime(2018, 7, 1, 3, tzinfo=UTC)) == DAY
