"""A checkpoint others wrote is read into records first: nothing of a forged one is carried out."""

import asyncio
import json
import os
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import ormsgpack
import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.serde import _msgpack
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from agents import standing
from agents.checkpoints import checkpointer
from agents.run import Progress
from agents.state import SCHEMA, State
from core.errors import DataError
from tests.agents.bench import Bench, a_request

pytestmark = pytest.mark.xdist_group("postgres")
FORGED = r"the checkpoint of run run is damaged or not this program's \(\w+\): start the run again"
CODES = (0, 1, 2, 3, 4, 5)
"""langgraph's msgpack extensions that build something by its name; all but 3 do so when allowed."""

Forge = Callable[[str, bytes], None]
"""Puts a typed value wherever a stopped run's checkpoint keeps one."""


class _StopError(Exception):
    """Ends a run between nodes."""


def _stopped(where: str) -> Bench:
    """Return where a run was stopped among its calls: what some brought is not taken up yet."""
    bench, ended = Bench(), list[str]()

    def heard(progress: Progress) -> None:
        ended.extend([progress.node] * (progress.step is not None and progress.state == "finished"))
        if len(ended) == 3:
            raise _StopError

    with pytest.raises(_StopError):
        bench.run(a_request(), checkpoint=where, progress=heard)
    return bench


def _extension(code: int, path: str) -> bytes:
    named = {
        0: ("os", "mkdir", path),
        1: ("os", "mkdir", [path]),
        2: ("os", "mkdir", {"path": path}),
        3: ("os", "mkdir", {"path": path}, "__call__"),
        4: ("os", "mkdir", {"path": path}, "__call__"),
        5: ("os", "mkdir", {"path": path}, "__call__"),
    }[code]
    return ormsgpack.packb(ormsgpack.Ext(code, ormsgpack.packb(named)))


class _Called:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self.path,)


def _forgeries(path: str) -> Iterator[tuple[str, bytes]]:
    for code in CODES:
        yield "msgpack", _extension(code, path)
    built = {"lc": 2, "type": "constructor", "id": ["os", "mkdir"], "args": [path]}
    yield "json", json.dumps(built).encode()
    yield "pickle", pickle.dumps(_Called(path))


def _in_file(path: str, statement: str) -> Forge:
    def forge(kind: str, value: bytes) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            assert connection.execute(statement, {"type": kind, "value": value}).rowcount

    return forge


def _in_server(url: str, statement: str) -> Forge:
    def forge(kind: str, value: bytes) -> None:
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            done = connection.execute(text(statement), {"type": kind, "value": value})
            assert done.rowcount

    return forge


def _refused(bench: Bench, where: str, forge: Forge, mark: Path) -> None:
    """Require that a resume refuses every forgery; the last one by way of a whole run."""
    for kind, value in _forgeries(str(mark)):
        forge(kind, value)
        with pytest.raises(DataError, match=FORGED):
            asyncio.run(_read(where))
        assert not mark.exists(), kind
    with pytest.raises(DataError, match=FORGED):
        bench.run(a_request(), checkpoint=where)


async def _read(where: str) -> None:
    config = RunnableConfig(configurable={"thread_id": "run"})
    async with checkpointer(where) as saver:
        assert saver is not None
        await standing.require_readable(saver, config, "run")


def test_the_forgeries_are_live_where_nothing_protects(tmp_path: Path) -> None:
    open_to_all = JsonPlusSerializer(allowed_msgpack_modules=True)
    for code in CODES:
        mark = tmp_path / str(code)
        open_to_all.loads_typed(("msgpack", _extension(code, str(mark))))
        assert mark.exists() == (code != 3)


def test_nothing_is_opened_where_checkpoints_could_build_classes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_msgpack, "STRICT_MSGPACK_ENABLED", False)
    with pytest.raises(DataError, match="LANGGRAPH_STRICT_MSGPACK=true"):
        Bench().run(a_request())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoints SET type = :type, checkpoint = :value",
        "UPDATE writes SET type = :type, value = :value",
    ],
    ids=["checkpoint", "write"],
)
def test_a_forged_row_of_a_file_is_refused_and_not_carried_out(
    statement: str, tmp_path: Path
) -> None:
    where = str(tmp_path / "run.db")
    _refused(_stopped(where), where, _in_file(where, statement), tmp_path / "executed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoint_blobs SET type = :type, blob = :value",
        "UPDATE checkpoint_writes SET type = :type, blob = :value",
    ],
    ids=["channel", "write"],
)
def test_a_forged_row_of_a_server_is_refused_and_not_carried_out(
    statement: str, tmp_path: Path, postgres_url: str
) -> None:
    bench = _stopped(postgres_url)
    _refused(bench, postgres_url, _in_server(postgres_url, statement), tmp_path / "executed")


def test_a_checkpoint_of_another_schema_is_refused_by_its_number(tmp_path: Path) -> None:
    where = str(tmp_path / "run.db")
    bench = _stopped(where)
    serde = JsonPlusSerializer(allowed_msgpack_modules=None)
    with closing(sqlite3.connect(where)) as connection, connection:
        rows = connection.execute("SELECT rowid, type, checkpoint FROM checkpoints").fetchall()
        for number, kind, value in rows:
            held = serde.loads_typed((kind, value))
            held["channel_values"]["schema"] = SCHEMA + 1
            kind, value = serde.dumps_typed(held)
            connection.execute(
                "UPDATE checkpoints SET type = ?, checkpoint = ? WHERE rowid = ?",
                (kind, value, number),
            )
    said = f"the checkpoint has schema {SCHEMA + 1}, this program reads {SCHEMA}"
    with pytest.raises(DataError, match=said):
        bench.run(a_request(), checkpoint=where)


def test_all_of_a_state_is_read() -> None:
    assert standing._RECORDS.keys() == State.__annotations__.keys()
