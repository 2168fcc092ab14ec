"""Decides whether something may be spent: on all accounts that bear it, or on none.

An account is a name with what was booked on it: a run's, a day's, a batch's. A booking has a name
within its run: who books it again, after a kill, books nothing more, and on the accounts that bore
it before, though the day be another by then. What is worth spending on is decided elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from math import ceil
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    MetaData,
    RowMapping,
    String,
    Table,
    and_,
    delete,
    insert,
    select,
    update,
)

from agents.toolbox.database import Database
from core.records.budget import Budget, Cost

Amounts = Mapping[str, int]
Choose = Callable[[Budget], Mapping[str, Cost]]
UNITS: Final = ("calls", "tokens", "micro_usd", "milli_seconds", "bytes")
MILLI: Final = 1_000
MICRO: Final = 1_000_000


def _amounts() -> list[Column[int]]:
    """Return the columns of a cost, in whole units, so that no sum of them is ever rounded."""
    return [Column(name, BigInteger, nullable=False) for name in UNITS]


_TABLES = MetaData()
_ACCOUNTS = Table(
    "purse_accounts",
    _TABLES,
    Column("account", String(200), primary_key=True),
    *_amounts(),
    Column("at", DateTime, nullable=False, index=True),
)
_BOOKINGS = Table(
    "purse_bookings",
    _TABLES,
    Column("run", String(128), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("account", String(200), primary_key=True),
    *_amounts(),
    Column("at", DateTime, nullable=False, index=True),
)


class Purse:
    """The accounts, in the ledger's database; safe across processes.

    Args:
        url: SQLite's or PostgreSQL's.
        clock: now, with a time zone.
    """

    def __init__(self, url: str = "sqlite://", *, clock: Callable[[], datetime]) -> None:
        self._database = Database(url, _TABLES)
        self._clock = clock

    @property
    def day(self) -> str:
        """The account of the calendar day in UTC."""
        return f"day:{self._clock().astimezone(UTC).date()}"

    def taken(
        self, accounts: Mapping[str, Budget], cost: Cost, *, run: str, name: str
    ) -> str | None:
        """Book a cost on every account; return the first that has not as much left, else None."""
        with self._database.alone() as connection:
            before = _bookings(connection, run, (name,))
            bearing = _bearing(before, name, accounts)
            lefts = _lefts(connection, accounts, before)
            short = next((a for a in accounts if a in bearing and not lefts[a].allows(cost)), None)
            if short is None:
                self._book(connection, accounts, {name: cost}, run, before)
        return short

    def booked(
        self, accounts: Mapping[str, Budget], names: Sequence[str], choose: Choose, *, run: str
    ) -> Mapping[str, Cost]:
        """Book under some of the names what `choose` makes of all that is left; return that.

        What is booked under these names already is left to choose from, and is only added to:
        it may have been spent.
        """
        with self._database.alone() as connection:
            before = _bookings(connection, run, names)
            lefts = _lefts(connection, accounts, before)
            chosen = choose(reduce(Budget.tighter, lefts.values(), Budget()))
            self._book(connection, accounts, chosen, run, before)
        return chosen

    def settled(
        self, accounts: Mapping[str, Budget], actual: Mapping[str, Cost], *, run: str
    ) -> None:
        """Let each booking of the run be what it cost, on the accounts that bore it.

        Args:
            accounts: bear what was not booked before.
            actual: by the booking's name.
            run: whose bookings they are.
        """
        with self._database.alone() as connection:
            before = _bookings(connection, run, tuple(actual))
            bearing: dict[str, dict[str, Amounts]] = {}
            for name, cost in actual.items():
                for account in _bearing(before, name, accounts):
                    bearing.setdefault(account, {})[name] = _whole(cost)
            self._write(connection, bearing, run, before)

    def spent(self, account: str) -> Cost:
        """Return all that was booked on an account."""
        with self._database.reading() as connection:
            return _cost(_total(connection, account) or {})

    def left(self, accounts: Mapping[str, Budget]) -> Budget:
        """Return what every one of the accounts still has."""
        with self._database.reading() as connection:
            lefts = _lefts(connection, accounts, ())
        return reduce(Budget.tighter, lefts.values(), Budget())

    def closed(self, run: str) -> None:
        """Forget a finished run's bookings one by one; what they cost stands."""
        with self._database.writing() as connection:
            connection.execute(delete(_BOOKINGS).where(_BOOKINGS.c.run == run))

    def forgotten(self, before: datetime) -> int:
        """Delete accounts and bookings nothing was booked on since; return how many accounts."""
        moment = _naive(before)
        with self._database.writing() as connection:
            connection.execute(delete(_BOOKINGS).where(_BOOKINGS.c.at < moment))
            return connection.execute(delete(_ACCOUNTS).where(_ACCOUNTS.c.at < moment)).rowcount

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    def _book(
        self,
        connection: Connection,
        accounts: Iterable[str],
        chosen: Mapping[str, Cost],
        run: str,
        before: Sequence[RowMapping],
    ) -> None:
        """Book on every account that bears it; what stands there already is only added to."""
        bearing: dict[str, dict[str, Amounts]] = {}
        for name, cost in chosen.items():
            wanted = _whole(cost)
            for account in _bearing(before, name, accounts):
                held = _held(before, account, name)
                more = {unit: max(wanted[unit], held.get(unit, 0)) for unit in UNITS}
                bearing.setdefault(account, {})[name] = more
        self._write(connection, bearing, run, before)

    def _write(
        self,
        connection: Connection,
        bearing: Mapping[str, Mapping[str, Amounts]],
        run: str,
        before: Sequence[RowMapping],
    ) -> None:
        """Let each account's bookings be of these amounts, and its sum with them."""
        now, rows = {"at": _naive(self._clock())}, []
        for account in sorted(bearing):
            added = dict.fromkeys(UNITS, 0)
            for name, amounts in bearing[account].items():
                held = _held(before, account, name)
                if held == amounts:
                    continue
                added = {u: added[u] + amounts[u] - held.get(u, 0) for u in UNITS}
                rows.append({"run": run, "name": name, "account": account, **amounts, **now})
                if held:
                    connection.execute(delete(_BOOKINGS).where(_same(rows[-1])))
            self._add(connection, account, added)
        if rows:
            connection.execute(insert(_BOOKINGS), rows)

    def _add(self, connection: Connection, account: str, added: Amounts) -> None:
        total = _total(connection, account)
        row = {unit: (total or {}).get(unit, 0) + added[unit] for unit in UNITS}
        now = {"at": _naive(self._clock())}
        if total is None:
            connection.execute(insert(_ACCOUNTS), {"account": account, **row, **now})
        elif any(added.values()):
            query = update(_ACCOUNTS).where(_ACCOUNTS.c.account == account)
            connection.execute(query.values({**row, **now}))


def _same(row: Mapping[str, object]) -> ColumnElement[bool]:
    keys = (_BOOKINGS.c.run, _BOOKINGS.c.name, _BOOKINGS.c.account)
    return and_(*(key == row[key.name] for key in keys))


def _lefts(
    connection: Connection, accounts: Mapping[str, Budget], own: Sequence[RowMapping]
) -> dict[str, Budget]:
    """Return what each account has left, with what is booked under own names still in it.

    What other accounts bore of these names is not asked of this one again: it is left here too.
    """
    found: dict[str, Budget] = {}
    for account, budget in accounts.items():
        total = dict(_total(connection, account) or {})
        here = [row for row in own if row["account"] == account]
        for row in here:
            total = {unit: amount - row[unit] for unit, amount in total.items()}
        left, names = budget.without(_cost(total)), {row["name"] for row in here}
        for row in {row["name"]: row for row in own if row["name"] not in names}.values():
            left = left.beside(_cost({unit: row[unit] for unit in UNITS}))
        found[account] = left
    return found


def _bookings(connection: Connection, run: str, names: Sequence[str]) -> Sequence[RowMapping]:
    query = select(_BOOKINGS).where(_BOOKINGS.c.run == run, _BOOKINGS.c.name.in_(names))
    return connection.execute(query).mappings().all()


def _bearing(bookings: Sequence[RowMapping], name: str, accounts: Iterable[str]) -> list[str]:
    """Return the accounts that bore the name before; these where none did."""
    return [row["account"] for row in bookings if row["name"] == name] or list(accounts)


def _held(bookings: Sequence[RowMapping], account: str, name: str) -> Amounts:
    """Return what is booked; nothing where it is not."""
    rows = (row for row in bookings if (row["account"], row["name"]) == (account, name))
    return next(({unit: row[unit] for unit in UNITS} for row in rows), {})


def _total(connection: Connection, account: str) -> Amounts | None:
    query = select(_ACCOUNTS).where(_ACCOUNTS.c.account == account)
    row = connection.execute(query).mappings().first()
    return None if row is None else {unit: row[unit] for unit in UNITS}


def _whole(cost: Cost) -> Amounts:
    """Return a cost in whole units; parts of one count as one."""
    return {
        "calls": cost.calls_count,
        "tokens": cost.tokens_count,
        "micro_usd": ceil(round(cost.usd * MICRO, 3)),
        "milli_seconds": ceil(round(cost.seconds * MILLI, 3)),
        "bytes": cost.bytes_count,
    }


def _cost(amounts: Amounts) -> Cost:
    return Cost(
        calls_count=amounts.get("calls", 0),
        tokens_count=amounts.get("tokens", 0),
        usd=amounts.get("micro_usd", 0) / MICRO,
        seconds=amounts.get("milli_seconds", 0) / MILLI,
        bytes_count=amounts.get("bytes", 0),
    )


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
