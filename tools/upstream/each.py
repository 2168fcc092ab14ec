"""Asks a source for one name after the other; a name's own problem ends no other name's answer."""

from collections.abc import Callable, Iterator

import pandas as pd

from core.records.result import Dataset
from tools.storage.schema import empty_frame
from tools.upstream.errors import EmptyAnswerError, UnknownSymbolError
from tools.upstream.http import sha256_of
from tools.upstream.protocol import Fetched, Tell

Read = Callable[[str], tuple[pd.DataFrame, str]]
"""Returns a name's rows and the hash of the answers they are from."""


def each_of(
    symbols: tuple[str, ...], dataset: Dataset, read: Read, *, tell: Tell
) -> Iterator[Fetched]:
    """Yield one answer a name, in order: its rows, or none and that it is unknown or has no data.

    Raises:
        UpstreamError: as `read`, but for these two.
    """
    for symbol in symbols:
        tell(symbol)
        try:
            rows, sha256 = read(symbol)
        except (UnknownSymbolError, EmptyAnswerError) as error:
            yield Fetched(symbol, dataset, empty_frame(dataset), sha256_of(), error)
        else:
            yield Fetched(symbol, dataset, rows, sha256)
