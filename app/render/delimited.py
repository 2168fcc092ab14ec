"""A sheet as CSV (RFC 4180): field names as headings, exact numbers, ISO dates, guarded text."""

import csv
import io
from datetime import date

from app.render.sheets.sheet import Sheet, Value

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the begin of a formula, full-width letters as well."""
GUARD = "'"
"""Written before text that a spreadsheet would take for a formula."""


def delimited(sheet: Sheet) -> str:
    """Return the sheet as CSV text; the field names carry the units."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([field.name for field in sheet.fields])
    writer.writerows([[_text(value) for value in row] for row in sheet.rows])
    return buffer.getvalue()


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    risky = value.startswith(RISKY) or value.lstrip().startswith(RISKY)
    return GUARD + value if risky else value
