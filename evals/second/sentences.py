"""Whether a page's prose is the report's verified sentences, each piece bound as it was."""

from collections.abc import Iterator, Mapping

from evals.second.faults import Fault
from evals.second.reading import Element, Object
from evals.second.report import items, text_of

Verified = Mapping[str, tuple[Object, ...]]


def verified(report: Object) -> Verified:
    """Return the report's sentences by their text."""
    found: dict[str, tuple[Object, ...]] = {}
    for each in items(report, "sentences"):
        text = "".join(text_of(span, "text") for span in items(each, "spans"))
        found[text] = (*found.get(text, ()), each)
    return found


def is_sentence(each: Element, known: Verified) -> bool:
    """Tell whether a paragraph is one of the report's sentences."""
    return each.tag == "p" and each.text in known


def sentence_faults(each: Element, known: Verified) -> Iterator[Fault]:
    """Yield that a paragraph binds its words otherwise than the sentence it shows."""
    bound = [part.text for part in each.walk() if part.get("title")]
    spans = [
        [text_of(span, "text") for span in items(one, "spans") if text_of(span, "fact")]
        for one in known[each.text]
    ]
    if bound not in spans:
        yield Fault("a sentence's words are not bound as they were verified", each.text)
