"""One disagreement between a page and what it was made from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and the text at fault; `list_` and `key` where a word is not listed."""

    why: str
    text: str = ""
    list_: str = ""
    key: str = ""

    @property
    def said(self) -> str:
        """The fault as one line."""
        where = f" [{self.list_}.{self.key!r}]" if self.list_ else ""
        return f"{self.why}{where}: {self.text[:160]!r}" if self.text else f"{self.why}{where}"


def unlisted(list_: str, key: str, text: str) -> Fault:
    """Return that a text is not among those that may stand there."""
    return Fault("words nobody listed", text, list_, key)
