from collections.abc import Callable

import pandas as pd
import pytest

from core.records.universe import Universe
from tools.sources.members import member_rows, sector_lookup
from tools.sources.reading import Reading
from tools.storage.schema import EARLIEST

ReadingOf = Callable[..., Reading]


def test_sectors_are_found_by_gics_name_and_by_icb_code(us: Universe, vn: Universe) -> None:
    assert sector_lookup(us)["information_technology"] == "technology"
    banks = next(sector for sector in vn.sectors if sector.code == "8300")
    assert sector_lookup(vn)["8300"] == banks.id


def test_every_gics_sector_and_icb_code_is_known(us: Universe, vn: Universe) -> None:
    gics = (
        "Energy", "Materials", "Industrials", "Consumer Discretionary", "Consumer Staples",
        "Health Care", "Financials", "Information Technology", "Communication Services",
        "Utilities", "Real Estate",
    )  # fmt: skip
    found = {sector_lookup(us)[name.lower().replace(" ", "_")] for name in gics}
    assert found == set(us.sector_ids)
    assert {sector_lookup(vn)[sector.code or ""] for sector in vn.sectors} == set(vn.sector_ids)


def test_a_member_without_dates_was_always_one(vn: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame({"symbol": ["ACB", "XXX"], "icb2_code": ["8300", ""]})
    rows = member_rows(reading_of(frame, "members", vn))
    assert rows["sector"].notna().tolist() == [True, False]
    assert rows["start"].tolist() == [EARLIEST, EARLIEST]
    assert rows["end"].isna().all()


def test_spells_of_a_second_file_replace_the_dates_of_the_map(
    us: Universe, reading_of: ReadingOf
) -> None:
    sectors = pd.DataFrame(
        {"ticker": ["AAL", "BRK-B"], "gics_sector": ["Industrials", "Financials"],
         "date_added": ["2015-03-23", "2010-02-16"]}
    )  # fmt: skip
    spells = pd.DataFrame(
        {"ticker": ["AAL", "AAL", "GONE"], "start_date": ["1996-01-02", "2015-03-23", "1996-01-02"],
         "end_date": ["1997-01-15", "", "2001-01-01"]}
    )  # fmt: skip
    rows = member_rows(reading_of(sectors, "members", us), reading_of(spells, "members", us))
    assert rows["symbol"].tolist() == ["AAL", "AAL", "BRK-B"]
    assert [str(stamp.date()) for stamp in rows["start"]] == [
        "1996-01-02",
        "2015-03-23",
        "2010-02-16",
    ]
    assert rows["end"].isna().tolist() == [False, True, True]


def test_the_one_lasting_spell_of_a_later_ticker_begins_with_the_company(
    us: Universe, reading_of: ReadingOf
) -> None:
    sectors = pd.DataFrame(
        {"ticker": ["BALL", "AAL"], "gics_sector": ["Materials", "Industrials"],
         "date_added": ["1984-10-31", "1990-01-02"]}
    )  # fmt: skip
    spells = pd.DataFrame(
        {"ticker": ["BALL", "AAL", "AAL"], "start_date": ["2022-05-10", "1996-01-02", "2015-03-23"],
         "end_date": ["", "1997-01-15", ""]}
    )  # fmt: skip
    rows = member_rows(reading_of(sectors, "members", us), reading_of(spells, "members", us))
    assert [str(stamp.date()) for stamp in rows["start"]] == [
        "1984-10-31",
        "1996-01-02",
        "2015-03-23",
    ]


def test_the_exchange_is_carried_and_missing_where_it_is_not_told(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame({"symbol": ["ACB", "SHS"], "icb2_code": "8300", "exchange": ["hose", ""]})
    rows = member_rows(reading_of(frame, "members", vn))
    assert rows["exchange"].tolist()[0] == "HOSE"
    assert rows["exchange"].isna().tolist() == [False, True]


def test_a_finer_level_is_the_industry_and_alone_it_is_the_sector(
    us: Universe, reading_of: ReadingOf
) -> None:
    both = pd.DataFrame(
        {"ticker": ["NVDA", "T"], "GICS Sector": ["Information Technology", "Energy"],
         "GICS Sub-Industry": ["Semiconductors", ""]}
    )  # fmt: skip
    rows = member_rows(reading_of(both, "members", us))
    assert rows["sector"].tolist() == ["technology", "energy"]
    assert rows["industry"].tolist()[0] == "Semiconductors"
    assert rows["industry"].isna().tolist() == [False, True]
    alone = pd.DataFrame({"ticker": ["NVDA"], "industry": ["Information Technology"]})
    rows = member_rows(reading_of(alone, "members", us))
    assert (rows["sector"].tolist(), rows["industry"].isna().tolist()) == (["technology"], [True])


def spells_of(us: Universe, reading_of: ReadingOf, ticker: str, sector: str) -> list[list[str]]:
    frame = pd.DataFrame({"ticker": [ticker], "gics_sector": [sector], "start": ["2010-01-04"]})
    rows = member_rows(reading_of(frame, "members", us))
    ends = rows["end"].dt.strftime("%Y-%m-%d").fillna("")
    return [
        list(row) for row in zip(rows["sector"], rows["start"].dt.strftime("%Y"), ends, strict=True)
    ]


@pytest.mark.parametrize(
    ("ticker", "today", "was", "until"),
    [
        ("V", "Financials", "technology", "2023-03-17"),
        ("ADP", "Industrials", "technology", "2023-03-17"),
        ("TGT", "Consumer Staples", "consumer_discretionary", "2023-03-17"),
        ("META", "Communication Services", "technology", "2018-09-24"),
        ("DIS", "Communication Services", "consumer_discretionary", "2018-09-24"),
        ("EBAY", "Consumer Discretionary", "technology", "2018-09-24"),
        ("PLD", "Real Estate", "financials", "2016-09-19"),
    ],
)
def test_todays_label_is_taken_back_to_the_reclassification_and_no_further(
    us: Universe, reading_of: ReadingOf, ticker: str, today: str, was: str, until: str
) -> None:
    past, now = spells_of(us, reading_of, ticker, today)
    assert past == [was, "2010", until]
    assert now == [sector_lookup(us)[today.lower().replace(" ", "_")], until[:4], ""]


def test_a_company_that_did_not_move_keeps_one_spell(us: Universe, reading_of: ReadingOf) -> None:
    """Telecom companies stayed when their sector was renamed; MSFT was always technology."""
    assert spells_of(us, reading_of, "T", "Communication Services") == [
        ["communication_services", "2010", ""]
    ]
    assert len(spells_of(us, reading_of, "MSFT", "Information Technology")) == 1


def test_a_file_with_its_own_history_stands(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"ticker": ["V", "V", "MA", "AIV"],
         "gics_sector": ["Information Technology", "Financials", "Financials", "Real Estate"],
         "start": ["2010-01-04", "2023-03-17", "2024-01-02", "2003-03-14"],
         "end": ["2023-03-17", "", "", "2016-09-01"]}
    )  # fmt: skip
    rows = member_rows(reading_of(frame, "members", us))
    assert rows["sector"].tolist() == ["technology", "financials", "financials", "financials"]
    assert rows["reclassified"].tolist() == [False, False, False, True]
    assert str(rows["end"].iloc[3].date()) == "2016-09-01"
