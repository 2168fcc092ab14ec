import json

import pytest
from mcp import ClientSession, McpError

from app.files.universes import load_universes
from app.served.records import CONTRACT

pytestmark = pytest.mark.anyio


async def read(client: ClientSession, uri: str) -> tuple[str, str]:
    content = (await client.read_resource(uri)).contents[0]  # type: ignore[arg-type]  # the SDK parses it
    return str(content.mimeType), str(getattr(content, "text", ""))


async def test_the_contract_holds_the_schema_of_every_tools_answer(client: ClientSession) -> None:
    kind, text = await read(client, "sectorwise://contract")
    contract = json.loads(text)
    served = {tool.name for tool in (await client.list_tools()).tools}
    assert kind == "application/json"
    assert contract["contract"] == CONTRACT
    assert served == set(contract["results"]) & served
    assert contract["report"]["title"] == "Report"


async def test_a_universe_is_read_by_id_and_by_region(client: ClientSession) -> None:
    _, by_id = await read(client, "sectorwise://universes/us")
    _, by_region = await read(client, "sectorwise://universes/USA")
    assert by_id == by_region
    assert json.loads(by_id) == load_universes()["us"].model_dump(mode="json")


@pytest.mark.parametrize("run", ["nothing", "..", "%2e%2e%2fledger.sqlite", ".%2f.", "a%00b"])
async def test_only_kept_reports_are_read(client: ClientSession, run: str) -> None:
    for uri in (f"sectorwise://reports/{run}", f"sectorwise://reports/{run}/json"):
        with pytest.raises(McpError):
            await read(client, uri)


async def test_the_maps_page_is_served_for_hosts_of_apps(client: ClientSession) -> None:
    kind, text = await read(client, "ui://sectorwise/rotation-map")
    assert kind == "text/html;profile=mcp-app"
    assert text.startswith("<!doctype html>")
