"""Decides how limits written in several ways become rows, and what a later version takes over."""

from collections.abc import Mapping, Sequence

from core.errors import MandateError

Tree = Mapping[str, object]
Rows = dict[str, dict[str, object]]
"""Rows by the name that tells them apart, their other fields."""

KEYED = {
    "caps": ("sector", "cap"),
    "floors": ("sector", "floor"),
    "factor_weights": ("factor", "weight"),
    "groups": ("name", "cap"),
}
"""Limits of many rows: the field that names a row, and the one a bare number means."""

EXAMPLES = {
    "caps": "caps = {real_estate = 0.15}",
    "floors": "floors = {banks = 0.1}",
    "factor_weights": "factor_weights = {momentum_12m = 1.0}",
    "groups": 'groups = {vin = {symbols = ["VIC", "VHM"], cap = 0.2}}',
}

NAMES = "excluded"
"""The limit that is a list of names."""

OF_ONE_VERSION = frozenset({"version", "valid_from", "author", "reason", "lift"})
"""Keys a version does not take over from the one before."""


def inherited(before: Tree, stated: Tree, where: str) -> dict[str, object]:
    """Return the limits of a version: those before, less what it lifts, with what it states.

    Limits of many rows are dictionaries by name, in both arguments' result.

    Raises:
        MandateError: `lift` names no limit there is, or rows are not written as rows.
    """
    limits = {
        key: dict(value) if isinstance(value, dict) else value for key, value in before.items()
    }
    for name in _names(stated.get("lift", ()), "lift", where):
        _lift(limits, name, where)
    for key, value in stated.items():
        if key in OF_ONE_VERSION:
            continue
        if isinstance(value, bool):
            raise MandateError(f"{where}: {key} must be a number, not {str(value).lower()}")
        if key in KEYED or key == NAMES:
            known = limits.get(key)
            limits[key] = _merged(
                known if isinstance(known, dict) else {}, rows_of(key, value, where)
            )
        else:
            limits[key] = value
    return limits


def rows_of(key: str, value: object, where: str) -> Rows:
    """Return rows by name, from a table by name, an array of tables, or a list of names.

    Raises:
        MandateError: it is none of these, or a name stands twice.
    """
    if key == NAMES:
        return {name: {} for name in _names(value, key, where)}
    name_of, bound = KEYED[key]
    if isinstance(value, dict):
        return {
            str(name): dict(row) if isinstance(row, dict) else {bound: row}
            for name, row in value.items()
        }
    rows: Rows = {}
    for row in value if isinstance(value, list) else [None]:
        if not isinstance(row, dict) or name_of not in row:
            raise MandateError(f"{where}: {key} must be a table, like {EXAMPLES[key]}")
        name = str(row[name_of])
        if name in rows:
            raise MandateError(f"{where}: {key} has {name} twice")
        rows[name] = {field: cell for field, cell in row.items() if field != name_of}
    return rows


def records_of(limits: Tree) -> dict[str, object]:
    """Return limits as the record takes them, rows in order of their names."""
    return {
        key: _listed(key, value) if isinstance(value, dict) else value
        for key, value in limits.items()
    }


def _listed(key: str, rows: Rows) -> list[object]:
    if key == NAMES:
        return [*sorted(rows)]
    if key not in KEYED:
        return [rows]
    name_of = KEYED[key][0]
    return [{name_of: name} | rows[name] for name in sorted(rows)]


def _merged(before: Rows, stated: Rows) -> Rows:
    return before | {name: before.get(name, {}) | row for name, row in stated.items()}


def _lift(limits: dict[str, object], name: str, where: str) -> None:
    key, _, row = name.partition(".")
    rows = limits.get(key)
    if row and isinstance(rows, dict) and row in rows:
        del rows[row]
    elif not row and key in limits:
        del limits[key]
    else:
        raise MandateError(f"{where}: lift names {name}, which is not limited before")


def _names(value: object, key: str, where: str) -> Sequence[str]:
    if isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value):
        return [str(name) for name in value]
    raise MandateError(f'{where}: {key} must be a list of names, like {key} = ["real_estate"]')
