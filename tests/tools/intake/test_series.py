"""Alternative data on their way from a file to a factor."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.records.universe import Universe
from core.signals.catalogue import factor_values
from tests.tools.sources.conftest import packaged
from tools.intake.importing import Imported, ImportWords, imported
from tools.storage.panels import market_panels
from tools.storage.store import Store

TODAY = date(2025, 1, 2)
DAYS = pd.bdate_range("2022-01-03", "2024-06-28")


@pytest.fixture(scope="module")
def us() -> Universe:
    return packaged("us")


@pytest.fixture
def store(tmp_path: Path, us: Universe) -> Store:
    """Two and a half years of three funds, and two stocks of technology."""
    rng = np.random.default_rng(1)
    closes = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, (len(DAYS), 3)), axis=0))
    lines = [
        f"{ticker},{day.date()},{closes[row, place]:.4f}"
        for place, ticker in enumerate(("SPY", "XLK", "XLF"))
        for row, day in enumerate(DAYS)
    ]
    found = Store(tmp_path / "home")
    imported(found, (_file(tmp_path, "prices", "ticker,date,close", *lines),), "prices", us)
    members = _file(tmp_path, "members", "symbol,sector", "AAPL,Technology", "MSFT,Technology")
    imported(found, (members,), "members", us)
    return found


def _file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def series(
    store: Store, us: Universe, folder: Path, *lines: str, units: dict[str, str] | None = None
) -> Imported:
    path = _file(folder, "buzz", *lines)
    words = ImportWords(units=units or {})
    (result,) = imported(store, (path,), "series", us, words, today=TODAY)
    return result


def weekly(subject: str, seed: int) -> list[str]:
    values = np.random.default_rng(seed).normal(50, 5, len(DAYS[::5]))
    return [f"{day.date()},{subject},{value:.6f}" for day, value in zip(DAYS[::5], values,
            strict=True)]  # fmt: skip


def test_an_imported_series_is_a_signal_of_its_sectors(
    store: Store, us: Universe, tmp_path: Path
) -> None:
    lines = [*weekly("Technology", 1), *weekly("XLF", 2)]
    result = series(store, us, tmp_path, "date,subject,value", *lines, units={"lag": "2d"})
    assert (result.stored, result.rejected_count) == (True, 0)
    panels = market_panels(store, us)
    values = {v.sector: v for v in factor_values(panels, as_of=panels.last) if
              v.factor == "alt_buzz"}  # fmt: skip
    assert values["technology"].value is not None
    assert values["financials"].value is not None
    assert values["energy"].value is None
    (source,) = [part for part in store.sources("us") if part.dataset == "series"]
    assert source.assumed_known_at


def test_a_subject_of_another_world_is_rejected_by_line(
    store: Store, us: Universe, tmp_path: Path
) -> None:
    lines = ("date,subject,value", "2024-01-05,Technology,1", "2024-01-05,VCB,2", "x,XLF,3")
    result = series(store, us, tmp_path, *lines, "2024-01-05,MSFT,n/a")
    found = {item.kind: item for item in result.findings}
    assert (found["unlisted_subject"].line, found["unlisted_subject"].symbol) == (3, "VCB")
    assert found["no_date"].line == 4
    assert found["no_value"].line == 5
    assert (result.rows_count, result.rejected_count) == (1, 3)


def test_every_revision_stays_and_counts_from_its_own_day(
    store: Store, us: Universe, tmp_path: Path
) -> None:
    head = "date,known_at,subject,value"
    series(store, us, tmp_path, head, "2024-01-05,2024-01-08,XLK,1")
    series(store, us, tmp_path, head, "2024-01-05,2024-02-08,XLK,9")
    table = market_panels(store, us).series
    assert table is not None
    assert table.rows["value"].tolist() == [1.0, 9.0]
    assert table.until(date(2024, 2, 7)).rows["value"].tolist() == [1.0]


def test_of_a_news_file_only_tones_and_the_plain_titles_of_sound_rows_are_stored(
    store: Store, us: Universe, tmp_path: Path
) -> None:
    name, writer = "Zyxwvut", "Qwertzu"
    texts = [
        f"2024-01-0{day},{subject},{name} shares {verb} unexpectedly"
        for day, subject, verb in (
            (4, "XLK", "surge"), (4, "XLK", "plunge"), (5, "AAPL", "rally"),
            (5, "NOBODY", "tumble"), (name, "XLK", "soar"),
        )
    ]  # fmt: skip
    blank = f'2024-01-08,XLF,"  ",{writer}'
    path = _file(
        tmp_path,
        "buzz",
        "date,symbol,headline,author",
        *(f"{row},{writer}" for row in texts),
        blank,
    )
    result, shown = imported(store, (path,), "series", us, today=TODAY)
    for found in (result, shown):
        assert {count.kind: count.rows_count for count in found.finding_counts} == {
            "no_date": 1, "no_value": 1, "unlisted_subject": 1,
        }  # fmt: skip
        assert name.lower() not in found.model_dump_json(exclude={"mapping"}).lower()
    table = market_panels(store, us).series
    assert table is not None
    assert set(table.rows["series"]) == {"news_sentiment", "news_count"}
    assert [title.split()[2] for title in store.read("us", "news")["title"]] == [
        "rally", "plunge", "surge",
    ]  # fmt: skip
    for part in store.root.rglob("*"):
        content = part.read_bytes().lower() if part.is_file() else b""
        assert all(word.encode() not in content for word in ("qwertzu", "nobody", "soar", "tumble"))
        assert part.parent.name == "news" or name.lower().encode() not in content
