"""Decides how alerts become messages: one for all of a look, with nothing in it to follow or run.

All words are ours, filled with numbers, dates, names and closed values: no text of a tool.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from app.alerting.standing import CONCERNS
from app.alerting.telling import Told, told
from app.delivery.message import LONGEST_TEXT, Message
from app.delivery.orders import written_orders
from app.delivery.sinks import chosen
from app.render.words import Words
from app.watching.rebalancing import Proposal
from app.watching.records import Kept
from core.records.request import Language
from core.records.sink import MessageKind, SinkSpec
from core.records.universe import Universe

Envelope = Literal["alert", "digest"]
ID_CHARS: Final = 8
"""Of an alert's id, enough to acknowledge it by."""
SUBJECT_CHARS: Final = 200
MOST_TOLD: Final = 60
"""Alerts of one message; of more the count is told."""


def letters(
    rows: Sequence[Kept],
    envelope: Envelope,
    universe: Universe,
    sinks: Mapping[str, SinkSpec],
    *,
    at: datetime,
) -> Iterator[Message]:
    """Yield one message a sink that takes the kind and the universe; none without alerts.

    Args:
        rows: what is told.
        envelope: at once, or as the day's sum.
        universe: of the alerts.
        sinks: by name; each has a language.
        at: the slot, which with the sink makes the key.
    """
    if not rows:
        return
    for name, spec in chosen(sinks, envelope, universe.id):
        said = Said(rows, envelope, Words(spec.language, universe))
        yield Message(
            key=f"watch:{universe.id}:{at:%Y%m%dT%H%M%SZ}:{envelope}:{name}",
            sink=name,
            kind=envelope,
            subject=said.subject,
            text=said.text,
            html=said.html,
        )


def order_letters(
    found: Proposal | None,
    rows: Iterable[Kept],
    universe: Universe,
    sinks: Mapping[str, SinkSpec],
    *,
    home: Path,
) -> Iterator[Message]:
    """Yield the orders as files to the sinks that take them, where their alert is told now."""
    told_now = [row for row in rows if row.alert.kind == "rebalance"]
    kind: MessageKind = "orders"
    takers = list(chosen(sinks, kind, universe.id))
    if found is None or not told_now or not takers:
        return
    attached = written_orders(found.sheet, home)
    for name, spec in takers:
        said = Said(told_now[-1:], "alert", Words(spec.language, universe))
        yield Message(
            key=f"{found.sheet.key}:{name}",
            sink=name,
            kind=kind,
            subject=said.subject,
            text=said.text,
            attachments=attached,
        )


class Said:
    """Alerts in one language, as subject, text and page."""

    def __init__(self, rows: Sequence[Kept], envelope: Envelope, words: Words) -> None:
        """Order them: own sectors first, then the latest."""
        self._envelope = envelope
        self._words = words
        ordered = sorted(rows, key=lambda row: (CONCERNS.index(row.alert.concern), row.seen))
        self._rows = [(row, told(row.alert, words)) for row in ordered[:MOST_TOLD]]
        self._left = len(ordered) - len(self._rows)

    @property
    def subject(self) -> str:
        """Market, how many, and the first of them."""
        said = _sentences(self._words.language)
        count = len(self._rows) + self._left
        head = said["one" if count == 1 else self._envelope].format(
            market=self._words.entity(self._words.universe.id), n=count
        )
        mark = f"{said['synthetic']} · " if self._words.universe.synthetic else ""
        return f"{mark}{head}: {self._rows[0][1].text}"[:SUBJECT_CHARS]

    @property
    def text(self) -> str:
        """A line an alert, then each rule once."""
        lines = [f"{self._line(row, said)} [{row.alert.id[:ID_CHARS]}]" for row, said in self._rows]
        return "\n".join([*lines, *self._rest(), "", *self._rules(), "", self._foot()])[
            :LONGEST_TEXT
        ]

    @property
    def html(self) -> str:
        """The same as a fragment of a page."""
        items = "".join(f"<li>{escape(self._line(row, said))}</li>" for row, said in self._rows)
        rules = "".join(f"<p>{escape(line)}</p>" for line in [*self._rest(), *self._rules()])
        return f"<ul>{items}</ul><small>{rules}<p>{escape(self._foot())}</p></small>"

    def _line(self, row: Kept, said: Told) -> str:
        own = _sentences(self._words.language)[f"of_{row.alert.concern}"]
        return f"{own}{said.text} ({self._words.day(row.alert.period)})"

    def _rules(self) -> list[str]:
        return list(dict.fromkeys(said.rule for _, said in self._rows))

    def _rest(self) -> list[str]:
        more = _sentences(self._words.language)["more"]
        return [more.format(n=self._left)] if self._left else []

    def _foot(self) -> str:
        return _sentences(self._words.language)["foot"]


@lru_cache(maxsize=2)
def _sentences(language: Language) -> Mapping[str, str]:
    text = files("app.watching").joinpath("letters.toml").read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = tomllib.loads(text)
    return read[language]
