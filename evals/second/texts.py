"""Whether every word of a page is a bound one, a verified sentence's, or one that is listed."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from evals.second.faults import Fault, unlisted
from evals.second.names import Names
from evals.second.reading import Element

HOLDERS: Final = frozenset(
    {"p", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "li", "figcaption", "text", "title",
     "footer"}
)  # fmt: skip
_DRAWN: Final = frozenset({"text", "title"})
"""Their numbers are left to `charts`."""
BOUND: Final = "{}"
_NUMERAL: Final = re.compile(r"[+\u2212]?\d[\d.,]*(?<![.,])(?![WMTND]\b)")
_HASH: Final = re.compile(r"\b[0-9a-f]{12}\b")
_BETWEEN: Final = re.compile(r" \u00b7 |; ")
_NOTE: Final = re.compile(r"^[a-z](?=: )")
"""A note is told by a letter, which the missing value it is of has too."""
LIST: Final = "{\N{HORIZONTAL ELLIPSIS}}"


def block_of(each: Element) -> str:
    """Return the name of a block, empty where an element is none."""
    return " ".join(sorted(each.classes - {"block"})) if "block" in each.classes else ""


def holders(root: Element, block: str = "head") -> Iterator[tuple[str, Element]]:
    """Yield every element that holds text, with its block; what stands in one is its own part.

    Cells of a row that names its source are left to `rows`.
    """
    for each in root.elements:
        inside = block_of(each) or block
        if each.tag in HOLDERS:
            yield inside, each
        elif each.tag == "tr" and each.get("title"):
            yield from ((inside, cell) for cell in each.elements if _binds(cell))
        else:
            yield from holders(each, inside)


def unbound(each: Element) -> str:
    """Return an element's text with what is bound left open."""
    if each.get("title"):
        return BOUND
    return "".join(part if isinstance(part, str) else unbound(part) for part in each.children)


def text_faults(
    block: str, each: Element, names: Names, known: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """Yield the pieces of a text that are not listed for their place.

    Numbers a listed piece leaves open are to be among the `known` ones.
    """
    key = f"{block}/{each.tag}"
    for piece in _BETWEEN.split(unbound(each)):
        said = names.template(_NOTE.sub("{note}", piece), everywhere=True)
        bare = names.without_more(_HASH.sub("{hash}", said))
        if not bare.replace(BOUND, "").strip() or is_listed(key, bare, names):
            numbers = names.more(said)
        elif is_listed(key, opened(bare), names):
            numbers = _NUMERAL.findall(said) if each.tag == "p" else names.more(said)
        else:
            yield unlisted("texts", key, opened(bare) if each.tag in _DRAWN else bare)
            continue
        if not known.issuperset(numbers):
            yield Fault("a number nothing here has", said)


def is_listed(key: str, said: str, names: Names) -> bool:
    """Tell whether a text is listed for its place, itself or as a list of what may stand in one."""
    listed, bare = names.words.texts.get(key, frozenset()), said.casefold()
    if bare in listed or bare in names.words.texts["any"]:
        return True
    members = names.words.texts.get(f"{key} {LIST}", frozenset())
    for head, found, tail in (each.partition(LIST) for each in listed):
        inner = bare[len(head) : len(bare) - len(tail)]
        if found and bare == f"{head}{inner}{tail}" and members.issuperset(parts(inner, members)):
            return True
    return False


def parts(text: str, members: Collection[str]) -> list[str]:
    """Return the members of a list, which may have commas in them."""
    found: list[str] = []
    for each in text.split(", "):
        if found and found[-1] not in members:
            found[-1] += f", {each}"
        else:
            found.append(each)
    return found


def opened(text: str) -> str:
    """Return a template with its numerals left open."""
    return _NUMERAL.sub("{n}", text)


def _binds(cell: Element) -> bool:
    """Its words are bound ones; the other cells of such a row are read through their headings."""
    return cell.tag == "th" or any(each.get("title") for each in cell.walk())


def loose(root: Element) -> Iterator[str]:
    """Yield the texts that stand in nothing that may hold text."""
    for each in root.elements:
        if each.tag in HOLDERS or each.tag == "style":
            continue
        yield from (part for part in each.children if isinstance(part, str) and part.strip())
        yield from loose(each)


def preceded(root: Element, before: str = "") -> Iterator[tuple[str, Element]]:
    """Yield every element with the text right before it, in its row or its paragraph."""
    yield before, root
    ahead = "" if root.tag in ("p", "tr", "div", "dl", "section") else before
    for child in root.children:
        if isinstance(child, str):
            ahead += child
        else:
            yield from preceded(child, ahead)
            ahead += child.text
