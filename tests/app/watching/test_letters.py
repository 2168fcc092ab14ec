from datetime import UTC, date, datetime

import pytest

from app.delivery.message import Message
from app.render.words import Words
from app.watching.letters import MOST_TOLD, Said, letters
from app.watching.records import Kept
from core.records.request import Language
from core.records.sink import SinkSpec
from tests.app.alerting.test_telling import ALERTS, HOLE
from tests.app.alerting.test_telling import alert as alert_of
from tests.app.watching.watched import UNIVERSES, turn

SLOT = datetime(2026, 3, 6, 8, tzinfo=UTC)
DAY = date(2026, 3, 6)
VN = UNIVERSES["vn"]
HELD = Kept(alert=turn(DAY), fate="push", seen=SLOT)


def sinks(**specs: dict[str, object]) -> dict[str, SinkSpec]:
    return {
        name: SinkSpec.model_validate({"url": "file:/tmp/out"} | spec)
        for name, spec in specs.items()
    }


def written(rows: list[Kept], **specs: dict[str, object]) -> list[Message]:
    return list(letters(rows, "alert", VN, sinks(**specs), at=SLOT))


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_kind_of_alert_makes_a_message_of_ours_alone(language: Language) -> None:
    rows = [Kept(alert=alert_of(dict(fields)), fate="push", seen=SLOT) for fields in ALERTS]
    (message,) = written(rows, desk={"language": language})
    assert not HOLE.search(message.text.replace("\n", " ; ").replace(" ;  ; ", " ; "))
    assert message.html is not None
    assert "http" not in message.text + message.html
    assert message.text.count("[") == len(ALERTS)


def test_own_sectors_come_first_and_the_subject_says_what_and_how_many() -> None:
    other = Kept(alert=turn(DAY, "media", concern="market"), fate="push", seen=SLOT)
    (message,) = written([other, HELD], desk={})
    assert message.subject == "Vietnam, 2 alerts: Banks moved from LAGGING to IMPROVING"
    assert message.text.splitlines()[0].startswith("Held: Banks moved")
    assert HELD.alert.id[:8] in message.text


def test_a_sink_gets_what_it_takes_in_its_language_under_a_key_of_the_slot() -> None:
    found = written([HELD], vi={"language": "vi"}, us={"universes": ("us",)},
                    reports={"kinds": ("report",)}, all={})  # fmt: skip
    assert [message.sink for message in found] == ["all", "vi"]
    assert found[1].key == "watch:vn:20260306T080000Z:alert:vi"
    assert "Ngân hàng" in found[1].text
    assert written([], all={}) == []


def test_a_synthetic_market_says_so_first() -> None:
    row = Kept(alert=turn(DAY, "energy", universe="demo"), fate="push", seen=SLOT)
    said = Said([row], "alert", Words("en", UNIVERSES["demo"]))
    assert said.subject.startswith("SYNTHETIC · ")


def test_a_crowd_is_counted_and_fits_a_message() -> None:
    rows = [
        Kept(alert=turn(DAY, sector, period=date(2026, 1, 1 + n)), fate="push", seen=SLOT)
        for n in range(20)
        for sector in VN.sector_ids
    ]
    (message,) = written(rows, desk={})
    assert f"And {len(rows) - MOST_TOLD} more" in message.text
