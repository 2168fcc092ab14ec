"""Shows a home's health on the command line, and what a repair did."""

from datetime import UTC, datetime

from app.cli.output import counted, say, say_json, telling
from app.settings import load_settings
from app.upkeep.doctor import looked, repaired
from app.upkeep.finding import Health
from core.errors import DataError


def show_home(*, repair: bool, as_json: bool) -> None:
    """Look through the home, mend it if asked to, and tell.

    Raises:
        DataError: something of the user's cannot be used, after a repair too, or not be mended.
    """
    settings = load_settings()
    with telling() as tell:
        tell(f"looking through {settings.home_dir}")
        look = repaired if repair else looked
        health = look(settings, clock=lambda: datetime.now(UTC))
    if as_json:
        say_json(health)
    else:
        _show(health)
    if health.unmended:
        raise DataError("; ".join(f"{row.where}: {row.what}" for row in health.unmended))
    broken = [row for row in health.findings if row.severity == "broken"]
    if broken:
        first = broken[0]
        raise DataError(
            f"{counted(len(broken), 'thing')} cannot be used, the first {first.where}: "
            f"{first.what}; {first.do}"
        )


def _show(health: Health) -> None:
    say("looked at " + ", ".join(f"{count:,} {name}" for name, count in health.checked.items()))
    for row in health.mended:
        say(f"mended  {row.where}: {row.what}")
    for finding in health.findings:
        say(f"{finding.severity:7s} {finding.where}: {finding.what}; {finding.do}")
    if not health.findings:
        say("nothing is wrong")
