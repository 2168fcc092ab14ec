"""Reads rows from the pages of a SQLite file whatever became of the tree above them.

What a row belongs to it does not decide: a page does not say. The format is SQLite's own (file
format, 1.6 B-tree pages and 2.1 record format).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MAGIC: Final = b"SQLite format 3\0"
USUAL_PAGE_BYTES: Final = 4096
TABLE_LEAF: Final = 0x0D
TABLE_INNER: Final = 0x05
FIRST_PAGE_HEADER: Final = 100
FREE_LIST: Final = 32
"""Where the head of a file names the first page of the list of free ones."""
ROW_BYTES_MAX: Final = 2**27
INTEGER_BYTES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Of a serial type; the others are NULL, 0, 1, a float, a blob or a text."""

Value = int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row as it lies in a page."""

    page: int
    rowid: int
    values: tuple[Value, ...]


class Pages:
    """The pages of one file."""

    def __init__(self, path: Path) -> None:
        self._content = path.read_bytes()
        is_headed = self._content.startswith(MAGIC)
        said = int.from_bytes(self._content[16:18], "big") if is_headed else 0
        self._page_bytes = {0: USUAL_PAGE_BYTES, 1: 65_536}.get(said, said)
        self._free = _free_pages(self._content, self._page_bytes) if said else set()

    def rows(self) -> Iterator[FoundRow]:
        """Yield the rows of every page that holds a table's; what is no row is passed over."""
        content, page_bytes = self._content, self._page_bytes
        for start in range(0, len(content) - page_bytes + 1, page_bytes):
            number = start // page_bytes + 1
            if number not in self._free and content[_first(start)] == TABLE_LEAF:
                yield from _page_rows(content, start, page_bytes)

    def below(self, root: int) -> set[int]:
        """Return the pages a table's tree leads to, as far as it can be followed."""
        found, waiting = set[int](), [root]
        while waiting:
            number = waiting.pop()
            start = (number - 1) * self._page_bytes
            if number in found or number < 1 or start + self._page_bytes > len(self._content):
                continue
            found.add(number)
            if self._content[_first(start)] == TABLE_INNER:
                waiting += _children(self._content, start, self._page_bytes)
        return found


def _first(start: int) -> int:
    """Return where a page's own head begins: the first page's stands behind the file's."""
    return start + (FIRST_PAGE_HEADER if start == 0 else 0)


def _children(content: bytes, start: int, page_bytes: int) -> list[int]:
    """Return the pages an inner page of a tree names."""
    first = _first(start)
    (count,) = struct.unpack(">H", content[first + 3 : first + 5])
    places = first + 12
    if places + 2 * count > start + page_bytes:
        return []
    cells = struct.unpack(f">{count}H", content[places : places + 2 * count])
    named = [content[start + cell : start + cell + 4] for cell in cells]
    return [int.from_bytes(name, "big") for name in (*named, content[first + 8 : first + 12])]


def _free_pages(content: bytes, page_bytes: int) -> set[int]:
    """Return the pages of what was deleted, as far as the list of them can be followed."""
    free: set[int] = set()
    number = int.from_bytes(content[FREE_LIST : FREE_LIST + 4], "big")
    while number > 0 and number not in free and number * page_bytes <= len(content):
        free.add(number)
        start = (number - 1) * page_bytes
        number, count = struct.unpack(">2I", content[start : start + 8])
        count = min(count, page_bytes // 4 - 2)
        free.update(struct.unpack(f">{count}I", content[start + 8 : start + 8 + 4 * count]))
    return free


def _page_rows(content: bytes, start: int, page_bytes: int) -> Iterator[FoundRow]:
    first = _first(start)
    (count,) = struct.unpack(">H", content[first + 3 : first + 5])
    if count > page_bytes // 4:
        return
    for place in struct.unpack(f">{count}H", content[first + 8 : first + 8 + 2 * count]):
        try:
            yield _row(content, start, place, page_bytes)
        except (IndexError, ValueError, struct.error):
            continue


def _row(content: bytes, start: int, place: int, page_bytes: int) -> FoundRow:
    size, at = _varint(content, start + place)
    rowid, at = _varint(content, at)
    if size > min(ROW_BYTES_MAX, len(content)):
        raise ValueError("longer than the file")
    values = _values(_payload(content, at, size, page_bytes))
    return FoundRow(start // page_bytes + 1, _signed(rowid), values)


def _payload(content: bytes, at: int, size: int, page_bytes: int) -> bytes:
    """Return a row's bytes: those in its page, and those in the pages it overflows to."""
    local = _local_bytes(size, page_bytes)
    parts = [content[at : at + local]]
    missing = size - local
    number = int.from_bytes(content[at + local : at + local + 4], "big") if missing else 0
    while missing > 0:
        start = (number - 1) * page_bytes
        page = content[start : start + page_bytes] if number > 0 else b""
        if len(page) < page_bytes:
            raise ValueError("it overflows out of the file")
        taken = page[4 : 4 + min(missing, page_bytes - 4)]
        parts.append(taken)
        missing -= len(taken)
        number = int.from_bytes(page[:4], "big")
    return b"".join(parts)


def _local_bytes(size: int, page_bytes: int) -> int:
    """Return how much of a row of a table lies in its own page."""
    most = page_bytes - 35
    if size <= most:
        return size
    least = (page_bytes - 12) * 32 // 255 - 23
    cut = least + (size - least) % (page_bytes - 4)
    return cut if cut <= most else least


def _values(payload: bytes) -> tuple[Value, ...]:
    header, at = _varint(payload, 0)
    kinds = []
    while at < header:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        size = _value_bytes(kind)
        piece = payload[at : at + size]
        if len(piece) < size:
            raise ValueError("cut off")
        values.append(_value(kind, piece))
        at += size
    return tuple(values)


def _value_bytes(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return 8 if kind == 7 else INTEGER_BYTES.get(kind, 0)


def _value(kind: int, piece: bytes) -> Value:
    if kind >= 12:
        return piece.decode() if kind % 2 else piece
    match kind:
        case 0:
            return None
        case 7:
            return float(struct.unpack(">d", piece)[0])
        case 8 | 9:
            return kind - 8
        case 10 | 11:
            raise ValueError("a kind no file holds")
        case _:
            return int.from_bytes(piece, "big", signed=True)


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where the next begins."""
    value = 0
    for place in range(8):
        byte = content[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    return value << 8 | content[at + 8], at + 9


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value
