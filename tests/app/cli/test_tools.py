import json
import shutil
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.app.command import Ran, sectorwise

LONG = partial(pytest.param, marks=pytest.mark.prove)
ROOT = Path(__file__).parents[3]
THERE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


class Desk:
    """A home whose `mcp.json` names the stand-in of the public VIMO server."""

    def __init__(self, home: Path) -> None:
        self.home, self.file = home, home / "mcp.json"
        self.write()

    def write(self, *options: str, **ours: object) -> None:
        settings = {"aliases": "vimo", "calls_a_day": 50, "calls_a_minute": 3} | ours
        day = datetime.now(THERE).date()
        args = ["-m", "tests.servers.vimo_stdio", day.isoformat(), *options]
        env = {"PYTHONPATH": str(ROOT)}
        entry = {"command": sys.executable, "args": args, "env": env, "sectorwise": settings}
        self.file.write_text(json.dumps({"mcpServers": {"vimo": entry}}), encoding="utf-8")

    def tools(self, *arguments: str) -> Ran:
        env = {"SECTORWISE_MCP_CONFIG": str(self.file), "SECTORWISE_UNIVERSE": "vn"}
        return sectorwise("tools", *arguments, home=self.home, env=env)

    def standings(self) -> dict[str, str]:
        (server,) = listed(self.tools("--json"))
        tools = server["tools"]
        assert isinstance(tools, list)
        return {tool["name"]: tool["standing"] for tool in tools}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    home = tmp_path / "home"
    home.mkdir()
    return Desk(home)


def listed(ran: Ran) -> list[dict[str, object]]:
    assert ran.code == 0, ran.error
    said = json.loads(ran.out)
    servers: list[dict[str, object]] = said["servers"]
    return servers


def test_our_own_tools_are_listed_with_what_they_answer(home: Path) -> None:
    ran = sectorwise("tools", home=home)
    assert ran.code == 0, ran.error
    assert "our own server" in ran.out
    assert "get_sector_heatmap" in ran.out
    (server,) = listed(sectorwise("tools", "--json", home=home))
    tools = server["tools"]
    assert isinstance(tools, list)
    assert len(tools) >= 22
    assert all(tool["answers"] for tool in tools)


def test_a_call_prints_the_table_or_every_value(home: Path) -> None:
    call = ("tools", "call", "get_market_overview", "--json", '{"region": "demo"}')
    text = sectorwise(*call, home=home)
    assert text.code == 0, text.error
    assert text.out.startswith("get_market_overview demo as of")
    values = sectorwise(*call, "--output", "json", home=home)
    assert json.loads(values.out)["tool"] == "get_market_overview"


def test_a_gap_is_an_answer_and_ends_well(home: Path) -> None:
    ran = sectorwise(
        "tools", "call", "get_market_overview", "--json", '{"region": "VN"}', home=home
    )
    assert ran.code == 0
    assert "gap no_data: There are no prices" in ran.out


@pytest.mark.prove
def test_a_picture_is_written_where_it_is_wanted(home: Path) -> None:
    out = home / "map.png"
    call = ("tools", "call", "get_rotation_map", "--json", '{"region": "demo"}')
    assert "image/png: --out FILE" in sectorwise(*call, home=home).out
    assert sectorwise(*call, "--out", str(out), home=home).code == 0
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["get_sector_heatmop"], "no tool get_sector_heatmop: did you mean get_sector_heatmap"),
        (["get_market_overview", "--json", '{"regio": "demo"}'], "takes region, as_of; not regio"),
        LONG(["get_market_overview", "--json", '{"region": "Atlantis"}'], "no region 'Atlantis'"),
        (["get_sector_heatmap", "--json", '{"horizon": "2M"}'], "horizon: Input should be '1W'"),
        (["get_market_overview", "--json", "{region: demo}"], "--json is not JSON"),
        LONG(["get_market_overview", "--json", '{"as_of": NaN}'], "NaN is no JSON number"),
        LONG(["get_market_overview", "--json", "[1]"], "--json is [1]: expected an object"),
        (["get_rotation_map", "--out", "/nowhere/map.png"], "cannot be written"),
        LONG(["get_rotation_map", "--output", "yaml"], "sectorwise tools call --help."),
    ],
)
def test_a_wrong_call_is_one_sentence_that_says_what_to_do(
    home: Path, arguments: list[str], sentence: str
) -> None:
    ran = sectorwise("tools", "call", *arguments, home=home)
    assert ran.code == 2
    assert sentence in ran.error
    assert ran.error.count("\n") == 1


def test_the_committed_reference_says_what_the_server_publishes(home: Path) -> None:
    out = home / "tools.md"
    ran = sectorwise("tools", "reference", "--out", str(out), home=home)
    assert ran.code == 0, ran.error
    committed = (ROOT / "docs" / "tools.md").read_text(encoding="utf-8")
    assert out.read_text(encoding="utf-8") == committed, "run `sectorwise tools reference`"


def test_a_strangers_tools_are_listed_with_whose_they_are_and_what_is_left(desk: Desk) -> None:
    (server,) = listed(desk.tools("--json"))
    assert (server["name"], server["reachable"]) == ("vimo", True)
    assert server["alias_map"] == "VIMO Financial Intelligence"
    assert (server["left_this_minute"], server["left_today"]) == (3, 50)
    tools = server["tools"]
    assert isinstance(tools, list)
    ours = {tool["name"]: tool["stands_for"] for tool in tools}
    assert "get_sector_heatmap" in ours["get_sector_rotation"]
    assert {tool["standing"] for tool in tools} == {"pinned"}
    text = desk.tools().out
    assert "3 of 3" in text
    assert "no server answers" in text


def test_a_call_goes_through_the_gateway_and_counts(desk: Desk) -> None:
    ran = desk.tools("call", "get_whale_activity", "--json", '{"region": "VN"}')
    assert ran.code == 0, ran.error
    assert ran.out.startswith("from vimo\nget_whale_activity vn")
    (server,) = listed(desk.tools("--json"))
    assert server["left_today"] == 49


@pytest.mark.prove
def test_a_changed_tool_is_named_and_not_called_until_it_is_accepted(desk: Desk) -> None:
    assert desk.standings()["get_whale_activity"] == "pinned"
    desk.write("renames=get_whale_activity")
    said = desk.tools().out
    assert "vimo changed get_whale_activity since first use" in said
    assert "`sectorwise tools accept vimo`" in said
    refused = desk.tools("call", "get_whale_activity", "--json", '{"region": "vn"}')
    assert refused.code == 4
    accepted = desk.tools("accept", "vimo", "get_whale_activity", "--json")
    assert json.loads(accepted.out) == {"accepted": ["get_whale_activity"], "server": "vimo"}
    assert "vimo: nothing changed" in desk.tools("accept", "vimo").out
    assert desk.tools("call", "get_whale_activity", "--json", '{"region": "vn"}').code == 0


@pytest.mark.prove
def test_a_spent_quota_ends_with_the_code_of_a_budget(desk: Desk) -> None:
    desk.write(calls_a_day=1)
    assert desk.tools("call", "get_whale_activity").code == 0
    ran = desk.tools("call", "get_foreign_flow_by_sector")
    assert ran.code == 6
    assert ran.error.count("\n") == 1


def test_a_server_that_is_down_is_listed_as_last_seen(desk: Desk) -> None:
    seen = desk.standings()
    entry = {"command": sys.executable, "args": ["-c", "raise SystemExit(1)"]}
    desk.file.write_text(json.dumps({"mcpServers": {"vimo": entry}}), encoding="utf-8")
    ran = desk.tools("--json")
    assert ran.code == 4
    server = json.loads(ran.out)["servers"][0]
    assert server["reachable"] is False
    assert {tool["name"] for tool in server["tools"]} == set(seen)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["call", "get_price_histroy"], "mcp.json are not asked for get_price_histroy"),
        LONG(["call", "get_whale_activity", "--json", '{"region": "Atlantis"}'], "no region"),
        LONG(["call", "get_whale_activity", "--json", '{"period": "9W"}'], "period: Input should"),
        (["accept", "nobody"], "no server 'nobody' is configured: there is vimo"),
        LONG(["accept", "vimo", "rm"], "never seen with a tool 'rm'"),
    ],
)
def test_a_wrong_call_to_a_stranger_is_one_sentence(
    desk: Desk, arguments: list[str], sentence: str
) -> None:
    ran = desk.tools(*arguments)
    assert ran.code == 2
    assert sentence in ran.error


def test_our_own_server_answers_beside_a_stranger(home: Path) -> None:
    desk = Desk(home)
    call = ("call", "get_index_history", "--own", "--json", '{"region": "demo"}')
    ran = desk.tools(*call)
    assert ran.code == 0, ran.error
    assert ran.out.startswith("get_index_history demo")
