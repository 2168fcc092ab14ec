"""The glossary: the words of the page, each in a sentence, with what others call it."""

from app.render.material import Material
from app.render.view import Block, Cell
from prompts.library import Term, glossary


def terms(material: Material) -> Block:
    """Return one line a term."""
    words = material.words
    lines = tuple(
        Cell(parts=(Cell(term.name, tone="strong"), Cell(_also(term)), Cell(f": {term.text}")))
        for term in glossary(words.language)
    )
    return Block("glossary", words.label("title", "glossary"), lines=lines)


def _also(term: Term) -> str:
    return f" ({term.also})" if term.also else ""
