import pytest

from app.awaiting import awaited


class Large:
    """A result that counts how often it was written out."""

    written = 0

    def __repr__(self) -> str:
        self.written += 1
        return "large"


def test_a_result_is_returned_and_never_written_out_as_text() -> None:
    made = Large()

    async def asked() -> Large:
        return made

    found = awaited(asked())
    assert found is made
    assert found.written == 0


def test_an_error_is_the_coroutines_own() -> None:
    async def asked() -> None:
        raise LookupError("none")

    with pytest.raises(LookupError, match="none"):
        awaited(asked())
