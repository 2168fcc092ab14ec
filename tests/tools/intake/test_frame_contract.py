from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ImportRejectedError
from core.records.calendar import Calendar, CalendarYear
from tools.intake.finding_book import Judgement
from tools.intake.frame_contract import checked
from tools.storage.schema import SCHEMAS, empty_frame

JUDGEMENT = Judgement(file="file.csv", dataset="prices", currency="VND")


def _rows(closes: list[float], *, symbol: str = "FPT", first: str = "2024-01-01") -> pd.DataFrame:
    """Return business days of closes with a volume, row numbers from 1."""
    days = pd.bdate_range(first, periods=len(closes)).as_unit("us")
    rows = empty_frame("prices").reindex(range(len(closes)))
    rows["symbol"] = pd.Series([symbol] * len(closes), dtype="str")
    rows["period"] = rows["known_at"] = days
    rows["close"], rows["volume"] = closes, 100.0
    return rows.assign(row=np.arange(1, len(closes) + 1))


def _kinds(rows: pd.DataFrame, judgement: Judgement = JUDGEMENT) -> dict[str, int]:
    return {count.kind: count.rows_count for count in checked(rows, judgement).counts}


def _walk(count: int = 40) -> list[float]:
    return [100.0 * 1.01 ** (i % 7) for i in range(count)]


def test_a_sound_file_has_no_findings_and_keeps_all_rows() -> None:
    found = checked(_rows(_walk()), JUDGEMENT)
    assert found.findings == ()
    assert len(found.rows) == 40
    assert tuple(found.rows.columns) == SCHEMAS["prices"].columns


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("symbol", None, "no_symbol"),
        ("period", pd.NaT, "no_date"),
        ("period", pd.Timestamp("2024-01-06"), "weekend"),
        ("close", np.inf, "non_finite"),
        ("close", 0.0, "negative"),
        ("close", -3.0, "negative"),
        ("close", np.nan, "no_value"),
    ],
)
def test_an_unusable_row_is_left_out_with_its_file_row_and_symbol(
    column: str, value: object, kind: str
) -> None:
    rows = _rows(_walk())
    rows[column] = rows[column].where(rows["row"] != 5, value)
    found = checked(rows, JUDGEMENT)
    finding = found.findings[0]
    assert (finding.kind, finding.severity) == (kind, "rejected")
    assert (finding.file, finding.row) == ("file.csv", 5)
    assert finding.symbol == (None if column == "symbol" else "FPT")
    assert len(found.rows) == 39


def test_of_rows_with_one_key_the_last_in_the_file_stands() -> None:
    rows = pd.concat([_rows(_walk()), _rows([123.0])], ignore_index=True)
    rows["row"] = np.arange(1, len(rows) + 1)
    found = checked(rows, JUDGEMENT)
    assert found.rows["close"].iloc[0] == 123.0
    assert [(item.kind, item.row) for item in found.findings if item.kind == "duplicated"] == [
        ("duplicated", 1)
    ]


def test_an_unsorted_file_is_sorted_and_said_so_once() -> None:
    rows = _rows(_walk()).iloc[::-1].reset_index(drop=True)
    found = checked(rows, JUDGEMENT)
    assert found.rows["period"].is_monotonic_increasing
    assert _kinds(rows) == {"unsorted": 1}


def test_a_day_off_by_half_and_back_is_left_out() -> None:
    """VNINDEX 2007-07-23 was typed 445.59 for 979.23."""
    rows = _rows([950.0, 979.0, 981.21, 445.59, 975.0, 970.0] * 3, symbol="VNINDEX")
    found = checked(rows.head(6), JUDGEMENT)
    spike = next(item for item in found.findings if item.kind == "spike")
    assert spike.row == 4
    assert spike.value == pytest.approx(-0.545877, abs=1e-4)
    assert 445.59 not in found.rows["close"].tolist()


def test_a_fall_that_stays_is_no_spike() -> None:
    assert "spike" not in _kinds(_rows([100.0] * 3 + [50.0] * 3))


def test_two_falls_in_a_row_are_no_spike() -> None:
    assert "spike" not in _kinds(_rows([100.0, 100.0, 75.0, 55.0, 55.0]))


def test_elsewhere_a_third_down_and_back_is_believed() -> None:
    dollars = JUDGEMENT.model_copy(update={"currency": "USD"})
    assert "spike" not in _kinds(_rows([25.6, 17.7, 24.4, 24.0]), dollars)
    assert "spike" in _kinds(_rows([25.6, 17.7, 24.4, 24.0]), JUDGEMENT)


@pytest.mark.parametrize("factor", [100.0, 1000.0])
def test_rows_in_another_unit_are_left_out(factor: float) -> None:
    closes = _walk()
    closes[30:34] = [close * factor for close in closes[30:34]]
    found = checked(_rows(closes), JUDGEMENT)
    assert {item.row for item in found.findings if item.kind == "wrong_unit"} == {31, 32, 33, 34}
    shown = [item.value for item in found.findings if item.kind == "wrong_unit"]
    assert shown == pytest.approx([factor] * 4)
    assert found.rows["close"].max() < 200.0


def test_a_jump_by_a_splits_ratio_is_marked_unless_the_split_is_told() -> None:
    rows = _rows([100.0] * 3 + [50.0] * 3)
    found = checked(rows, JUDGEMENT)
    marked = next(item for item in found.findings if item.kind == "unadjusted_split")
    assert (marked.severity, marked.row) == ("flagged", 4)
    assert len(found.rows) == 6
    rows.loc[3, "split"] = 2.0
    assert "unadjusted_split" not in _kinds(rows)


def test_a_move_beyond_the_exchanges_limit_is_marked_in_vietnam_only() -> None:
    rows = _rows([100.0, 149.0, 150.0])
    assert "beyond_limit" in _kinds(rows)
    assert "beyond_limit" not in _kinds(rows, JUDGEMENT.model_copy(update={"currency": "USD"}))


def test_a_price_that_stands_still_for_two_weeks_is_marked_once_with_its_length() -> None:
    found = checked(_rows(_walk() + [50.0 * 1.9] * 10), JUDGEMENT)
    stale = [item for item in found.findings if item.kind == "stale"]
    assert [(item.row, item.value) for item in stale] == [(41, 10.0)]
    assert "stale" not in _kinds(_rows(_walk() + [95.0] * 9))


def test_missing_sessions_are_marked_against_the_files_own_calendar() -> None:
    both = pd.concat([_rows(_walk()), _rows(_walk(), symbol="ACB")], ignore_index=True)
    both["row"] = np.arange(1, len(both) + 1)
    assert "gap" not in _kinds(both.drop(range(10, 14)))
    found = checked(both.drop(range(10, 15)), JUDGEMENT)
    gap = next(item for item in found.findings if item.kind == "gap")
    assert (gap.row, gap.symbol, gap.value) == (16, "FPT", 5.0)


def test_single_impossible_cells_are_taken_as_missing() -> None:
    rows = _rows(_walk())
    rows.loc[2, "volume"] = -5.0
    rows.loc[3, "value_bn"] = np.inf
    found = checked(rows, JUDGEMENT)
    assert _kinds(rows) == {"cell_cleared": 2}
    assert np.isnan(found.rows["volume"].iloc[2])
    assert np.isnan(found.rows["value_bn"].iloc[3])
    assert len(found.rows) == 40


def test_zero_volume_and_bars_out_of_order_are_marked() -> None:
    rows = _rows(_walk())
    rows.loc[2, "volume"] = 0.0
    rows.loc[3, ["low", "high", "open"]] = [90.0, 91.0, 90.5]
    assert _kinds(rows) == {"zero_volume": 1, "ohlc_order": 1}


def test_foreign_ownership_that_vanishes_is_missing_not_zero() -> None:
    rows = _rows(_walk(4))[["symbol", "period", "known_at", "row"]].assign(
        investor="foreign", buy_bn=1.0, sell_bn=1.0, own_pct=[49.0, 0.0, 49.0, 140.0]
    )
    found = checked(rows, JUDGEMENT.model_copy(update={"dataset": "flows"}))
    assert found.rows["own_pct"].isna().tolist() == [False, True, False, True]
    assert {item.kind for item in found.findings} == {"zero_ownership", "cell_cleared"}


def test_a_file_of_which_nothing_is_left_is_refused_with_the_reason() -> None:
    rows = _rows(_walk()).assign(period=np.datetime64("NaT", "us"))
    with pytest.raises(
        ImportRejectedError, match=r"file\.csv: nothing .* in 40 rows, the first is row 1"
    ):
        checked(rows, JUDGEMENT)


def test_only_fifty_findings_of_a_kind_are_kept_and_all_are_counted() -> None:
    rows = _rows(_walk(120)).assign(volume=0.0)
    found = checked(rows, JUDGEMENT)
    assert len(found.findings) == 50
    assert found.counts[0].rows_count == 120


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_stored_is_unique_ordered_finite_and_positive(data: st.DataObject) -> None:
    cells = st.one_of(st.floats(1.0, 200.0), st.sampled_from([np.nan, np.inf, -1.0, 0.0]))
    count = data.draw(st.integers(1, 30))
    rows = pd.concat(
        [
            _rows([50.0]),
            _rows(data.draw(st.lists(cells, min_size=count, max_size=count)), symbol="ACB"),
        ]
    )
    rows = rows.sample(frac=1.0, random_state=data.draw(st.integers(0, 99)), replace=True)
    rows = pd.concat([_rows([50.0], first="2023-01-02"), rows]).reset_index(drop=True)
    rows["row"] = np.arange(1, len(rows) + 1)
    found = checked(rows, JUDGEMENT).rows
    key = found[["symbol", "period"]]
    assert not key.duplicated().any()
    assert key.equals(key.sort_values(["symbol", "period"]).reset_index(drop=True))
    assert np.isfinite(found["close"]).all()
    assert (found["close"] > 0.0).all()


def test_a_row_of_a_closed_day_is_left_out_and_counted_but_not_one_of_a_halt() -> None:
    """Rows on 1, 2, 3, 4 and 5 January 2024; the first is a holiday, on the third HOSE stood."""
    year = CalendarYear(year=2024, closed=(date(2024, 1, 1),), halted=(date(2024, 1, 3),))
    calendar = Calendar(id="own", years=(year,))
    found = checked(_rows(_walk(5)), JUDGEMENT.model_copy(update={"calendar": calendar}))
    assert [(c.kind, c.rows_count) for c in found.counts] == [("not_a_session", 1)]
    assert (found.findings[0].row, found.findings[0].severity) == (1, "rejected")
    assert len(found.rows) == 4


def test_a_year_the_calendar_does_not_cover_is_not_judged() -> None:
    calendar = Calendar(id="own", years=(CalendarYear(year=2023, closed=()),))
    judgement = JUDGEMENT.model_copy(update={"calendar": calendar})
    assert checked(_rows(_walk(5)), judgement).counts == ()


def test_a_working_saturday_of_the_calendar_is_kept() -> None:
    rows = _rows(_walk(5))
    rows.loc[4, "period"] = pd.Timestamp("2024-01-06")
    assert _kinds(rows) == {"weekend": 1}
    year = CalendarYear(year=2024, closed=(), extra=(date(2024, 1, 6),))
    judgement = JUDGEMENT.model_copy(update={"calendar": Calendar(id="own", years=(year,))})
    assert _kinds(rows, judgement) == {}
