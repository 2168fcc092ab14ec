"""Decides what a line of the log looks like and who writes any; no line holds a secret.

Text for people, JSON for collectors of logs. A line says which run, universe, batch or slot was
under way. Our own lines are told from the level that is set, libraries' from warnings on.
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

from agents.toolbox.redaction import Redactor
from agents.tracing import Work, about

Form = Literal["off", "text", "json"]
OURS: Final = ("agents", "app", "core", "tools")
TOLD: Final = ("run", "job", "watch", "delivery")
"""Kinds of work that end with a line."""
LOG: Final = logging.getLogger("app.work")
ENDED: Final = "ended"
"""Where a record of the log keeps what ended."""


class CleanFormatter(logging.Formatter):
    """Writes lines for people, traces included, without secrets."""

    def __init__(self, redactor: Redactor) -> None:
        """Keep what knows the secrets."""
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = _facts(record)
        told = " ".join(f"{name}={value}" for name, value in facts.items())
        line = super().format(record)
        if told:
            first, newline, rest = line.partition("\n")
            line = f"{first} ({told}){newline}{rest}"
        return self._redactor.text(line)


class JsonFormatter(logging.Formatter):
    """Writes one JSON object a line, without secrets: `at level logger message` and what is known.

    `at` is UTC. `trace` is a traceback. What was under way: `run universe batch slot`. What ended
    has `seconds`, `outcome` and its numbers.
    """

    def __init__(self, redactor: Redactor) -> None:
        """Keep what knows the secrets."""
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._clean(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = self._clean(self.formatException(record.exc_info))
        line |= {name: self._clean(value) for name, value in _facts(record).items()}
        return json.dumps(line, ensure_ascii=False)

    def _clean(self, value: object) -> object:
        return self._redactor.text(value) if isinstance(value, str) else value


class _Lines(logging.StreamHandler[TextIO]):
    """The one handler that is ours: set up again, it takes the place of the one before."""


def log_lines(form: Form, level: str, redactor: Redactor) -> None:
    """Send the log of every library to stderr, from now on; `off`: of none.

    Args:
        form: of the lines.
        level: of our own.
        redactor: what knows the secrets.
    """
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _Lines)]:
        root.removeHandler(handler)
    if form == "off":
        return
    handler = _Lines(sys.stderr)
    handler.setFormatter(JsonFormatter(redactor) if form == "json" else CleanFormatter(redactor))
    root.addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())


def told(work: Work) -> None:
    """Write a line of a run, a report of a batch, a slot or a delivery that ended."""
    kind = work.name.partition(" ")[0]
    if kind in TOLD and LOG.isEnabledFor(logging.INFO):
        LOG.info("%s ended", kind, extra={ENDED: work})


def _facts(record: logging.LogRecord) -> Mapping[str, object]:
    """Return what is known beside the message, by name."""
    ended = getattr(record, ENDED, None)
    if not isinstance(ended, Work):
        return dict(about())
    own = {name.rpartition(".")[2]: value for name, value in ended.attributes.items()}
    facts = {name: _plain(value) for name, value in own.items()}
    return {**about(), **facts, "seconds": round(ended.seconds, 3)}


def _plain(value: object) -> object:
    """Return a list of words as the counts of them."""
    return len(value) if isinstance(value, list | tuple) else value
