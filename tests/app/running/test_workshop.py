"""What runs are made with is opened once, moves with the clock, and heals."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.compose import Composition
from app.files.universes import load_universes
from app.running.workshop import Workshop
from app.settings import Settings
from core.errors import DataError

pytestmark = pytest.mark.anyio
NEARLY_MIDNIGHT = datetime(2026, 3, 20, 23, 59, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    """A clock that stands where it is set."""

    now = NEARLY_MIDNIGHT

    def __call__(self) -> datetime:
        return self.now


def workshop(home: Path, clock: Clock) -> Workshop:
    return Workshop(
        lambda: Composition(
            settings=Settings(home=home, views="plain"), universes=load_universes(), clock=clock
        )
    )


async def test_runs_share_the_services_until_they_are_closed(tmp_path: Path) -> None:
    shop = workshop(tmp_path, Clock())
    first, same = await asyncio.gather(shop.services(), shop.services())
    assert first is same
    await shop.close()
    assert await shop.services() is not first
    await shop.close()
    await shop.close()


async def test_the_day_moves_on_while_the_services_are_open(tmp_path: Path) -> None:
    clock = Clock()
    shop = workshop(tmp_path, clock)
    services = await shop.services()
    assert services.today() == date(2026, 3, 20)
    clock.now += timedelta(minutes=2)
    assert services.today() == date(2026, 3, 21)
    await shop.close()


async def test_what_could_not_be_opened_is_tried_again(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    ledger.mkdir()
    shop = workshop(tmp_path, Clock())
    for _ in range(2):
        with pytest.raises(DataError, match="cannot be used"):
            await shop.services()
    ledger.rmdir()
    assert (await shop.services()).version
    await shop.close()


async def test_a_run_that_no_longer_waits_for_the_services_leaves_them_to_others(
    tmp_path: Path,
) -> None:
    shop = workshop(tmp_path, Clock())
    gone = asyncio.create_task(shop.services())
    await asyncio.sleep(0)
    gone.cancel()
    assert (await shop.services()).version
    await shop.close()
