"""Decides what a table of holdings of Form 13F says, read by edgartools.

edgartools gives the reading of the table, the symbols of CUSIPs and the unit of the values; what
it lets pass (no XML, a holding without a number) is judged here. It asks for nothing itself.
"""

import logging
import warnings
from datetime import date, datetime
from typing import Final
from xml.parsers import expat

import pandas as pd

from tools.upstream.errors import ChangedShapeError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from edgar.thirteenf.parsers import parse_infotable_xml
    from edgar.thirteenf.units import resolve_value_unit

logging.getLogger("edgar").setLevel(logging.ERROR)
COLUMNS: Final = ("Cusip", "Ticker", "Value", "SharesPrnAmount", "Type", "PutCall")
CLASS_OF_SHARE: Final = r"^([A-Z]{1,5})[./ ]([A-Z])$"


def holdings(xml: bytes, period: date) -> pd.DataFrame:
    """Return symbol, shares and value_bn (billions of dollars), one row a line of shares.

    Options and bonds are left out. A CUSIP without a symbol has none here either (NaN); numbers
    edgartools could not read, which it makes 0, are NaN.

    Args:
        xml: the information table.
        period: the quarter's end; until 2022 values were due in thousands of dollars.

    Raises:
        ChangedShapeError: it is no such table.
    """
    _refuse_malformed(xml)
    table = parse_infotable_xml(xml.decode("utf-8", errors="replace"))
    if table.empty:
        return pd.DataFrame(
            {"symbol": pd.Series(dtype="str"), "shares": pd.Series(dtype="float64"),
             "value_bn": pd.Series(dtype="float64")}
        )  # fmt: skip
    if [name for name in COLUMNS if name not in table.columns]:
        raise _changed("has other columns")
    unit = resolve_value_unit(table, None, datetime(period.year, period.month, period.day))  # noqa: DTZ001
    lines = table[(table["Type"] == "Shares") & (table["PutCall"].fillna("") == "")]
    told = lines["SharesPrnAmount"] > 0
    symbols = lines["Ticker"].astype("str").str.upper()
    return pd.DataFrame(
        {
            "symbol": symbols.str.replace(CLASS_OF_SHARE, r"\1-\2", regex=True),
            "shares": lines["SharesPrnAmount"].astype("float64").where(told),
            "value_bn": (lines["Value"].astype("float64") * unit.multiplier / 1e9).where(told),
        }
    ).reset_index(drop=True)


def _refuse_malformed(xml: bytes) -> None:
    """Raise ChangedShapeError unless it is XML without a document type, of the right root."""
    parser = expat.ParserCreate(namespace_separator=" ")
    names: list[str] = []

    def started(name: str, attributes: dict[str, str]) -> None:
        if not names:
            names.append(name.split(" ")[-1])

    def declared(*_: object) -> None:
        raise _changed("declares a document type")

    parser.StartElementHandler, parser.StartDoctypeDeclHandler = started, declared
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise _changed("is no XML") from error
    if names != ["informationTable"]:
        raise _changed("is no information table")


def _changed(said: str) -> ChangedShapeError:
    return ChangedShapeError("SEC EDGAR", f"a table of holdings {said}")
