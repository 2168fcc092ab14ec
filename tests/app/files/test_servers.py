import json
from pathlib import Path

import pytest

from app.files.servers import load_servers
from core.errors import CallerError


def with_ours(**ours: object) -> dict[str, object]:
    """Return an entry that is read through the shipped map."""
    return {"command": "x", "sectorwise": {"aliases": "vimo", **ours}}


def written(folder: Path, servers: object) -> Path:
    path = folder / "mcp.json"
    path.write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")
    return path


def test_servers_are_asked_in_the_files_order_or_one_alone(tmp_path: Path) -> None:
    servers = {
        "Zeta": {"command": "z"},
        "own": {"type": "embedded"},
        "web": {"url": "http://127.0.0.1:1/mcp", "headers": {"Authorization": "Bearer ${TOKEN}"}},
    }
    path = written(tmp_path, servers)
    found = load_servers(path, None, given={"TOKEN": "abc"})
    assert [(spec.name, spec.transport) for spec in found] == [
        ("zeta", "stdio"),
        ("own", "memory"),
        ("web", "http"),
    ]
    assert found[2].headers == {"Authorization": "Bearer abc"}
    assert [spec.name for spec in load_servers(path, "own", given={})] == ["own"]


def test_a_servers_settings_are_read_from_the_key_others_ignore(tmp_path: Path) -> None:
    entry = with_ours(
        calls_a_minute=3, calls_a_day=50, fresh_minutes={"*": 15}, tools=["get_sector_heatmap"]
    )
    spec = load_servers(written(tmp_path, {"vimo": entry}), None)[0]
    assert (spec.calls_a_day, spec.calls_a_minute, spec.today_only) == (50, 3, True)
    assert spec.tools == ("get_sector_heatmap",)
    assert spec.alias_map is not None
    told = load_servers(written(tmp_path, {"vimo": with_ours(today_only=False)}), None)
    assert not told[0].today_only


def test_a_users_own_alias_map_is_read_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'server = "mine"\nchecked = "1"\nuniverses = ["us"]\n'
        '[answers.quote]\nrows = [["data"]]\n'
        '[answers.quote.fields]\nclose = { kind = "number", at = ["c"] }\n'
        '[tools.get_market_overview]\ncalls = "quote"\nrecipe = "series"\n',
        encoding="utf-8",
    )
    entry = {"command": "x", "sectorwise": {"aliases": "mine.toml"}}
    spec = load_servers(written(tmp_path, {"mine": entry}), None)[0]
    assert spec.alias_map is not None
    assert spec.alias_map.universes == ("us",)
    assert not spec.today_only


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"command": "x", "env": {"KEY": "${NO_SUCH_KEY}"}}, "export NO_SUCH_KEY"),
        ({"command": "x", "sectorwise": {"aliases": "vino"}}, "no alias map 'vino'"),
        ({"command": "x", "sectorwise": {"fresh_minutes": {"get_heatmap": 1}}}, "get_heatmap"),
        ({"command": "x", "sectorwise": {"tools": ["get_sector_heatmaps"]}}, "get_sector_heatmap?"),
        ({"command": "x", "sectorwise": {"calls_a_dya": 5}}, "calls_a_dya"),
        ({"command": "x", "sectorwise": {"calls_a_day": 0}}, "calls_a_day"),
        ({}, "command"),
        ({"command": "x", "url": "http://h/"}, "not both"),
        ({"url": "file:///etc/passwd"}, "http://"),
        ({"type": "sse", "url": "http://h/"}, "'sse' is none of stdio"),
    ],
)
def test_what_does_not_fit_is_one_sentence_that_names_it(
    tmp_path: Path, entry: dict[str, object], said: str
) -> None:
    with pytest.raises(CallerError) as caught:
        load_servers(written(tmp_path, {"a": entry}), None, given={})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_variable_of_a_server_that_is_not_asked_need_not_be_set(tmp_path: Path) -> None:
    servers = {"a": {"command": "x", "env": {"K": "${UNSET}"}}, "own": {"type": "embedded"}}
    assert load_servers(written(tmp_path, servers), "own", given={})[0].name == "own"
