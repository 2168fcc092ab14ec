from app.render.charts.vega import Canvas, layer, to_svg

CANVAS = Canvas(width=60, height=20, left=40, right=0, top=0, bottom=0)


def drawn(label: str) -> str:
    channel = {"field": "name", "type": "nominal"}
    bars = layer([{"name": label, "value": 1.0}], "bar", {}, {"y": channel})
    return to_svg([bars], CANVAS, language="en")


def test_a_label_with_characters_no_drawing_can_hold_is_drawn_without_them() -> None:
    forbidden = "".join(map(chr, [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF]))
    assert drawn(f"Ene{forbidden}rgy") == drawn("Energy")
    assert "Energy" in drawn("Energy")
