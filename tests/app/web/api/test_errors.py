import pytest

from app.sentences import sentence_of
from app.web.api.errors import status_of
from core.errors import (
    BusyError,
    CallerError,
    ConflictError,
    DataError,
    DateError,
    EmptyStoreError,
    LeakError,
    LimitError,
    ModelOutputError,
    ProviderError,
    SectorwiseError,
    UnknownIdError,
    UnknownUniverseError,
)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (CallerError, 400),
        (DateError, 400),
        (UnknownIdError, 404),
        (UnknownUniverseError, 404),
        (ConflictError, 409),
        (BusyError, 429),
        (LimitError, 429),
        (ProviderError, 502),
        (ModelOutputError, 502),
        (DataError, 503),
        (EmptyStoreError, 503),
        (LeakError, 500),
    ],
)
def test_the_status_says_who_must_act(kind: type[SectorwiseError], status: int) -> None:
    assert status_of(kind("x")) == status


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("the file /home/an/own.toml cannot be read", "the file own.toml cannot be read"),
        ("the ledger '/srv/x/ledger.sqlite' is damaged", "the ledger 'ledger.sqlite' is damaged"),
        ("see ~/.sectorwise/runs/7/run.json.", "see run.json."),
        ("../x/y is none", "y is none"),
        ("banks and/or real estate, 1/2 of it", "banks and/or real estate, 1/2 of it"),
        ("https://api.example/v1 failed", "https://api.example/v1 failed"),
        ("two\nlines", "two lines"),
    ],
)  # fmt: skip
def test_a_sentence_tells_no_folder_of_this_machine(said: str, told: str) -> None:
    assert sentence_of(DataError(said)) == told
