"""Names what can go wrong with a source over a network, and says what to do; it retries nothing.

ProviderError
└── UpstreamError
    ├── UnavailableError     down, unreachable or answering web pages: try again later
    ├── RateLimitedError     asked too often: wait
    ├── UnauthorisedError    a key is missing, wrong or without the right
    ├── ChangedShapeError    the answer is not what the source's interface promises
    ├── UnknownSymbolError   the source does not know the name (any more)
    └── EmptyAnswerError     the name is known and nothing is told of it

No text of a source goes into a message: only ours, status codes and what was asked for.
"""

from core.errors import ProviderError


class UpstreamError(ProviderError):
    """A source failed; `source` names it."""

    def __init__(self, source: str, said: str, advice: str) -> None:
        super().__init__(f"{source}: {said}; {advice}")
        self.source = source


class UnavailableError(UpstreamError):
    """The source is down, unreachable, too slow, or answers something else than data."""

    def __init__(self, source: str, said: str) -> None:
        super().__init__(source, said, "what was fetched is kept: run the same command again later")


class RateLimitedError(UpstreamError):
    """The source wants to be asked less often."""

    def __init__(self, source: str, wait_seconds: float | None = None) -> None:
        again = "later" if wait_seconds is None else f"in {wait_seconds:.0f} seconds"
        super().__init__(
            source, "it was asked too often (429)", f"what was fetched is kept: run again {again}"
        )
        self.wait_seconds = wait_seconds


class UnauthorisedError(UpstreamError):
    """A key is missing, wrong, or without the right; `keys` are the settings to look at."""

    def __init__(self, source: str, said: str, keys: tuple[str, ...] = ()) -> None:
        named = " or ".join(keys)
        advice = f"set {named} to a valid key" if keys else "this machine or account is not let in"
        super().__init__(source, said, advice)


class ChangedShapeError(UpstreamError):
    """An answer that is not what the source's interface promises; `status` where that tells it."""

    def __init__(self, source: str, said: str, status: int | None = None) -> None:
        super().__init__(
            source,
            said,
            "nothing of it was stored: its interface may have changed, a newer version may know it",
        )
        self.status = status


class UnknownSymbolError(UpstreamError):
    """The source does not know the name; `renamed_to` where it says how it is called now."""

    def __init__(self, source: str, symbol: str, renamed_to: str | None = None) -> None:
        now = f"; it answers as {renamed_to}" if renamed_to else ""
        super().__init__(
            source,
            f"{symbol} is unknown{now}",
            "correct the ticker in the universe or the members, where it was renamed or delisted",
        )
        self.symbol, self.renamed_to = symbol, renamed_to


class EmptyAnswerError(UpstreamError):
    """The source knows the name and tells nothing of it."""

    def __init__(self, source: str, symbol: str, dataset: str) -> None:
        super().__init__(
            source,
            f"it has no {dataset} of {symbol}",
            "look at another source, or import a file",
        )
        self.symbol = symbol
