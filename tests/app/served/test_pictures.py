import base64
import struct

import pytest
from mcp import ClientSession
from mcp.types import CallToolResult, ImageContent

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n"


def picture(result: CallToolResult) -> bytes:
    assert not result.isError, result.content
    image = result.content[-1]
    assert isinstance(image, ImageContent)
    assert image.mimeType == "image/png"
    return base64.b64decode(image.data)


def assert_pixels_alone(png: bytes) -> None:
    """No part of the file holds words, where an address or a secret could hide."""
    parts, place = set(), len(PNG)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        parts.add(png[place + 4 : place + 8])
        place += 12 + length
    assert parts <= {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"pHYs", b"tRNS", b"sRGB", b"gAMA"}


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(PNG)
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


@pytest.mark.parametrize("frequency", ["weekly", "daily"])
async def test_the_map_is_a_picture_with_what_it_shows_beside(
    client: ClientSession, frequency: str
) -> None:
    made = await client.call_tool("get_rotation_map", {"region": "demo", "frequency": frequency})
    assert size(picture(made))[0] > 800
    assert_pixels_alone(picture(made))
    shown = made.structuredContent
    heat = (await client.call_tool("get_sector_heatmap", {"region": "demo"})).structuredContent
    assert shown is not None
    assert heat is not None
    told = {row["sector"]: row["rotation"] for row in shown["rows"]}
    for row in heat["rows"]:
        known, rotation = row[frequency], told[row["sector"]]
        assert rotation["quadrant"] == known["quadrant"]
        assert rotation["tail"] == known["tail"][-12:]
    assert shown["synthetic"]


async def test_the_heatmap_is_a_picture_in_either_language(client: ClientSession) -> None:
    made = {
        language: await client.call_tool(
            "get_heatmap_picture", {"region": "demo", "language": language}
        )
        for language in ("en", "vi")
    }
    assert picture(made["en"]) != picture(made["vi"])
    assert_pixels_alone(picture(made["vi"]))
    assert made["en"].structuredContent == made["vi"].structuredContent


async def test_a_market_without_data_has_a_gap_and_no_picture(client: ClientSession) -> None:
    for name in ("get_rotation_map", "get_heatmap_picture"):
        result = await client.call_tool(name, {"region": "VN"})
        assert not result.isError
        assert result.structuredContent is not None
        assert result.structuredContent["gap"]["reason"] == "no_data"
        assert not any(isinstance(part, ImageContent) for part in result.content)


async def test_equal_questions_give_equal_pictures(client: ClientSession) -> None:
    asked = {"region": "demo", "as_of": "2023-06-30"}
    first, second = [picture(await client.call_tool("get_rotation_map", asked)) for _ in range(2)]
    assert first == second


async def test_the_map_names_its_page_for_hosts_of_apps(client: ClientSession) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert tools["get_rotation_map"].meta == {"ui": {"resourceUri": "ui://sectorwise/rotation-map"}}
