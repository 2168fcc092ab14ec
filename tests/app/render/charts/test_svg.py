import pytest

from app.render.charts.svg import settled


def drawn(inner: str) -> str:
    return (
        settled(f"<svg >{inner}</svg>", font="F")
        .removeprefix('<svg role="img" font-family="F" stroke-linecap="round" >')
        .removesuffix("</svg>")
    )


@pytest.mark.parametrize(
    ("long", "short"),
    [
        (
            '<line transform="translate(1,2)" x2="3" y2="-4" stroke="#111" opacity="0.5"/>',
            '<path d="M1,2l3,-4" stroke="#111" stroke-opacity="0.5"/>',
        ),
        (
            '<path transform="translate(5.004321,6)" d="M1.5,0A1.5,1.5,0,1,1,-1.5,0" fill="#222"'
            ' stroke-width="2" opacity="0.4"/>',
            '<circle cx="5" cy="6" r="1.5" fill="#222" fill-opacity="0.4"/>',
        ),
        ('<text font-family="Own" opacity="1">a</text>', "<text>a</text>"),
    ],
)
def test_marks_are_written_short(long: str, short: str) -> None:
    assert drawn(long) == short


def test_an_outlined_dot_keeps_its_outline() -> None:
    ring = '<path transform="translate(5,6)" d="M2,0A2,2,0,1,1,-2,0" stroke="#222"/>'
    assert drawn(ring) == ring


def test_words_of_a_mark_stay_and_repeated_coordinates_go() -> None:
    told = '<path aria-label="Banks · LEADING" d="M0,0h1"/>'
    assert drawn(told) == '<path d="M0,0h1"><title>Banks · LEADING</title></path>'
    assert drawn('<path aria-label="x: 1; y: 2" d="M0,0h1"/>') == '<path d="M0,0h1"/>'
