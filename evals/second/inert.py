"""Whether a page is only a page: nothing runs, loads, leads away or hides in it."""

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Final

from evals.second.reading import Element

_TEXT: Final = {
    "html": "lang", "head": "", "body": "", "main": "id", "section": "", "h1": "", "h2": "",
    "h3": "", "h4": "", "p": "role", "div": "", "span": "", "dl": "", "dt": "", "dd": "", "ul": "",
    "li": "", "table": "", "thead": "", "tbody": "", "tfoot": "", "tr": "", "figure": "",
    "figcaption": "", "footer": "", "style": "", "title": "", "br": "",
    "meta": "charset http-equiv content name", "th": "scope colspan", "td": "data-label colspan",
}  # fmt: skip
_DRAWN: Final = frozenset({"svg", "g", "path", "circle", "rect", "line", "text", "title"})
_DRAWING: Final = frozenset({
    "fill", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin", "stroke-linecap",
    "stroke-miterlimit", "stroke-dasharray", "fill-opacity", "opacity", "d", "transform", "cx",
    "cy", "r", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "viewbox", "version",
    "xmlns", "role", "aria-label", "aria-hidden", "text-anchor", "font-size", "font-weight",
    "font-style", "font-family",
})  # fmt: skip
_METAS: Final = (
    {"charset": "utf-8"},
    {"name": "viewport", "content": "width=device-width, initial-scale=1"},
    {"name": "referrer", "content": "no-referrer"},
)
_POLICY: Final = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
_ADDRESS: Final = re.compile(
    r"(?i)\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:javascript|mailto|vbscript):|\bdata:\w+[/;,]|\burl\s*\("
    r"|\]\(|@import|\b[a-z0-9-]+\.(?:com|net|org|io|example|ru|cn|xyz|info)\b"
)
_PALE: Final = frozenset({"#fff", "#ffffff", "white", "transparent", "none"})
_SMALLEST: Final = 4.0
"""Points below which a text of a picture cannot be read."""
_XMLNS: Final = "http://www.w3.org/2000/svg"
_HIDING: Final = re.compile(
    r"(?i)visibility\s*:|opacity\s*:\s*(?:0|\.[0-4])|text-indent\s*:|\bclip(?:-path)?\s*:|transparent|"
    r"font-size\s*:\s*[0-4](?:\.\d+)?(?:px)?\s*[;}]|[;{]left\s*:|expression|@font-face|"
    r"\bcontent\s*:\s*(?![\"']\\25[0-9A-F]{2}[\"']|attr\(data-label\))"
)
_LABELLED: Final = "table.actions thead"
"""On a narrow screen its heads stand before each cell instead."""
_SHOWN_NONE: Final = re.compile(r"([^{}]*)\{[^{}]*display\s*:\s*none")
_INVISIBLE: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_FOREIGN_DIGIT: Final = re.compile(
    r"[^\W\D0-9]|[\u00bc-\u00be\u2150-\u215f\u2160-\u2188\u2460-\u249b]"
)


def activity(root: Element) -> Iterator[str]:
    """Yield what is not at rest: tags and attributes nobody knows, addresses, hidden text."""
    for each in root.walk():
        yield from _unknown(each)
    for drawing in root.all("svg"):
        yield from _unseen(drawing)
    yield from _policy(root)
    for text in _texts(root):
        if found := _ADDRESS.search(text):
            yield f"an address: {text[max(0, found.start() - 20) : found.end() + 20]!r}"
        if found := _INVISIBLE.search(text):
            yield f"an invisible character U+{ord(found[0]):04X} in {text[:60]!r}"
        if found := _FOREIGN_DIGIT.search(text):
            yield f"a digit of another script: {found[0]!r} in {text[:60]!r}"


def _unknown(each: Element) -> Iterator[str]:
    if not each.tag:
        return
    if each.tag in _DRAWN - {"title"}:
        allowed = _DRAWING
    elif each.tag in _TEXT:
        allowed = frozenset({*_TEXT[each.tag].split(), "class", "title"})
    else:
        yield f"<{each.tag}> is no tag of a report"
        return
    for name in each.attributes:
        if name not in allowed:
            yield f"<{each.tag} {name}> is no attribute of a report"
    policy = each.get("http-equiv") == "Content-Security-Policy"
    if each.tag == "meta" and each.attributes not in _METAS and not policy:
        yield f"<meta> says {sorted(each.attributes.items())}"


def _unseen(drawing: Element) -> Iterator[str]:
    """A halo is the same text once more, beneath it; pale text on a dark field has a title."""
    texts = list(drawing.all("text"))
    seen = {each.text for each in texts if not _faded(each)}
    seen.update(*(re.split(r"[:,] ", each.text) for each in drawing.all("title")))
    for each in texts:
        if each.text not in seen:
            yield f"<text> is drawn so that nobody sees it: {each.text[:60]!r}"


def _faded(each: Element) -> bool:
    size = re.sub(r"[^\d.]", "", each.get("font-size"))
    return (
        each.get("fill").lower() in _PALE
        or each.get("fill-opacity").startswith("0")
        or each.get("opacity").startswith("0")
        or (size != "" and float(size) < _SMALLEST)
    )


def _policy(root: Element) -> Iterator[str]:
    styles = [each.text for each in root.all("style")]
    rules = [each for each in root.all("meta") if each.get("http-equiv")]
    if len(styles) != 1:
        yield f"{len(styles)} style sheets, not one"
        return
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    said = {"http-equiv": "Content-Security-Policy", "content": _POLICY.format(digest)}
    if [each.attributes for each in rules] != [said]:
        yield "the content policy is not the one of this style sheet"
    if found := _HIDING.search(styles[0]):
        yield f"the style sheet hides: {found[0]!r}"
    for each in _SHOWN_NONE.finditer(styles[0]):
        if each[1].strip() != _LABELLED:
            yield f"the style sheet hides {each[1].strip()!r}"


def _texts(root: Element) -> Iterator[str]:
    for each in root.walk():
        yield from (child for child in each.children if isinstance(child, str))
        yield from (
            value
            for name, value in each.attributes.items()
            if (name, value) != ("xmlns", _XMLNS) and name != "content"
        )
