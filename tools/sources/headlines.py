"""Decides what is kept of a news file for display: a plain title, who published it, its tone.

Nothing computed reads these rows; they stand beside the scored series made from the same file.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from core.plain_text import plain_line
from core.records.events import PUBLISHER_CHARS, TITLE_CHARS
from tools.sources.alternative import news_items
from tools.sources.cells import names
from tools.sources.fields import plain
from tools.sources.mapped import MappedField
from tools.sources.reading import Reading
from tools.storage.schema import SCHEMAS

TITLES = ("headline", "title", "tieu_de")
PUBLISHERS = ("publisher", "source", "provider", "nguon", "nguon_tin")


def headline_reading(news: Reading) -> Reading:
    """Return the reading of a news file as rows for display.

    The title is the column called so, else the scored text; the publisher may be absent.

    Args:
        news: the file as a series, its `text` mapped.
    """
    mapping, columns = news.mapping, [str(name) for name in news.frame.columns]
    used = {row.column for row in mapping.rows if row.field != "text"}
    free = [name for name in columns if name not in used]
    told = any(row.field == "text" and row.how == "told" for row in mapping.rows)
    title = None if told else _named(free, TITLES)
    rows = [row for row in mapping.rows if row.field != "series"]
    rows.append(MappedField(field="title", column=title or mapping.column("text") or ""))
    if publisher := _named(free, PUBLISHERS):
        rows.append(MappedField(field="publisher", column=publisher))
    shown = mapping.model_copy(update={"dataset": "news", "rows": tuple(rows)})
    return replace(news, mapping=shown)


def headline_rows(reading: Reading, symbols: frozenset[str]) -> pd.DataFrame:
    """Return rows of the news schema, and `row`; a title of which nothing is left is missing.

    Args:
        reading: of `headline_reading`.
        symbols: the stored members.
    """
    rows = news_items(reading, symbols)
    rows["tone"] = rows["value"].where(np.isfinite(rows["value"]))
    rows["title"] = _plain(reading, "title", TITLE_CHARS)
    rows["publisher"] = _plain(reading, "publisher", PUBLISHER_CHARS).fillna("")
    return rows[[*SCHEMAS["news"].columns, "row"]]


def _plain(reading: Reading, field: str, chars: int) -> pd.Series:
    column = reading.mapping.column(field)
    if column is None:
        return pd.Series(np.nan, reading.frame.index, dtype="str")
    told = names(reading.frame[column])
    lines = {text: plain_line(text, chars) for text in map(str, told.dropna().unique())}
    shown = told.map(lines).astype("str")
    return shown.mask(shown == "")


def _named(columns: list[str], headings: tuple[str, ...]) -> str | None:
    found = {plain(name): name for name in reversed(columns)}
    return next((found[heading] for heading in headings if heading in found), None)
