"""Reads a page the way a test asks about it: tables, their cells, and what each number says."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "hr", "input", "rect", "path", "line"}


@dataclass
class Node:
    """A piece of text with the tags around it, outermost first."""

    text: str
    tags: list[tuple[str, dict[str, str]]]

    def inside(self, tag: str) -> dict[str, str] | None:
        return next((attrs for name, attrs in reversed(self.tags) if name == tag), None)

    @property
    def title(self) -> str:
        return next((a["title"] for _, a in reversed(self.tags) if a.get("title")), "")


@dataclass
class Probe(HTMLParser):
    """All text nodes and tags of a page."""

    nodes: list[Node] = field(default_factory=list)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _open: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        entry = (tag, {name: value or "" for name, value in attrs})
        self.seen.append(entry)
        if tag not in VOID:
            self._open.append(entry)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.nodes.append(Node(data, list(self._open)))


def probe(html: str) -> Probe:
    """Return the page read."""
    made = Probe()
    made.feed(html)
    return made
