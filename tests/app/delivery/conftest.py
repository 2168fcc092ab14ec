"""What several delivery tests need made ready."""

import warnings

import pytest

from tests.postgres import postgres_cluster, postgres_url

__all__ = ["postgres_cluster", "postgres_url"]


@pytest.fixture(scope="session")
def apprise_loaded() -> None:
    """Apprise with its services, some of which import what Python is about to drop."""
    from apprise import Apprise

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert Apprise.instantiate("json://localhost") is not None
