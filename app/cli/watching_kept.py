"""Shows what a watch kept, and takes silences and acknowledgements."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from agents.toolbox.database import Database
from app.alerting.records import AlertKind
from app.alerting.telling import told
from app.cli.output import counted, say, say_json, say_table
from app.files.universes import load_universes, one_of
from app.render.words import Words
from app.settings import load_settings
from app.watching import memory as kept
from app.watching.records import Kept, Silence
from core.errors import CallerError, DateError, UnknownIdError
from core.records.universe import Universe

LEAST_ID = 4
"""Letters of an id at least: fewer name too many."""
HEADINGS = ("id", "seen", "fate", "told", "alert")


def list_alerts(universe: str | None, days: int, *, as_json: bool) -> None:
    """Show the alerts of the last days, the latest first, and the silences that stand."""
    market, database = _opened(universe)
    now = datetime.now(UTC)
    with closing(database), database.reading() as connection:
        rows = kept.alerts_since(connection, market.id, now - timedelta(days=days))
        silent = [row for row in kept.silences(connection, market.id) if row.until >= now.date()]
    if as_json:
        say_json({"alerts": list(rows), "silences": silent})
        return
    say_table(f"alerts of {market.id}", HEADINGS, [_line(row, market) for row in rows])
    for row in silent:
        say(f"silent until {row.until}: {row.rule or 'every rule'}, {row.sector or 'every sector'}")


def silence_alerts(
    universe: str | None, rule: str | None, sector: str | None, until: date | None
) -> None:
    """Keep a silence.

    Raises:
        CallerError: a rule or sector there is not.
        DateError: no day, or one that is over.
    """
    market, database = _opened(universe)
    with closing(database):
        if until is None or until < datetime.now(UTC).date() - timedelta(days=1):
            raise DateError("--until needs a day that is not over")
        if sector is not None and sector not in market.sector_ids:
            choices = ", ".join(market.sector_ids)
            raise CallerError(f"{market.id} has no sector {sector!r}: use one of {choices}")
        told_to = Silence(rule=_kind(rule), sector=sector, until=until)
        with database.writing() as connection:
            kept.silence(connection, market.id, told_to)
    say(f"{market.id}: {rule or 'every rule'}, {sector or 'every sector'} is silent until {until}")


def acknowledge_alerts(universe: str | None, ids: tuple[str, ...]) -> None:
    """Take alerts as known.

    Raises:
        UnknownIdError: no alert's id begins so.
    """
    market, database = _opened(universe)
    with closing(database):
        for begins in ids:
            with database.alone() as connection:
                now = datetime.now(UTC)
                whole = len(begins) >= LEAST_ID
                found = kept.acknowledge(connection, market.id, begins, now=now) if whole else ()
            if not found:
                raise UnknownIdError(f"no alert of {market.id} begins with {begins!r}")
            say(f"{counted(len(found), 'alert')} acknowledged: {begins}")


def _opened(universe: str | None) -> tuple[Universe, Database]:
    settings = load_settings()
    market = one_of(load_universes(settings.universe_files), universe or settings.universe)
    return market, Database(settings.database, kept.TABLES)


def _line(row: Kept, market: Universe) -> tuple[str, ...]:
    when = "" if row.told is None else f"{row.told:%Y-%m-%d %H:%M}"
    words = told(row.alert, Words("en", market)).text
    fate = "known" if row.acknowledged else row.fate
    return row.alert.id[:8], f"{row.seen:%Y-%m-%d %H:%M}", fate, when, words


def _kind(rule: str | None) -> AlertKind | None:
    for known in get_args(AlertKind):
        if rule == known:
            found: AlertKind = known
            return found
    if rule is None:
        return None
    raise CallerError(f"no rule is called {rule!r}: use one of {', '.join(get_args(AlertKind))}")
