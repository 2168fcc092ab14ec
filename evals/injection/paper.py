"""What a PDF is to the program that opens it: its text, and what of it is followed or run."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

_LIVE: Final = frozenset(
    {
        "/AA", "/AcroForm", "/EF", "/EmbeddedFiles", "/GoToE", "/GoToR", "/ImportData", "/JS",
        "/JavaScript", "/Launch", "/Link", "/OpenAction", "/RichMedia", "/SubmitForm", "/URI",
        "/XFA",
    }
)  # fmt: skip
"""Names of what a reader's program follows, runs or fetches (ISO 32000-1, 12.5 and 12.6)."""


def text_of(document: bytes) -> str:
    """Return the text layer, a sheet after the other, and what the document says of itself."""
    reader = PdfReader(BytesIO(document))
    told = (str(value) for value in (reader.metadata or {}).values())
    return "\n".join([*(sheet.extract_text() for sheet in reader.pages), *told])


def live_parts(document: bytes) -> tuple[str, ...]:
    """Return the names of links, actions, forms and attached files in any object, in order."""
    return tuple(sorted(set(_names(PdfReader(BytesIO(document)).trailer)) & _LIVE))


def _names(root: object) -> Iterator[str]:
    """Yield every key and every name of all objects that are reached."""
    stack, been = [root], set[tuple[int, int]]()
    while stack:
        node = stack.pop()
        if isinstance(node, IndirectObject):
            if (node.idnum, node.generation) in been:
                continue
            been.add((node.idnum, node.generation))
            node = node.get_object()
        if isinstance(node, NameObject):
            yield str(node)
        elif isinstance(node, DictionaryObject):
            yield from map(str, node)
            stack.extend(node.raw_get(key) for key in node)
        elif isinstance(node, ArrayObject):
            stack.extend(node)
