from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.web.house import House
from app.web.pages.named import last_day, market_named
from app.web.pages.registry import PAGES
from tests.app.web.asking import client_of

BROWSER = {"accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize(
    ("path", "status", "named"),
    [
        ("/?universe=nope", 404, "There is no market “nope”. There are: demo,"),
        ("/heatmap?universe=nope&lang=vi", 404, "Không có thị trường “nope”"),
        ("/macro?universe=demo&as_of=abc", 422, "“abc” is no date"),
        ("/sectors/nope?universe=demo&lang=vi", 404, "không có ngành “nope”"),
        ("/reports/zzz?universe=demo", 404, "No report “zzz” is kept here"),
        (f"/reports/{'z' * 300}?universe=demo", 404, "is kept here"),
        ("/nope", 404, "Nothing here"),
    ],
)
def test_what_an_address_names_and_is_not_there_is_a_page_that_says_so(
    demo_client: TestClient, path: str, status: int, named: str
) -> None:
    answer = demo_client.get(path, headers=BROWSER)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert named in answer.text
    assert f'lang="{"vi" if "lang=vi" in path else "en"}"' in answer.text


def test_a_day_yet_to_come_is_one_sentence_on_every_page_and_asks_for_nothing(
    demo_client: TestClient, demo_house: House
) -> None:
    for page in PAGES:
        if "{" in page.path:
            continue
        path = f"{page.path}?universe=demo&lang=vi&as_of=2999-01-01"
        text = demo_client.get(path, headers=BROWSER).text
        assert "01/01/2999 chưa tới" in text
        assert f"/{page.name}.js" not in text
        assert "chat.js" not in text
        assert f'max="{last_day(demo_house)}"' in text
    today = demo_house.tools.today()
    shown = demo_client.get(f"/?universe=demo&as_of={today}", headers=BROWSER).text
    assert "chat.js" in shown
    assert last_day(demo_house) > today > date(2024, 1, 1)


def test_without_a_name_the_page_is_of_a_market_that_has_data(
    demo_house: House, demo_home: Path
) -> None:
    assert market_named(demo_house, None) == "demo"
    assert market_named(demo_house, "us") == "us"
    other = client_of(demo_home, universe="us")
    assert '"universe":"demo"' in other.get("/", headers=BROWSER).text


def test_a_page_signs_out_where_a_token_lets_in(demo_client: TestClient, demo_home: Path) -> None:
    guarded = client_of(demo_home, token="a-token-of-thirty-two-characters")  # noqa: S106 - nobody's
    form = '<form method="post" action="/logout">'
    assert form in guarded.get("/alerts?universe=demo").text
    assert form not in demo_client.get("/alerts?universe=demo").text
