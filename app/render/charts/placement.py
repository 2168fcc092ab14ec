"""Where labels go so that they do not cover each other, heads or tails; greedy, deterministic."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import cos, hypot, pi, sin
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Areas: TypeAlias = NDArray[np.float64]

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
        near = [box for box in obstacles if _within(anchors[index], box)]
        weighed = ((LABEL_WEIGHT, list(placed.values())), (HEAD_WEIGHT, heads), (NODE_WEIGHT, near))
        candidates = _candidates(anchors[index])
        costs = _costs(candidates, anchors[index], weighed, frame)
        placed[index] = candidates[int(np.argmin(costs))]
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


def _costs(
    candidates: list[Box], anchor: Anchor, weighed: Iterable[tuple[float, list[Box]]], frame: Box
) -> Areas:
    """Return what each candidate covers, leaves the frame by and is away from its head, weighed.

    Rounded, so that the order of the sums decides nothing.
    """
    own = _corners(candidates)
    inside = _shared(own, _corners([frame])).sum(axis=1)
    cost = OUTSIDE_WEIGHT * (anchor.width * anchor.height - inside)
    for weight, others in weighed:
        if others:
            cost = cost + weight * _shared(own, _corners(others)).sum(axis=1)
    centres = [box.centre for box in candidates]
    far = np.array([hypot(x - anchor.x, y - anchor.y) for x, y in centres])
    rounded: Areas = np.round(cost + DISTANCE_WEIGHT * far, 6)
    return rounded


def _corners(found: list[Box]) -> Areas:
    """Return left, top, right and bottom, a box a row."""
    return np.array([(box.left, box.top, box.right, box.bottom) for box in found])


def _shared(own: Areas, others: Areas) -> Areas:
    """Return the area each of our boxes (rows) shares with each other box (columns)."""
    low = np.maximum(own[:, None, :2], others[None, :, :2])
    high = np.minimum(own[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.prod(np.clip(high - low, 0.0, None), axis=2))
