"""Names every owner of tables in the shared database, for what concerns them all."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from agents.toolbox.database import Database
from agents.toolbox.ledger import Ledger
from agents.toolbox.pins import Pins
from agents.toolbox.purse import Purse
from agents.toolbox.quota import Quota
from app.chat.threads import Threads
from app.delivery.outbox import Outbox
from app.journals.journal import Journal
from app.journals.trials import Trials
from app.state.leases import Leases
from app.state.schema import migrated
from app.status.attempts import TABLES as ATTEMPTED
from app.watching.memory import TABLES as WATCHED


def tables_made(url: str, clock: Callable[[], datetime]) -> None:
    """Create every owner's tables that are not there yet."""
    with ExitStack() as opened:
        for owner in (Ledger, Threads, Leases, Quota, Pins, Purse, Outbox):
            opened.callback(owner(url, clock=clock).close)
        for log in (Journal, Trials):
            opened.callback(log(url).close)
        for tables in (WATCHED, ATTEMPTED):
            opened.callback(Database(url, tables).close)
        migrated(url, clock=clock)
