"""What one knock-out brought, as the plugin tells it and the table reads it."""

from core.records.record import Record


class Told(Record):
    """Tests by how they ended while a defence was off.

    red: node ids of those that noticed. broken: of those that ended in an error of the stand-in, or
    before they began; they noticed nothing.
    """

    passed: int = 0
    red: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
