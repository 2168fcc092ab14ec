"""What the proofs of injection share: one server that talks, and a table that is printed."""

from collections.abc import Iterator

import pytest

from evals.injection.table import Table
from tests.evals.injection.delivering import Delivery, delivering


@pytest.fixture(scope="module")
def delivery() -> Iterator[Delivery]:
    """A talker that is served for a module's tests."""
    with delivering() as made:
        yield made


@pytest.fixture
def table() -> Iterator[Table]:
    """The test's table, printed with `-s`."""
    made = Table()
    yield made
    print(f"\n{made.text()}")
