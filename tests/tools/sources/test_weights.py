from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ImportRejectedError
from core.records.universe import Universe
from tests.tools.sources.conftest import packaged
from tools.sources.files import RawFile
from tools.sources.mapping import guess_mapping
from tools.sources.reading import Reading
from tools.sources.weights import weight_rows
from tools.storage.schema import SCHEMAS, empty_frame

ReadingOf = Callable[..., Reading]
NOBODY = empty_frame("members")[["symbol", "sector", "start", "end"]]
DAY = "2024-06-28"


def sector_file(universe: Universe, weights: list[float], **columns: object) -> pd.DataFrame:
    names = [sector.name_en for sector in universe.sectors][: len(weights)]
    return pd.DataFrame({"date": DAY, "sector": names, "weight": weights} | columns)


def held(*spells: tuple[str, str, str, str | None]) -> pd.DataFrame:
    rows = pd.DataFrame(spells, columns=["symbol", "sector", "start", "end"])
    for name in ("start", "end"):
        rows[name] = pd.to_datetime(rows[name]).astype("datetime64[us]")
    return rows


def by_sector(rows: pd.DataFrame) -> dict[str, float]:
    weights = dict(zip(rows["sector"].astype(str), rows["weight"].astype(float), strict=True))
    return {sector: weight for sector, weight in weights.items() if weight}


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_percent_and_fractions_become_fractions(
    us: Universe, reading_of: ReadingOf, scale: float
) -> None:
    frame = sector_file(us, [0.6 * scale, 0.3 * scale, 0.1 * scale])
    rows = weight_rows(reading_of(frame, "weights", us), NOBODY)
    assert by_sector(rows) == pytest.approx({"technology": 0.6, "financials": 0.3, "energy": 0.1})
    assert set(rows["benchmark"]) == {"spy"}
    assert set(rows["source"]) == {"file.csv"}
    assert list(rows.columns) == [*SCHEMAS["weights"].columns, "row"]


def test_a_table_holds_every_sector_so_that_a_later_one_replaces_it_whole(
    us: Universe, reading_of: ReadingOf
) -> None:
    rows = weight_rows(reading_of(sector_file(us, [60.0, 40.0]), "weights", us), NOBODY)
    assert rows["sector"].tolist() == list(us.sector_ids)
    assert (rows["weight"] == 0.0).sum() == 9


@pytest.mark.parametrize(("last", "said"), [(10.6, "100.60 %"), (9.4, "99.40 %"), (0.0, "90.00 %")])
def test_weights_that_do_not_add_up_are_refused_with_their_sum(
    us: Universe, reading_of: ReadingOf, last: float, said: str
) -> None:
    reading = reading_of(sector_file(us, [60.0, 30.0, last]), "weights", us)
    with pytest.raises(ImportRejectedError, match=rf"spy on 2024-06-28 add up to {said}"):
        weight_rows(reading, NOBODY)


@pytest.mark.parametrize("last", [10.5, 9.5])
def test_half_a_percent_is_rounding_and_made_whole(
    us: Universe, reading_of: ReadingOf, last: float
) -> None:
    rows = weight_rows(reading_of(sector_file(us, [60.0, 30.0, last]), "weights", us), NOBODY)
    assert rows["weight"].sum() == pytest.approx(1.0, abs=1e-12)
    assert by_sector(rows)["technology"] == pytest.approx(60.0 / (90.0 + last))


def test_stocks_count_for_the_sector_they_are_in_at_the_date(
    us: Universe, reading_of: ReadingOf
) -> None:
    members = held(
        ("AAPL", "technology", "1900-01-01", None),
        ("V", "technology", "1900-01-01", "2023-03-17"),
        ("V", "financials", "2023-03-17", None),
    )
    frame = pd.DataFrame(
        {"date": ["2023-03-16"] * 2 + ["2023-03-17"] * 2, "ticker": ["AAPL", "V"] * 2,
         "weight": [55.0, 45.0] * 2}
    )  # fmt: skip
    rows = weight_rows(reading_of(frame, "weights", us), members)
    before, after = (part for _, part in rows.groupby("period"))
    assert by_sector(before) == {"technology": 1.0}
    assert by_sector(after) == pytest.approx({"technology": 0.55, "financials": 0.45})


def test_a_stock_of_no_sector_is_named_when_the_rest_does_not_add_up(
    us: Universe, reading_of: ReadingOf
) -> None:
    members = held(("AAPL", "technology", "1900-01-01", None))
    frame = pd.DataFrame({"date": DAY, "ticker": ["AAPL", "CASH"], "weight": [90.0, 10.0]})
    with pytest.raises(ImportRejectedError, match=r"90.00 %.*no sector: CASH"):
        weight_rows(reading_of(frame, "weights", us), members)


def test_a_little_cash_stays_beside_the_table_to_be_told(
    us: Universe, reading_of: ReadingOf
) -> None:
    members = held(("AAPL", "technology", "1900-01-01", None))
    frame = pd.DataFrame({"date": DAY, "ticker": ["AAPL", "CASH"], "weight": [99.7, 0.3]})
    rows = weight_rows(reading_of(frame, "weights", us), members)
    assert by_sector(rows[rows["sector"].notna()]) == {"technology": 1.0}
    assert rows["row"][rows["sector"].isna()].tolist() == [2]


def test_dates_and_benchmarks_are_tables_of_their_own(us: Universe, reading_of: ReadingOf) -> None:
    one = sector_file(us, [60.0, 40.0], index="spy", known_at="2024-07-02")
    other = sector_file(us, [50.0, 50.0], index="RSP", date="2024-07-31", known_at="")
    frame = pd.concat([one, other], ignore_index=True)
    rows = weight_rows(reading_of(frame, "weights", us), NOBODY)
    told = rows.groupby("benchmark").first()
    assert told["period"].dt.date.astype(str).to_dict() == {"rsp": "2024-07-31", "spy": DAY}
    assert told["known_at"].dt.date.astype(str).tolist() == ["2024-07-31", "2024-07-02"]
    assert told["assumed"].tolist() == [True, False]


def test_a_negative_weight_and_an_unknown_benchmark_are_refused(
    us: Universe, reading_of: ReadingOf
) -> None:
    with pytest.raises(ImportRejectedError, match="hold a negative one"):
        weight_rows(reading_of(sector_file(us, [110.0, -10.0]), "weights", us), NOBODY)
    frame = sector_file(us, [60.0, 40.0], benchmark="spx")
    with pytest.raises(ImportRejectedError, match="no benchmark 'spx': use one of spy"):
        weight_rows(reading_of(frame, "weights", us), NOBODY)


def test_the_default_benchmark_is_shown_in_the_mapping(us: Universe, reading_of: ReadingOf) -> None:
    mapping = reading_of(sector_file(us, [60.0, 40.0]), "weights", us).mapping
    row = next(item for item in mapping.rows if item.field == "benchmark")
    assert (row.constant, row.how) == ("spy", "default")


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=11), st.booleans())
@settings(max_examples=40)
def test_stored_fractions_always_sum_to_one(parts: list[float], percent: bool) -> None:
    us = packaged("us")
    whole = np.array(parts) / sum(parts) * (100.0 if percent else 1.0)
    frame = sector_file(us, whole.tolist())
    mapping = guess_mapping(frame, "weights", us, file="f.csv")
    rows = weight_rows(Reading(RawFile("f.csv", "0" * 64, frame), mapping, us), NOBODY)
    assert rows["weight"].sum() == pytest.approx(1.0, abs=1e-9)
