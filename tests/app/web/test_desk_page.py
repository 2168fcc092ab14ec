import time
from collections.abc import Callable
from itertools import pairwise
from math import hypot
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.app.web.sites import PATIENCE_MS, Here

SERIOUS = {"serious", "critical"}
READY = "#map-card:not([aria-busy]) svg.rotation-map .head[aria-label]"


def opened(page: Page, site: Here, query: str = "universe=demo") -> None:
    page.goto(f"{site.url}/?{query}")
    page.wait_for_selector(READY)
    expect(page.locator("#textbook")).not_to_be_empty()
    expect(page.locator("#map-table.older")).to_have_count(0)


def picture(page: Page) -> str:
    return str(page.locator("#panes").evaluate("panes => panes.innerHTML"))


def places(page: Page) -> dict[str, str]:
    heads = page.locator("#panes .head").evaluate_all(
        "heads => heads.map(head => [head.dataset.sector, head.getAttribute('transform')])"
    )
    return {str(sector): str(place) for sector, place in heads}


def pixel(place: str) -> tuple[float, float]:
    x, y = place.removeprefix("translate(").removesuffix(")").split()
    return float(x), float(y)


def moved(page: Page, start: dict[str, str], times: int = 1) -> None:
    """Wait until the heads have been seen at so many places other than these."""
    seen = [start]
    end = time.monotonic() + PATIENCE_MS / 1000
    while len(seen) <= times:
        assert time.monotonic() < end, f"seen at {len(seen) - 1} of {times} places"
        page.wait_for_timeout(40)
        found = places(page)
        if found not in seen:
            seen.append(found)


def sampled(page: Page, times: int) -> set[tuple[tuple[str, str], ...]]:
    """Return where the heads were at some moments, each once."""
    found = set()
    for _ in range(times):
        found.add(tuple(sorted(places(page).items())))
        page.wait_for_timeout(40)
    return found


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [str(item["id"]) for item in found if item["impact"] in SERIOUS]


def wait_for_another(page: Page, seen: str, name: str) -> None:
    end = time.monotonic() + PATIENCE_MS / 1000
    while picture(page) == seen:
        assert time.monotonic() < end, f"{name} changes nothing"
        page.wait_for_timeout(20)


def test_each_control_changes_the_picture(site: Here, page: Page) -> None:
    opened(page, site)

    def button(name: str) -> Locator:
        return page.get_by_role("button", name=name, exact=True)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("tail", lambda: page.locator("#tail").fill("14")),
        ("colours", lambda: page.locator("#quadrant-colours").check()),
        ("weights", lambda: page.locator("#weights").check()),
        ("benchmark", lambda: page.locator("#benchmark").select_option("constant")),
        ("daily", button("Daily").click),
        ("side by side", button("Side by side").click),
        ("weekly", button("Weekly").click),
        ("small multiples", button("Small multiples").click),
        ("one map", button("One map").click),
        ("a sector less", lambda: page.locator("#map-table tbody input").first.uncheck()),
        ("a step back", lambda: page.locator("#back").click()),
    ]
    seen = [picture(page)]
    counts: dict[str, int] = {}
    for name, act in steps:
        act()
        wait_for_another(page, seen[-1], name)
        page.wait_for_selector(READY)
        expect(page.locator("#map-table.older")).to_have_count(0)
        seen.append(picture(page))
        if name == "small multiples":
            assert barriers(page) == []
        counts[name] = page.locator("svg.rotation-map:visible").count()
    assert all(one != other for one, other in pairwise(seen))
    assert counts["one map"] == counts["weekly"] == 1
    assert counts["side by side"] == 2
    assert counts["small multiples"] == page.locator("#map-table tbody tr").count()
    table = page.locator("#map-table tbody tr th")
    before = table.all_inner_texts()
    button("Ratio").click()
    assert table.all_inner_texts() != before
    expect(page.locator("#map-table th[aria-sort='descending']")).to_have_text("Ratio")


def test_heads_stand_where_the_answer_says_and_those_near_the_centre_can_be_hidden(
    site: Here, page: Page
) -> None:
    opened(page, site)
    course = page.request.get(f"{site.url}/api/universes/demo/map").json()

    def far(bar: int) -> list[str]:
        away = {
            row["sector"]: hypot(
                row["rs_ratio_index"][bar] - 100.0, row["rs_momentum_index"][bar] - 100.0
            )
            for row in course["sectors"]
        }
        return [sector for sector, distance in away.items() if distance >= 0.5]

    n_sectors = len(course["sectors"])
    bars = range(course["first_frame"], len(course["periods"]))
    bar = next(bar for bar in bars if len(far(bar)) < n_sectors)
    page.locator("#slider").fill(str(bar))
    drawn = places(page)
    assert len(drawn) == n_sectors
    points = {
        row["sector"]: (row["rs_ratio_index"][bar], -row["rs_momentum_index"][bar])
        for row in course["sectors"]
    }
    pixels = {sector: pixel(place) for sector, place in drawn.items()}
    east = sorted(points, key=lambda sector: points[sector][0])
    low, high = east[0], east[-1]
    unit = (pixels[high][0] - pixels[low][0]) / (points[high][0] - points[low][0])
    for sector, point in points.items():
        for axis in (0, 1):
            away = pixels[sector][axis] - pixels[low][axis]
            assert away == pytest.approx(unit * (point[axis] - points[low][axis]), abs=0.3)
    page.locator("#near").check()
    assert sorted(places(page)) == sorted(far(bar))
    assert "near=1" in page.url


@pytest.mark.prove
def test_play_moves_the_heads_between_bars_and_a_step_by_one(site: Here, page: Page) -> None:
    opened(page, site)
    slider, play = page.locator("#slider"), page.locator("#play")
    slider.focus()
    last = int(slider.input_value())
    for _ in range(12):
        slider.press("ArrowLeft")
    assert int(slider.input_value()) == last - 12
    first = int(slider.get_attribute("min") or "0")
    assert last - first > 100
    slider.fill(str(first))
    start = places(page)
    page.locator("#speed").select_option("0.5")
    play.click()
    moved(page, start, times=4)
    play.click()
    stopped = int(slider.input_value())
    assert first <= stopped < last
    assert places(page) != start
    page.locator("#forward").click()
    assert int(slider.input_value()) == stopped + 1
    page.locator("#latest").click()
    assert int(slider.input_value()) == last
    page.emulate_media(reduced_motion="reduce")
    slider.fill(str(first))
    play.click()
    moments = sampled(page, 12)
    play.click()
    assert 1 <= len(moments) <= 1 + int(slider.input_value()) - first


@pytest.mark.prove
def test_a_frame_is_the_map_of_its_own_day(site: Here, page: Page) -> None:
    opened(page, site)
    page.locator("#slider").fill(str(int(page.locator("#slider").input_value()) - 20))
    page.wait_for_function("new URL(location).searchParams.get('at')")
    expect(page.locator("#map-table.older")).to_have_count(0)
    day = page.evaluate("new URL(location).searchParams.get('at')")
    frame, said = places(page), page.locator("#map-table tbody").inner_text()
    opened(page, site, f"universe=demo&as_of={day}")
    assert places(page) == frame
    assert page.locator("#map-table tbody").inner_text() == said


@pytest.mark.prove
def test_a_link_restores_what_was_shown(site: Here, page: Page) -> None:
    opened(page, site)
    page.locator("#tail").fill("6")
    page.locator("#quadrant-colours").check()
    page.locator("#map-table tbody input").nth(2).uncheck()
    page.locator("#slider").fill(str(int(page.locator("#slider").input_value()) - 9))
    head = page.locator("#panes .head").nth(1)
    head.focus()
    head.press("Enter")
    expect(head).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#map-table.older")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    before, heads = page.url, places(page)
    assert {"tail=4m", "colours=quadrant"} <= set(before.partition("?")[2].split("&"))
    page.locator("#link").click()
    expect(page.locator("#status")).to_contain_text(before)
    page.reload()
    page.wait_for_selector(READY)
    assert (page.url, places(page)) == (before, heads)
    expect(page.locator("#quadrant-colours")).to_be_checked()
    expect(page.locator("#panes .head[aria-pressed='true']")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#panes .head[aria-pressed='true']")).to_have_count(0)


@pytest.mark.prove
def test_a_head_tells_its_card_to_pointer_and_keyboard(site: Here, page: Page) -> None:
    opened(page, site)
    card, head = page.locator("#hover"), page.locator("#panes .head").first
    head.focus()
    expect(card).to_be_visible()
    for said in (
        "RS-Ratio",
        "Heading",
        "Leaves within 4 bars",
        "Next bar",
        "3-month return",
        "(n ",
    ):
        expect(card).to_contain_text(said)
    by_key = card.inner_text()
    page.locator("#play").focus()
    expect(card).to_be_hidden()
    box = head.locator(".shape").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(card).to_be_visible()
    assert card.inner_text() == by_key
    page.mouse.down()
    page.mouse.up()
    expect(head).to_have_attribute("aria-pressed", "true")
    assert "only=" in page.url


@pytest.mark.prove
def test_picture_and_table_can_be_taken_away(site: Here, page: Page, tmp_path: Path) -> None:
    opened(page, site, "universe=demo&frequency=both")
    page.locator("#reading summary").click()
    assert barriers(page) == []
    with page.expect_download() as drawn:
        page.locator("#png").click()
    drawn.value.save_as(tmp_path / "map.png")
    data = (tmp_path / "map.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(data) > 20_000
    with page.expect_download() as table:
        page.locator("#csv").click()
    table.value.save_as(tmp_path / "map.csv")
    rows = (tmp_path / "map.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("universe,benchmark,frequency,period")
    n_sectors = page.locator("#map-table tbody tr").count()
    assert len(rows) == 1 + 9 * n_sectors


@pytest.mark.prove
def test_a_phone_shows_all_of_it_without_scrolling_sideways(site: Here, phone: Page) -> None:
    for query in (
        "universe=demo",
        "universe=demo&frequency=both&lang=vi",
        "universe=demo&view=grid",
    ):
        opened(phone, site, query)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_market_without_data_says_who_must_act(site: Here, page: Page) -> None:
    page.goto(f"{site.url}/?universe=us")
    expect(page.locator("#map-gap")).to_contain_text("sectorwise import --universe us")
    expect(page.locator("#map-gap")).to_contain_text("Who must act: you")
    expect(page.locator("#png")).to_be_hidden()
    page.get_by_role("button", name="Side by side").click()
    expect(page.locator("#map-gap")).to_contain_text("Who must act: you")


@pytest.mark.prove
@pytest.mark.real_data
@pytest.mark.xdist_group("real home")
def test_nineteen_sectors_show_the_furthest_and_all_as_small_maps(
    real_site: Here, page: Page
) -> None:
    opened(page, real_site, "universe=vn")
    shown = page.locator("#panes .head").count()
    assert 8 <= shown <= 12
    expect(page.locator("#cut")).to_contain_text("of 19")
    expect(page.locator("#map-table tbody tr")).to_have_count(19)
    page.get_by_role("button", name="Small multiples").click()
    expect(page.locator("svg.rotation-map:visible")).to_have_count(17)
    assert page.locator("#panes figcaption:visible").count() == 17
