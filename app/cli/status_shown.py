"""Shows how the jobs stand, those too that failed and have no schedule."""

from datetime import UTC, datetime

from app.cli.output import say_table
from app.cli.standing import show_status
from app.settings import load_settings
from app.status.readings import TOLD_DAYS, status
from core.errors import LateError


def show(names: tuple[str, ...], *, max_age: str | None, as_json: bool) -> None:
    """Print how the jobs stand.

    Args:
        names: the jobs that must have succeeded; none: all that ever began and have a schedule.
        max_age: how long ago that may be, as `26h`; None: however long.
        as_json: print one JSON document.

    Raises:
        LateError: one succeeded longer ago, or never.
    """
    late: LateError | None = None
    try:
        show_status(names, max_age=max_age, as_json=as_json)
    except LateError as error:
        late = error
    if not as_json:
        _show_failed()
    if late is not None:
        raise late


def _show_failed() -> None:
    failed = status(load_settings().database, now=datetime.now(UTC)).failed
    if failed:
        form = "%Y-%m-%d %H:%M:%S"
        rows = [(row.name, f"{row.begun_at:{form}}", f"{row.failed_at:{form}}") for row in failed]
        title = f"Failed, never succeeded; told for {TOLD_DAYS} days"
        say_table(title, ("job", "begun, UTC", "ended, UTC"), rows)
