from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from app.files.universes import load_universes
from core.errors import CallerError, ImportRejectedError, ProviderError
from core.records.universe import Universe
from tests.tools.sync.scripted import ScriptedUpstream, errand_of, price_rows
from tools.intake.importing import imported
from tools.storage.store import Store
from tools.sync.staging import alone
from tools.sync.syncing import synced
from tools.upstream.errors import UnavailableError
from tools.upstream.macro_frame import macro_frame

DAYS = [stamp.date() for stamp in pd.bdate_range("2024-06-03", "2024-06-28") if stamp.day != 19]
LAST = DAYS[-1]


@pytest.fixture(scope="module")
def us() -> Universe:
    return load_universes()["us"]


def _source(names: str = "XLK XLF SPY", until: date = LAST) -> ScriptedUpstream:
    closes = {day: 100.0 + place for place, day in enumerate(DAYS) if day <= until}
    return ScriptedUpstream({name: price_rows(name, closes) for name in names.split()})


def test_all_days_of_all_names_are_stored_once(tmp_path: Path, us: Universe) -> None:
    result = synced(errand_of(tmp_path, us, _source(), LAST))
    rows = Store(tmp_path).read("us", "prices")
    assert result.stored
    assert result.rows_count == len(rows) == 3 * len(DAYS)
    (source,) = Store(tmp_path).sources("us")
    assert source.origin == "Scripted prices"
    assert source.last == LAST


def test_the_next_run_asks_from_a_little_before_the_last_day_and_stores_the_new_days(
    tmp_path: Path, us: Universe
) -> None:
    synced(errand_of(tmp_path, us, _source(until=DAYS[-3]), DAYS[-3]))
    source = _source()
    result = synced(errand_of(tmp_path, us, source, LAST))
    assert {since for _, since, _ in source.asked} == {DAYS[-3] - pd.Timedelta(days=10)}
    assert result.rows_count == 3 * 2
    assert (result.first, result.last) == (DAYS[-2], LAST)
    (told,) = Store(tmp_path).sources("us")
    assert (told.first, told.last, told.rows_count) == (DAYS[0], LAST, 3 * len(DAYS))


def test_a_third_run_stores_nothing(tmp_path: Path, us: Universe) -> None:
    synced(errand_of(tmp_path, us, _source(), LAST))
    before = Store(tmp_path).fingerprint("us")
    result = synced(errand_of(tmp_path, us, _source(), LAST))
    assert not result.stored
    assert Store(tmp_path).fingerprint("us") == before


def test_a_day_one_name_lacks_waits_for_it(tmp_path: Path, us: Universe) -> None:
    source = _source()
    source.rows["XLF"] = source.rows["XLF"].iloc[:-2]
    result = synced(errand_of(tmp_path, us, source, LAST))
    assert result.last == DAYS[-3]
    assert result.held_days == tuple(DAYS[-2:])
    assert result.waiting_for == ("XLF",)
    assert synced(errand_of(tmp_path, us, _source(), LAST)).rows_count == 3 * 2


def test_a_day_whose_row_is_rejected_waits_too(tmp_path: Path, us: Universe) -> None:
    source = _source()
    closes = source.rows["XLF"]["close"].copy()
    closes.iloc[-1] = -1.0
    source.rows["XLF"] = source.rows["XLF"].assign(close=closes)
    result = synced(errand_of(tmp_path, us, source, LAST))
    assert result.held_days == (LAST,)
    assert result.rejected_count == 1


def test_a_hole_its_source_has_passed_is_a_day_without_trade(tmp_path: Path, us: Universe) -> None:
    source = _source()
    source.rows["XLF"] = source.rows["XLF"].drop(index=5).reset_index(drop=True)
    assert synced(errand_of(tmp_path, us, source, LAST)).held_days == ()


def test_a_hole_filled_later_leaves_reports_of_before_as_they_were(
    tmp_path: Path, us: Universe
) -> None:
    source = _source(until=DAYS[-3])
    hole = source.rows["XLF"]["period"] == pd.Timestamp(DAYS[10])  # the first day asked for again
    source.rows["XLF"] = source.rows["XLF"][~hole].reset_index(drop=True)
    synced(errand_of(tmp_path, us, source, DAYS[-3]))
    before = Store(tmp_path).read("us", "prices", as_of=DAYS[-3])
    assert synced(errand_of(tmp_path, us, _source(), LAST)).rows_count == 3 * 2 + 1
    after = Store(tmp_path).read("us", "prices", as_of=DAYS[-3])
    pd.testing.assert_frame_equal(before, after)
    filled = Store(tmp_path).read("us", "prices").query("symbol == 'XLF'")
    assert filled.set_index("period")["known_at"].loc[pd.Timestamp(DAYS[10])] == pd.Timestamp(LAST)


def test_history_asked_for_later_is_of_its_own_days(tmp_path: Path, us: Universe) -> None:
    synced(replace(errand_of(tmp_path, us, _source(), LAST), since=DAYS[5]))
    synced(replace(errand_of(tmp_path, us, _source(), LAST), since=DAYS[0]))
    rows = Store(tmp_path).read("us", "prices")
    assert len(rows) == 3 * len(DAYS)
    assert rows["known_at"].equals(rows["period"])


def test_a_source_that_goes_down_is_asked_only_for_the_rest_next_time(
    tmp_path: Path, us: Universe
) -> None:
    broken = _source()
    broken.patience = 2
    with pytest.raises(UnavailableError):
        synced(errand_of(tmp_path, us, broken, LAST))
    assert Store(tmp_path).partitions("us") == ()
    source = _source()
    result = synced(errand_of(tmp_path, us, source, LAST))
    assert [name for name, _, _ in source.asked] == ["SPY"]
    assert (result.asked_count, result.resumed_count) == (1, 2)
    assert result.rows_count == 3 * len(DAYS)


def test_answers_of_another_day_are_not_taken_over(tmp_path: Path, us: Universe) -> None:
    broken = _source()
    broken.patience = 2
    with pytest.raises(UnavailableError):
        synced(errand_of(tmp_path, us, broken, DAYS[-2]))
    assert synced(errand_of(tmp_path, us, _source(), LAST)).resumed_count == 0


def test_a_missing_sector_stores_nothing_and_a_missing_stock_is_named(
    tmp_path: Path, us: Universe
) -> None:
    source = _source()
    source.rows["XLF"] = source.rows["XLF"].iloc[:0]
    result = synced(errand_of(tmp_path / "a", us, source, LAST))
    assert [item.subject for item in result.absent] == ["XLF"]
    assert "XLF is unknown" in result.absent[0].sentence
    source.required = frozenset({"XLF"})
    with pytest.raises(ProviderError, match=r"XLF is unknown.*nothing was stored"):
        synced(errand_of(tmp_path / "b", us, source, LAST))
    assert Store(tmp_path / "b").partitions("us") == ()


def test_a_missing_sector_is_asked_for_again(tmp_path: Path, us: Universe) -> None:
    source = _source()
    whole = dict(source.rows)
    source.rows["XLF"] = source.rows["XLF"].iloc[:0]
    source.required = frozenset({"XLF"})
    with pytest.raises(ProviderError):
        synced(errand_of(tmp_path, us, source, LAST))
    source.rows, source.asked = whole, []
    assert synced(errand_of(tmp_path, us, source, LAST)).stored
    assert [name for name, _, _ in source.asked] == ["XLF"]


def test_an_ended_name_is_named_and_waited_for_no_longer(tmp_path: Path, us: Universe) -> None:
    source = _source()
    source.rows["XLF"] = source.rows["XLF"].iloc[:5]
    result = synced(errand_of(tmp_path, us, source, LAST))
    assert result.ended == ("XLF",)
    assert result.last == LAST


def test_a_name_the_source_no_longer_knows_holds_nobody_up(tmp_path: Path, us: Universe) -> None:
    synced(errand_of(tmp_path, us, _source(until=DAYS[-3]), DAYS[-3]))
    source = _source()
    source.rows["XLF"] = source.rows["XLF"].iloc[:0]
    result = synced(errand_of(tmp_path, us, source, LAST))
    assert [item.subject for item in result.absent] == ["XLF"]
    assert result.last == LAST


def test_a_running_session_is_never_stored(tmp_path: Path, us: Universe) -> None:
    errand = errand_of(tmp_path, us, _source(), LAST)
    noon = errand.now.replace(hour=12)
    assert synced(replace(errand, now=noon)).last == DAYS[-2]


def test_raw_rows_are_refused_beside_an_adjusted_history(tmp_path: Path, us: Universe) -> None:
    file = tmp_path / "prices.csv"
    lines = [f"XLK,{day},{100 + n},{90 + n}" for n, day in enumerate(DAYS)]
    file.write_text("\n".join(["symbol,date,close,adj_close", *lines]))
    imported(Store(tmp_path), (file,), "prices", us)
    with pytest.raises(ImportRejectedError, match="adjusted"):
        synced(errand_of(tmp_path, us, _source("XLK"), LAST))


def test_two_syncs_of_the_same_data_do_not_run_at_once(tmp_path: Path, us: Universe) -> None:
    folder = tmp_path / "sync" / "us-scripted-prices"
    with alone(folder), pytest.raises(CallerError, match="under way"):
        synced(errand_of(tmp_path, us, _source(), LAST))


def test_macro_values_get_their_declared_unit_lag_and_scale(tmp_path: Path, us: Universe) -> None:
    periods = pd.DatetimeIndex(["2024-03-01", "2024-04-01"])
    rows = macro_frame("ALTSALES", periods, pd.Index([15.5, 15.7]))
    source = ScriptedUpstream({"ALTSALES": rows}, dataset="macro")
    assert synced(errand_of(tmp_path, us, source, LAST)).stored
    stored = Store(tmp_path).read("us", "macro")
    assert stored["period"].tolist() == [pd.Timestamp("2024-03-31"), pd.Timestamp("2024-04-30")]
    assert stored["known_at"].tolist() == [pd.Timestamp("2024-04-05"), pd.Timestamp("2024-05-05")]
    assert stored["value"].tolist() == [15_500.0, 15_700.0]
    assert stored["unit"].tolist() == ["thousands"] * 2
    assert stored["assumed"].all()


def test_a_value_told_before_its_lag_has_passed_is_known_today(
    tmp_path: Path, us: Universe
) -> None:
    rows = macro_frame("WB_GDP_GROWTH", pd.DatetimeIndex(["2023-12-31"]), pd.Index([2.5]))
    source = ScriptedUpstream({"WB_GDP_GROWTH": rows}, dataset="macro")
    synced(errand_of(tmp_path, us, source, date(2024, 5, 3)))
    assert Store(tmp_path).read("us", "macro")["known_at"].tolist() == [pd.Timestamp("2024-05-03")]
    assert not synced(errand_of(tmp_path, us, source, date(2024, 5, 6))).stored


def test_what_a_killed_writer_left_is_swept_and_never_read(tmp_path: Path, us: Universe) -> None:
    folder = tmp_path / "store" / "us" / "prices"
    (folder / ".writing-dead").mkdir(parents=True)
    (folder / ".writing-dead" / "rows.parquet").write_bytes(b"half")
    (folder / "000001-abcdefabcdef.parquet").write_bytes(b"rows without a sidecar")
    synced(errand_of(tmp_path, us, _source(), LAST))
    assert not (folder / ".writing-dead").exists()
    assert len(Store(tmp_path).read("us", "prices")) == 3 * len(DAYS)


def test_bars_of_two_lengths_are_never_mixed(tmp_path: Path, us: Universe) -> None:
    def bars(minutes: int) -> ScriptedUpstream:
        starts = pd.date_range("2024-06-28 09:30", "2024-06-28 15:59", freq=f"{minutes}min")
        rows = price_rows("XLK", dict.fromkeys(starts, 100.0))
        return ScriptedUpstream({"XLK": rows}, dataset="intraday")

    assert synced(errand_of(tmp_path, us, bars(15), LAST)).stored
    with pytest.raises(ImportRejectedError, match="60 minutes long and the stored ones 15"):
        synced(errand_of(tmp_path, us, bars(60), LAST))
