"""What every journal is: a chained log in a layout of its own, verified and closed alike."""

from app.journals.chain import Chain, ChainedLog
from app.journals.chain_table import Layout


class Logbook:
    """A log on any SQLAlchemy URL.

    Raises:
        DataError: the database cannot be used, or an entry is not what was written; so do all its
            methods.
    """

    def __init__(self, url: str, layout: Layout) -> None:
        self._log = ChainedLog(url, layout)

    def verify(self) -> Chain:
        """Return the chain up to its first broken entry."""
        return self._log.verify()

    def close(self) -> None:
        """Release the database."""
        self._log.close()
