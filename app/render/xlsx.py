"""Sheets as an Office Open XML workbook (ECMA-376): exact numbers, text that is never a formula.

Written by hand, since the numbers must keep all their digits and equal reports equal bytes: strings
are inline, the parts are stored in a fixed order with a fixed date, and nothing names a clock.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from app.render.sheets.sheet import Sheet, Value

EPOCH = date(1899, 12, 30)
STAMP = (1980, 1, 1, 0, 0, 0)
WIDEST, NARROWEST = 60, 8
HEADING, DATE, GUARDED = 1, 2, 3
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters a spreadsheet may take for a formula; such a cell is marked as text."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="10"/><name '
    'val="Calibri"/></font><font><b/><sz val="10"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf fontId="1" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="49" quotePrefix="1" '
    'applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" '
    'builtinId="0"/></cellStyles></styleSheet>'
)


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return the workbook's bytes, the same for the same sheets."""
    parts = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
            + [("styles", "styles.xml")]
        ),
        "xl/styles.xml": STYLES,
    }
    for number, sheet in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _worksheet(sheet)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            archive.writestr(entry, (DECLARED + text).encode(), compresslevel=9)
    return buffer.getvalue()


def _types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KINDS}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{KINDS}'
        f'.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/>'
        f"{sheets}</Types>"
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def _workbook(sheets: Sequence[Sheet]) -> str:
    rows = "".join(
        f'<sheet name="{escape(sheet.title or sheet.name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{rows}</sheets></workbook>'


def _worksheet(sheet: Sheet) -> str:
    heads = tuple(field.heading for field in sheet.fields)
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_width(sheet, n - 1)}" customWidth="1"/>'
        for n in range(1, len(heads) + 1)
    )
    body = "".join(
        f'<row r="{r}">{"".join(_cell(v, r, c, heading=r == 1) for c, v in enumerate(row))}</row>'
        for r, row in enumerate((heads, *sheet.rows), start=1)
    )
    view = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    )
    return (
        f'<worksheet xmlns="{MAIN}">{view}<cols>{widths}</cols><sheetData>{body}</sheetData>'
        "</worksheet>"
    )


def _width(sheet: Sheet, place: int) -> int:
    texts = [len(str(row[place])) for row in sheet.rows if isinstance(row[place], str)]
    heading = min(18, len(sheet.fields[place].heading))
    return min(WIDEST, max(NARROWEST, heading, *texts, 0) + 2)


def _cell(value: Value, row: int, place: int, *, heading: bool) -> str:
    at = f'r="{_letters(place)}{row}"'
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c {at} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c {at} s="{DATE}"><v>{(value - EPOCH).days}</v></c>'
    if isinstance(value, int | float):
        return f"<c {at}><v>{value!r}</v></c>"
    style = f' s="{HEADING}"' if heading else f' s="{GUARDED}"' if value.startswith(RISKY) else ""
    text = escape(_FORBIDDEN.sub("", value))
    return f'<c {at}{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(place: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    high, low = divmod(place, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)
