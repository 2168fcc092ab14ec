"""What tests of recordings do: run offline, compare files, look into them."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdf
from pytest_socket import disable_socket, enable_socket, socket_allow_hosts

from evals.kit.endpoint import FaultyEndpoint
from tests.app.command import Ran, sectorwise
from tests.clocks import LATER, at


@contextmanager
def a_model(answer: str | None) -> Iterator[dict[str, str]]:
    """Yield the settings of a scripted model; none where there is no answer."""
    if answer is None:
        yield {}
        return
    with FaultyEndpoint(answer=answer).serving() as url:
        yield {"OPENAI_BASE_URL": url, "SECTORWISE_MODEL": "fake"}


def offline(*command: str, tmp_path: Path) -> Ran:
    """Run a command years later, in an empty home, where no socket can be opened."""
    home = tmp_path / "empty"
    home.mkdir(exist_ok=True)
    disable_socket(allow_unix_socket=True)
    try:
        with at(LATER):
            ran = sectorwise(*command, home=home)
    finally:
        enable_socket()
        socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    assert not (home / "store").exists()
    return ran


def digests(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def files_of(folder: Path) -> list[Path]:
    """Return every file below a folder."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def readable(path: Path) -> bytes:
    """Return a file's bytes, with those of what is packed in it."""
    told = path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(told)) as packed:
            return told + b"".join(packed.read(name) for name in packed.namelist())
    if path.suffix == ".pdf":
        pages = pypdf.PdfReader(io.BytesIO(told)).pages
        return told + "".join(page.extract_text() for page in pages).encode()
    return told
