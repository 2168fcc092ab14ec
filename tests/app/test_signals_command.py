"""The signals on the command line, and a user's own series among them."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from core.signals.catalogue import FACTORS
from tests.app.command import sectorwise


def test_the_list_declares_every_signal(tmp_path: Path) -> None:
    found = sectorwise("signals", "--list", "--json", home=tmp_path).json()
    assert isinstance(found, list)
    assert [spec["id"] for spec in found] == [spec.id for spec in FACTORS]
    assert all(spec["formula"] and spec["lag"] and spec["source"] for spec in found)
    one = sectorwise("signals", "--list", "--signal", "roe", home=tmp_path).out
    assert "Haugen and Baker (1996)" in one
    assert "excess_1m" not in one


def test_the_panel_holds_weekly_values_as_known_then(demo_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "panel.parquet"
    asked = ("--signal", "excess_1m", "--signal", "lead_lag_1w", "--since", "2022-01-01")
    ran = sectorwise(
        "signals", "-u", "demo", *asked, "--as-of", "2023-06-30", "--out", str(out), "--json",
        home=demo_home,
    )  # fmt: skip
    told = ran.json()
    assert isinstance(told, dict), ran.error
    assert (told["signals"], told["synthetic"], told["last"]) == (2, True, "2023-06-30")
    table = duckdb.read_parquet(str(out)).df()
    assert len(table) == told["rows"]
    assert table["date"].max() == pd.Timestamp("2023-06-30")
    assert table["date"].min() >= pd.Timestamp("2022-01-01")
    later = tmp_path / "later.csv"
    sectorwise("signals", "-u", "demo", *asked, "--out", str(later), home=demo_home)
    whole = pd.read_csv(later, parse_dates=["date"])
    same = whole[whole["date"] <= "2023-06-30"].reset_index(drop=True)
    assert same["value"].tolist() == table["value"].tolist()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-u", "demo"), "give --out FILE"),
        (("--out", "x.csv"), "give --universe ID"),
        (("-u", "demo", "--out", "x.doc"), "ends in .parquet or .csv"),
        (("-u", "demo", "--out", "x.csv", "--signal", "nope"), "'nope' is unknown: use one of"),
        (("-u", "demo", "--out", "x.csv", "--since", "2030-01-01"), "2030-01-01"),
    ],
)
def test_a_wrong_word_is_told_in_one_sentence(
    demo_home: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = sectorwise("signals", *arguments, home=demo_home)
    assert ran.code == 2
    assert said in ran.error
    assert len(ran.error.strip().splitlines()) == 1


def test_a_series_and_news_are_imported_shown_and_listed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    days = pd.bdate_range("2023-01-02", "2024-01-31")
    prices = tmp_path / "prices.csv"
    prices.write_text("ticker,date,close\n" + "".join(
        f"{name},{day.date()},{100 + n % 7}\n" for name in ("SPY", "XLK", "XLF")
        for n, day in enumerate(days)
    ))  # fmt: skip
    sectorwise("import", "-u", "us", "--prices", str(prices), home=home)
    buzz = tmp_path / "web_traffic.csv"
    buzz.write_text("date,Technology,Financials\n" + "".join(
        f"{day.date()},{n % 11},{n % 5}\n" for n, day in enumerate(days)
    ))  # fmt: skip
    news = tmp_path / "news.csv"
    news.write_text("date,sector,headline\n" + "".join(
        f"{day.date()},Technology,{'Strong growth' if n % 3 else 'Profit warning'}\n"
        for n, day in enumerate(days)
    ))  # fmt: skip
    ran = sectorwise("import", "-u", "us", "--series", str(buzz), "--unit", "lag=2d", home=home)
    assert ran.code == 0, ran.error
    assert "= 2d" in ran.out
    ran = sectorwise("import", "-u", "us", "--news", str(news), home=home)
    assert ran.code == 0, ran.error
    out = tmp_path / "own.csv"
    own = ("alt_web_traffic", "alt_news_sentiment", "alt_news_count")
    asked = [word for name in own for word in ("--signal", name)]
    listed = sectorwise("signals", "-u", "us", "--list", *asked, "--json", home=home).json()
    assert isinstance(listed, list)
    assert {spec["id"] for spec in listed} == set(own)
    ran = sectorwise("signals", "-u", "us", *asked, "--out", str(out), home=home)
    assert ran.code == 0, ran.error
    table = pd.read_csv(out)
    assert set(table["signal"]) == set(own)
    assert set(table["sector"]) == {"technology", "financials"}
