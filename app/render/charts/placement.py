"""Where labels go so that they do not cover each other, heads or tails; greedy, deterministic."""

from dataclasses import dataclass
from itertools import product
from math import cos, hypot, pi, sin

RINGS_PX = (9.0, 14.0, 20.0, 28.0, 38.0, 50.0)
ANGLES = tuple(step * pi / 8 for step in range(16))
LABEL_WEIGHT = 40.0
HEAD_WEIGHT = 25.0
NODE_WEIGHT = 8.0
OUTSIDE_WEIGHT = 60.0
DISTANCE_WEIGHT = 9.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        """Return the shared area."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return the rectangle's point nearest to this one."""
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that wants a label of this size."""

    x: float
    y: float
    width: float
    height: float


def boxes(anchors: list[Anchor], obstacles: list[Box], frame: Box) -> list[Box]:
    """Return one box an anchor, in the anchors' order; most crowded heads choose first."""
    heads = [Box(a.x - 5, a.y - 5, a.x + 5, a.y + 5) for a in anchors]
    order = sorted(range(len(anchors)), key=lambda i: (-_crowding(anchors, i), i))
    placed: dict[int, Box] = {}
    for index in order:
        taken = list(placed.values())
        near = [box for box in obstacles if _within(anchors[index], box)]
        placed[index] = min(
            _candidates(anchors[index]),
            key=lambda box: _cost(box, index, anchors, heads, taken, near, frame),
        )
    return [placed[index] for index in range(len(anchors))]


def _within(anchor: Anchor, box: Box) -> bool:
    x, y = box.centre
    reach = RINGS_PX[-1] + 10
    return abs(x - anchor.x) < reach + anchor.width and abs(y - anchor.y) < reach + anchor.height


def _crowding(anchors: list[Anchor], index: int) -> float:
    here = anchors[index]
    return sum(
        1 / (10 + hypot(here.x - there.x, here.y - there.y))
        for position, there in enumerate(anchors)
        if position != index
    )


def _candidates(anchor: Anchor) -> list[Box]:
    found = []
    for radius, angle in product(RINGS_PX, ANGLES):
        x = anchor.x + cos(angle) * (radius + anchor.width / 2)
        y = anchor.y - sin(angle) * (radius + anchor.height / 2)
        half_wide, half_high = anchor.width / 2, anchor.height / 2
        found.append(Box(x - half_wide, y - half_high, x + half_wide, y + half_high))
    return found


def _cost(
    box: Box, index: int, anchors: list[Anchor], heads: list[Box], taken: list[Box],
    obstacles: list[Box], frame: Box,
) -> float:  # fmt: skip
    area = (box.right - box.left) * (box.bottom - box.top)
    x, y = box.centre
    far = hypot(x - anchors[index].x, y - anchors[index].y)
    return round(
        LABEL_WEIGHT * sum(box.overlap(other) for other in taken)
        + HEAD_WEIGHT * sum(box.overlap(head) for head in heads)
        + NODE_WEIGHT * sum(box.overlap(node) for node in obstacles)
        + OUTSIDE_WEIGHT * (area - box.overlap(frame))
        + DISTANCE_WEIGHT * far,
        6,
    )
