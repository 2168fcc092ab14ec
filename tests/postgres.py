"""The PostgreSQL tests use: one private server a test process, an empty database a test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from tests.servers.postgres import a_postgres


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """The SQLAlchemy URL of a server's own database; tests take `postgres_url`."""
    with a_postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_cluster: str) -> str:
    """The SQLAlchemy URL of an empty database that is this test's alone."""
    return empty_database(postgres_cluster)


def empty_database(server: str) -> str:
    """Return the SQLAlchemy URL of a further empty database on the server."""
    name = f"test_{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)
