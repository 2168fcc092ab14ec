from collections.abc import Callable

import pandas as pd

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
