"""Decides how an error reads elsewhere: one sentence, without the folders of this machine."""

import re
from typing import Final

from core.errors import SectorwiseError

_PATH: Final = re.compile(r"(?<![\w.:/])(?:~|\.{1,2})?/(?:[^\s/:'\"]+/)*([^\s/:'\",;]+)")
"""A path of this machine; its last part may be told."""


def sentence_of(error: SectorwiseError | str) -> str:
    """Return an error's sentence, or what was kept of it, without the folders of this machine."""
    return _PATH.sub(r"\1", " ".join(str(error).split()))
