import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from tests.app.command import Ran, sectorwise
from tests.servers.edgar import EdgarServer, Filer, Submission, fact, table
from tests.servers.ssi import Account, Day, SsiServer
from tools.storage.store import Store

CLIENT, SECRET = "client-" + "c" * 25, "secret-" + "s" * 25
DAYS = [stamp.date() for stamp in pd.bdate_range("2024-05-02", "2024-06-28")]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def edgar() -> Iterator[EdgarServer]:
    sales = [fact("2024-01-01", "2024-03-31", 10e9, "2024-05-02")]
    server = EdgarServer({"AAPL": 1, "BRK-B": 2}, {1: {"Revenues": {"USD": sales}}}, {})
    with server.serving():
        yield server


@pytest.fixture
def ssi() -> Iterator[SsiServer]:
    stock = {day: Day(60_000.0, 60_000.0, 1e5, 1e9, 30e9, 10e9) for day in DAYS}
    index = {day: Day(1200.0 + place, 0.0, 8e8) for place, day in enumerate(DAYS)}
    server = SsiServer({"FPT": stock}, {"VNINDEX": index, "VN30": index}, Account(CLIENT, SECRET))
    with server.serving():
        yield server


def _members(home: Path, universe: str, rows: str) -> None:
    path = home / "members.csv"
    path.write_text(f"symbol,sector_id,start\n{rows}", encoding="utf-8")
    ran = sectorwise("import", "-u", universe, "--members", str(path), home=home)
    assert ran.code == 0, ran.error


def _edgar(home: Path, server: EdgarServer, *more: str, **env: str) -> Ran:
    urls = json.dumps({"edgar": server.base_url, "edgar_data": server.base_url})
    settings = {"SECTORWISE_SOURCE_URLS": urls, "SECTORWISE_SOURCE_PAUSE_SECONDS": "0", **env}
    return sectorwise("sync", "us", "--source", "edgar", *more, home=home, env=settings)


def _ssi(home: Path, server: SsiServer, *more: str, secret: str = SECRET) -> Ran:
    settings = {
        "SECTORWISE_SOURCE_URLS": json.dumps({"ssi": server.base_url}),
        "SECTORWISE_SOURCE_PAUSE_SECONDS": "0",
        "SECTORWISE_SSI_ID": CLIENT,
        "SECTORWISE_SSI_SECRET": secret,
    }
    words = ("sync", "vn", "--source", "ssi", "--until", str(DAYS[-1]))
    return sectorwise(*words, *more, home=home, env=settings)


def test_statements_are_stored_by_the_day_they_were_filed(home: Path, edgar: EdgarServer) -> None:
    _members(home, "us", "AAPL,technology,2020-01-01\n")
    who = "Jane Doe jane@example.com"
    ran = _edgar(home, edgar, "--datasets", "fundamentals", SECTORWISE_SEC_IDENTITY=who)
    assert ran.code == 0, ran.error
    (row,) = Store(home).read("us", "fundamentals").itertuples()
    assert (row.symbol, row.line, row.value) == ("AAPL", "revenue", 10.0)
    assert row.known_at == pd.Timestamp("2024-05-02")
    assert {asked.headers["user-agent"] for asked in edgar.requests} == {who}


def test_a_second_run_stores_no_statement_twice(home: Path, edgar: EdgarServer) -> None:
    _members(home, "us", "AAPL,technology,2020-01-01\n")
    words, who = ("--datasets", "fundamentals"), "j@example.com"
    assert _edgar(home, edgar, *words, SECTORWISE_SEC_IDENTITY=who).code == 0
    ran = _edgar(home, edgar, *words, SECTORWISE_SEC_IDENTITY=who)
    assert ran.code == 0, ran.error
    assert "nothing new" in ran.out
    assert len(Store(home).read("us", "fundamentals")) == 1


@pytest.mark.skipif(find_spec("edgar") is not None, reason="the extra `sec` is installed")
def test_holdings_without_their_extra_say_which_one(home: Path, edgar: EdgarServer) -> None:
    _members(home, "us", "AAPL,technology,2020-01-01\n")
    filing = Submission("0000000001-24-000001", "2024-03-31", "2024-05-15", table())
    edgar.managers[5] = Filer([filing])
    env = {"SECTORWISE_SEC_MANAGERS": '{"Somebody": 5}', "SECTORWISE_SEC_IDENTITY": "j@example.com"}
    ran = _edgar(home, edgar, **env)
    assert ran.code != 0
    assert "extra `sec`" in ran.error
    assert len(Store(home).read("us", "fundamentals")) == 1


def test_the_sec_is_not_asked_by_nobody(home: Path, edgar: EdgarServer) -> None:
    ran = _edgar(home, edgar)
    assert ran.code != 0
    assert "SECTORWISE_SEC_IDENTITY" in ran.error
    assert edgar.requests == []
    ran = _edgar(home, edgar, SECTORWISE_SEC_IDENTITY="nobody\nx-evil: 1")
    assert ran.code != 0
    assert edgar.requests == []


def test_vietnamese_prices_and_foreign_flows_are_stored_and_then_only_what_is_new(
    home: Path, ssi: SsiServer
) -> None:
    _members(home, "vn", "FPT,technology,2020-01-01\n")
    ran = _ssi(home, ssi, "--since", str(DAYS[0]))
    assert ran.code == 0, ran.error
    prices, flows = (Store(home).read("vn", name) for name in ("prices", "flows"))
    assert set(prices["symbol"]) == {"VNINDEX", "VN30", "FPT"}
    assert prices.loc[prices["symbol"] == "FPT", "close"].tolist() == [60.0] * len(DAYS)
    assert flows["buy_bn"].tolist() == [30.0] * len(DAYS)
    assert {part.origin for part in Store(home).partitions("vn")} >= {
        "SSI daily prices", "SSI foreign trading",
    }  # fmt: skip
    ran = _ssi(home, ssi)
    assert ran.code == 0, ran.error
    assert ran.out.count("nothing new") == 2


def test_keys_of_ssi_are_asked_for_and_shown_nowhere(home: Path, ssi: SsiServer) -> None:
    ran = sectorwise("sync", "vn", "--source", "ssi", home=home)
    assert ran.code != 0
    assert "SECTORWISE_SSI_ID" in ran.error
    _members(home, "vn", "FPT,technology,2020-01-01\n")
    ran = _ssi(home, ssi, secret="wrong-" + SECRET)
    assert ran.code != 0
    assert "SECTORWISE_SSI_SECRET" in ran.error
    files = [path for path in home.rglob("*") if path.is_file()]
    for text in (ran.out, ran.error, *(path.read_text("utf-8", "replace") for path in files)):
        assert SECRET not in text
        assert CLIENT not in text
