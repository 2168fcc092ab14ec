"""Decides what counts as an answer of SSI FastConnect Data, and makes it one table of numbers.

SSI tells success inside the document, writes numbers as text and days as 31/12/2024, and spells
the names of its fields now so, now so.
"""

from datetime import date
from typing import Annotated, Final

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, TypeAdapter
from pydantic import ValidationError as Invalid

from tools.upstream.errors import ChangedShapeError, RateLimitedError, UnauthorisedError

SOURCE: Final = "SSI"
KEYS: Final = ("SECTORWISE_SSI_ID", "SECTORWISE_SSI_SECRET")
COLUMNS: Final = {
    "stock": (
        "openprice", "highestprice", "lowestprice", "closeprice", "refprice", "totalmatchvol",
        "totalmatchval", "totaldealval", "foreignbuyvaltotal", "foreignsellvaltotal",
    ),
    "index": ("indexvalue", "totalmatchvol", "totalmatchval", "totaldealval"),
}  # fmt: skip
"""Fields read, in small letters: VND, shares, points."""
_MISSPELT: Final = {"toreignsellvaltotal": "foreignsellvaltotal"}
_FINE: Final = ("success", "200")
_NOTHING: Final = ("nodatafound",)


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    status: Annotated[str, BeforeValidator(str)]
    data: JsonValue = None
    totalRecord: int = 0  # noqa: N815 - SSI's spelling


class _Token(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    accessToken: str = Field(min_length=1, pattern=r"^[\x21-\x7e]+$")  # noqa: N815


def _number(told: object) -> object:
    return None if isinstance(told, str) and told.strip().lower() in ("", "null") else told


_Number = Annotated[float | None, BeforeValidator(_number), Field(allow_inf_nan=False)]
_NUMBER: TypeAdapter[float | None] = TypeAdapter(_Number)
_ROWS = TypeAdapter(tuple[dict[str, str | float | None], ...])


def token_in(document: JsonValue) -> str:
    """Return the access token.

    Raises:
        UnauthorisedError: SSI gave none for these keys.
        ChangedShapeError: it is no such answer.
    """
    page = _page(document)
    if page.status.lower() not in _FINE or page.data is None:
        raise UnauthorisedError(SOURCE, "it gives no access token for them", KEYS)
    try:
        return _Token.model_validate(page.data).accessToken
    except Invalid as error:
        raise ChangedShapeError(SOURCE, "its access token reads otherwise") from error


def rows_in(document: JsonValue) -> tuple[tuple[dict[str, str | float | None], ...], int]:
    """Return the rows of one page, fields in small letters, and how many all pages have.

    Raises:
        UnauthorisedError: the access token is not (or no longer) accepted.
        RateLimitedError: it was asked too often.
        ChangedShapeError: it is no such answer.
    """
    page = _page(document)
    status = page.status.lower()
    if status in ("401", "unauthorized"):
        raise UnauthorisedError(SOURCE, "it refuses the access token", KEYS)
    if status == "429":
        raise RateLimitedError(SOURCE)
    if status in _NOTHING or (status in _FINE and not page.data):
        return (), 0
    if status not in _FINE:
        raise ChangedShapeError(SOURCE, "it answered neither success nor that there is nothing")
    try:
        rows = _ROWS.validate_python(page.data)
    except Invalid as error:
        raise ChangedShapeError(SOURCE, "its rows read otherwise") from error
    named = tuple({_named(name): told for name, told in row.items()} for row in rows)
    return named, page.totalRecord


def table_of(
    rows: list[dict[str, str | float | None]], kind: str, *, first: date, last: date
) -> pd.DataFrame:
    """Return the rows as numbers, ascending by day, the last one told of a day.

    Args:
        rows: of all pages.
        kind: stock or index.
        first: the first day asked for.
        last: the last day asked for.

    Raises:
        ChangedShapeError: a field is missing, no number, or a day was not asked for.
    """
    wanted = COLUMNS[kind]
    try:
        days = pd.DatetimeIndex(
            pd.to_datetime([str(row["tradingdate"]) for row in rows], format="%d/%m/%Y")
        )
        cells = {
            name: np.array([_NUMBER.validate_python(row[name]) for row in rows], dtype=np.float64)
            for name in wanted
        }
    except (KeyError, ValueError) as error:
        raise ChangedShapeError(SOURCE, "a field of its rows is missing or no number") from error
    table = pd.DataFrame(cells, index=days.as_unit("us"))
    if len(table) and (days.min() < pd.Timestamp(first) or days.max() > pd.Timestamp(last)):
        raise ChangedShapeError(SOURCE, "it tells of days that were not asked for")
    return table[~table.index.duplicated(keep="last")].sort_index()


def _page(document: JsonValue) -> _Page:
    try:
        return _Page.model_validate(document)
    except Invalid as error:
        raise ChangedShapeError(SOURCE, "its answer reads otherwise") from error


def _named(name: str) -> str:
    small = name.lower()
    return _MISSPELT.get(small, small)
