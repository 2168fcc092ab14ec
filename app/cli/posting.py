"""Puts kept reports in the line of a sink, for the command line."""

from app.cli.delivering import outbox_of
from app.cli.output import say
from app.cli.reporting import composition
from app.compose import Composition
from app.delivery.letters import report_message
from app.delivery.sinks import named
from app.research import kept_run
from app.snapshots import kept_report, last_run
from core.errors import UnknownIdError
from core.records.report import Report

LAST = "last"


def post_report(run: str, sinks: tuple[str, ...]) -> None:
    """Put a kept report in the line of each sink.

    Raises:
        CallerError: no sink has a name.
        DataError: there is no such run, or its report is damaged.
    """
    base = composition()
    for name in sinks:
        named(base.settings.sinks, name)
    say_posted(
        base, kept_report(base.settings.home_dir, kept_run(base, _run(base, run)).run), sinks
    )


def say_posted(base: Composition, report: Report, sinks: tuple[str, ...]) -> None:
    """Put a report in the line of each sink, and say so.

    Raises:
        CallerError: no sink has a name.
        BusyError: too many reports wait for one.
    """
    for name in sinks:
        named(base.settings.sinks, name)
    home = base.settings.home_dir
    letters = [report_message(report, base.universes, sink=name, home=home) for name in sinks]
    with outbox_of(base.settings) as outbox:
        for letter in letters:
            new = outbox.add([letter])
            say(f"{letter.sink}: {'posted' if new else 'was posted before'}: {letter.subject}")


def _run(base: Composition, run: str) -> str:
    if run != LAST:
        return run
    last = last_run(base.settings.home_dir)
    if last is None:
        raise UnknownIdError("no run is kept yet: `sectorwise report` makes one")
    return last
