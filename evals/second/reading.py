"""Reads a finished page into a tree, and a report into strict JSON; it decides nothing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final, NoReturn

Object = Mapping[str, object]
VOID: Final = frozenset({"meta", "br", "hr", "img", "input", "link", "base", "embed", "source"})


@dataclass(slots=True)
class Element:
    """An element of the page: its attributes, and what stands in it, in order."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return an attribute, empty where there is none."""
        return self.attributes.get(name, "")

    @property
    def classes(self) -> frozenset[str]:
        """The words of its class."""
        return frozenset(self.get("class").split())

    @property
    def text(self) -> str:
        """Every text in it, in order."""
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    @property
    def elements(self) -> Iterator["Element"]:
        """The elements right in it."""
        return (each for each in self.children if isinstance(each, Element))

    def walk(self) -> Iterator["Element"]:
        """Yield it and every element below it, in the page's order."""
        left = [self]
        while left:
            each = left.pop()
            yield each
            left += [child for child in reversed(each.children) if isinstance(child, Element)]

    def all(self, tag: str) -> Iterator["Element"]:
        """Yield every element of this tag below it."""
        return (each for each in self.walk() if each.tag == tag)


@dataclass(frozen=True, slots=True)
class Page:
    """A page's tree, and what a well-made page does not have."""

    root: Element
    faults: tuple[str, ...]


def read_page(html: str) -> Page:
    """Return the tree of a page; comments, repeated attributes and open ends are faults."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    open_ends = [f"<{each.tag}> is not closed" for each in reader.open[1:]]
    return Page(reader.open[0], (*reader.faults, *open_ends))


def read_report(text: str) -> Object:
    """Return a report's JSON; a name given twice, NaN or infinity is refused.

    Raises:
        ValueError: it is not strict JSON, or no object.
    """
    found = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    if not isinstance(found, dict):
        raise ValueError("a report is an object")
    return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = self._made(tag, attrs)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._made(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes <{self.open[-1].tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"a comment: {data[:60]!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"an instruction: {data[:60]!r}")

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.faults.append(f"a declaration: {decl[:60]!r}")

    def _made(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"<{tag}> has an attribute twice")
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        return made


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
