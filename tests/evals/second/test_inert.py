"""What a page must not have: anything that runs, loads, leads away or hides."""

import pytest

from evals.second.inert import activity
from evals.second.reading import read_page, read_report


@pytest.mark.parametrize(
    "html",
    [
        "<p onclick='x()'>a</p>",
        "<p><a>b</a></p>",
        "<p>see https://evil.example/x</p>",
        "<p>[more](x)</p>",
        "<p>javascript:x</p>",
        "<p title='www.evil.example'>a</p>",
        "<p>1\u200b2</p>",
        "<p>\u0663</p>",
        "<svg><text fill='#fff'>Buy</text></svg>",
        "<svg><text font-size='1'>Buy</text></svg>",
        "<svg><image></image></svg>",
        "<iframe></iframe>",
        "<meta http-equiv='refresh' content='0;url=//evil.example'>",
    ],
)
def test_what_is_not_at_rest_is_told(html: str) -> None:
    quiet = set(activity(read_page("<p>a</p>").root))
    assert set(activity(read_page(html).root)) - quiet


@pytest.mark.parametrize(
    "html", ["<p>a", "<p>a</b></p>", "<!-- a -->", "<?x?>", "<p class=a class=b>"]
)
def test_a_page_that_is_not_well_made_is_told(html: str) -> None:
    assert read_page(html).faults


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', '{"a":NaN}', "[]", "{"])
def test_a_report_that_is_not_strict_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_report(text)
