import json
import os
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agents.toolbox.pins import Pins
from app.compose import Composition
from app.files.universes import load_universes
from app.research import Research, research
from app.settings import Settings
from core.records.payloads import MacroResult, MarketResult
from core.records.report import Report
from core.records.request import Request
from tests.servers.vimo_answers import WORDS
from tests.servers.vimo_rest import KEY, vimo_api

LONG_DAY = pytest.param({"calls_a_day": 2}, 2, marks=pytest.mark.prove)
FRIDAY = date(2026, 4, 24)
AFTER_CLOSE = datetime(2026, 4, 24, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
UPSTREAM_CALLS = 5
"""Heatmap, macro, flow, whales, market: what of a report the public server has."""


def stand_in(folder: Path, day: date = FRIDAY, **options: object) -> dict[str, object]:
    """Return the entry of the public server's stand-in; its calls go to calls.log."""
    given = [f"{name}={value}" for name, value in options.items()]
    return {
        "command": sys.executable,
        "args": [
            "-m",
            "tests.servers.vimo_stdio",
            day.isoformat(),
            f"calls={folder / 'calls.log'}",
            *given,
        ],
        "env": {"PYTHONPATH": str(ROOT)},
        "sectorwise": {"aliases": "vimo", "calls_a_day": 50, "calls_a_minute": 30},
    }


def with_limits(entry: dict[str, object], **limits: object) -> dict[str, object]:
    ours = entry["sectorwise"]
    assert isinstance(ours, dict)
    return {**entry, "sectorwise": {**ours, **limits}}


def settings_of(home: Path, folder: Path, servers: dict[str, object]) -> Settings:
    config = folder / "mcp.json"
    config.write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")
    return Settings(home=home, mcp_config=config, pace_seconds=0.0)


async def ran(settings: Settings, *, now: datetime = AFTER_CLOSE) -> Research:
    """Return a report of Vietnam, asked at that moment."""
    composition = Composition(settings, load_universes(), clock=lambda: now)
    request = Request(
        text="", language="en", intent="report", universes=("vn",), horizon="1M", as_of=None
    )
    return await research(request, composition)


def calls_made(folder: Path) -> list[str]:
    log = folder / "calls.log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def gaps(report: Report) -> dict[str, str]:
    return {gap.tool: gap.gap.reason for gap in report.gaps}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_a_report_from_the_public_servers_stand_in_alone_says_what_is_missing(
    tmp_path: Path,
) -> None:
    home = tmp_path / "own"
    settings = settings_of(home, tmp_path, {"vimo": stand_in(tmp_path)})
    report = (await ran(settings)).report
    assert {item.server for item in report.evidence} == {"vimo"}
    assert {item.tool for item in report.evidence} == {
        "get_macro_indicators",
        "get_foreign_flow_by_sector",
        "get_whale_activity",
        "get_market_overview",
    }
    assert gaps(report)["get_sector_heatmap"] == "too_short"
    assert gaps(report)["get_sector_fundamentals"] == "not_served"
    assert {item.result.as_of for item in report.evidence} == {FRIDAY}
    assert not report.synthetic
    assert not report.scorecards
    assert not report.allocations
    assert len(calls_made(tmp_path)) == UPSTREAM_CALLS
    every_number_is_one_the_server_told(report)
    said = " ".join(sentence.text for sentence in report.sentences)
    assert "no score and no allocation" in said
    assert WORDS not in report.model_dump_json()
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert files
    assert not any(WORDS.encode() in content for content in files)


def every_number_is_one_the_server_told(report: Report) -> None:
    results = {item.tool: item.result for item in report.evidence}
    macro, market = results["get_macro_indicators"], results["get_market_overview"]
    assert isinstance(macro, MacroResult)
    assert isinstance(market, MarketResult)
    assert [row.value_level for row in macro.rows] == [3.2, 51.4]
    known = {fact.id: fact.evidence for fact in report.facts}
    used = {span.fact for sentence in report.sentences for span in sentence.spans if span.fact}
    assert used
    assert {known[name] for name in used} <= {item.id for item in report.evidence}


@pytest.mark.anyio
@pytest.mark.prove
async def test_a_second_report_within_the_minutes_spends_no_call(tmp_path: Path) -> None:
    entry = with_limits(stand_in(tmp_path), fresh_minutes={"*": 15})
    settings = settings_of(tmp_path / "own", tmp_path, {"vimo": entry})
    first = (await ran(settings)).report
    again = (await ran(settings, now=AFTER_CLOSE.replace(minute=14))).report
    assert len(calls_made(tmp_path)) == UPSTREAM_CALLS
    assert [item.sha256 for item in again.evidence] == [item.sha256 for item in first.evidence]
    await ran(settings, now=AFTER_CLOSE.replace(minute=30))
    assert len(calls_made(tmp_path)) == 2 * UPSTREAM_CALLS


@pytest.mark.anyio
@pytest.mark.parametrize(("limits", "made"), [LONG_DAY, ({"calls_a_minute": 3}, 3)])
async def test_a_report_spends_no_more_calls_than_the_server_grants(
    tmp_path: Path, limits: dict[str, int], made: int
) -> None:
    entry = with_limits(stand_in(tmp_path), **limits)
    settings = settings_of(tmp_path / "own", tmp_path, {"vimo": entry})
    report = (await ran(settings)).report
    assert len(calls_made(tmp_path)) == made
    assert list(gaps(report).values()).count("quota_spent") == UPSTREAM_CALLS - made
    assert any("quota" in sentence.text for sentence in report.sentences)


@pytest.mark.anyio
async def test_the_servers_own_limit_is_a_spent_quota_too(tmp_path: Path) -> None:
    entry = stand_in(tmp_path, refuses_after=3)
    settings = settings_of(tmp_path / "own", tmp_path, {"vimo": entry})
    report = (await ran(settings)).report
    assert list(gaps(report).values()).count("quota_spent") == UPSTREAM_CALLS - 3


@pytest.mark.anyio
@pytest.mark.parametrize("unit", [1e3, pytest.param(1e-9, marks=pytest.mark.prove)])
async def test_flows_in_another_unit_are_rejected_and_the_rest_stands(
    tmp_path: Path, unit: float
) -> None:
    entry = stand_in(tmp_path, unit=unit)
    settings = settings_of(tmp_path / "own", tmp_path, {"vimo": entry})
    report = (await ran(settings)).report
    assert gaps(report)["get_foreign_flow_by_sector"] == "rejected"
    assert "get_whale_activity" in {item.tool for item in report.evidence}


@pytest.mark.prove
@pytest.mark.anyio
async def test_a_tool_that_changed_is_off_until_it_is_accepted(tmp_path: Path) -> None:
    home = tmp_path / "own"
    await ran(settings_of(home, tmp_path, {"vimo": stand_in(tmp_path)}))
    changed = stand_in(tmp_path, renames="get_whale_activity")
    settings = settings_of(home, tmp_path, {"vimo": changed})
    report = (await ran(settings)).report
    assert gaps(report)["get_whale_activity"] == "tool_changed"
    assert "get_macro_indicators" in {item.tool for item in report.evidence}
    pins = Pins(settings.database, clock=lambda: AFTER_CLOSE)
    assert pins.accept("vimo") == {"get_whale_activity"}
    pins.close()
    report = (await ran(settings)).report
    assert "get_whale_activity" in {item.tool for item in report.evidence}


@pytest.mark.prove
@pytest.mark.anyio
@pytest.mark.real_data
async def test_with_our_own_server_behind_it_the_score_is_whole_and_each_number_names_its_server(
    real_home: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(real_home, tmp_path / "own"))
    day, now = date(2024, 12, 30), datetime(2024, 12, 30, 9, 0, tzinfo=UTC)
    servers: dict[str, object] = {
        "vimo": stand_in(tmp_path, day=day),
        "own": {"type": "embedded"},
    }
    report = (await ran(settings_of(home, tmp_path, servers), now=now)).report
    served = {item.tool: item.server for item in report.evidence}
    assert served["get_market_overview"] == "vimo"
    assert served["get_sector_heatmap"] == "own"
    assert report.allocations
    scored = [item for item in report.evidence if item.result.factors]
    assert {item.server for item in scored} == {"own"}


@pytest.mark.prove
@pytest.mark.anyio
@pytest.mark.parametrize("minute", [3])
async def test_the_public_servers_own_code_serves_a_report_within_its_quota(
    tmp_path: Path, minute: int
) -> None:
    checkout = os.environ.get("VIMO_CHECKOUT")
    if checkout is None:
        pytest.skip("VIMO_CHECKOUT names no checkout of the public server with its npm packages")
    with vimo_api(datetime.now(UTC).date()) as api:
        entry = {
            "command": "node",
            "args": [str(Path(checkout) / "index.js")],
            "env": {"VIMO_API_KEY": KEY, "VIMO_API_BASE": api.url},
            "sectorwise": {"aliases": "vimo", "calls_a_day": 50, "calls_a_minute": minute},
        }
        settings = settings_of(tmp_path / "own", tmp_path, {"vimo": entry})
        settings = settings.model_copy(update={"pace_seconds": 200.0})
        composition = Composition(settings, load_universes())
        request = Request(
            text="", language="en", intent="report", universes=("vn",), horizon="1M", as_of=None
        )
        report = (await research(request, composition)).report
        assert len(api.asked) == UPSTREAM_CALLS
    assert {item.server for item in report.evidence} == {"vimo"}
    assert "quota_spent" not in gaps(report).values()
    assert WORDS not in report.model_dump_json()
