"""Decides which LightGBM model text may reach LightGBM's parser, which trusts what it reads.

Only the shape our own fits have passes: plain numerical splits, every node reached once, no loops,
sizes that add up. What a model does with good data is not judged here.
"""

import math
import re
from itertools import pairwise

from core.errors import DataError

BYTES_CAP = 32_000_000
TREES_CAP = 10_000
LEAVES_CAP = 256
FEATURES_CAP = 4_096

END = "end of trees\n"
HEADER = (
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
    "max_feature_idx={last}\nobjective=regression\nfeature_names={names}\n"
    "feature_infos={infos}\ntree_sizes={sizes}\n\n"
)
NUMBER = r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:e[+-][0-9]{1,3})?"
WHOLE = r"-?[0-9]{1,9}"
BOUNDS = rf"none|\[{NUMBER}:{NUMBER}\]"

A_SPLIT = ("split_gain", "threshold", "internal_value", "internal_weight")
A_SPLIT_WHOLE = ("split_feature", "decision_type", "left_child", "right_child", "internal_count")
A_LEAF = ("leaf_value", "leaf_weight")
A_LEAF_WHOLE = ("leaf_count",)
WHOLES = (*A_SPLIT_WHOLE, *A_LEAF_WHOLE)
KEYS = (
    *("num_leaves", "num_cat", "split_feature", "split_gain", "threshold", "decision_type"),
    *("left_child", "right_child", "leaf_value", "leaf_weight", "leaf_count", "internal_value"),
    *("internal_weight", "internal_count", "is_linear", "shrinkage"),
)


def canonical(text: str) -> str:
    """Return the trees alone: what LightGBM writes below them tells of threads and options."""
    return text[: text.index(END) + len(END)]


def checked(data: bytes) -> str:
    """Return the bytes as text that is safe to parse.

    Raises:
        DataError: anything else than `canonical` text of our own fits.
    """
    if len(data) > BYTES_CAP:
        raise DataError(f"trees: {len(data)} bytes, expected {BYTES_CAP} at most")
    try:
        text = data.decode("ascii")
        _check(text)
    except (ValueError, KeyError) as error:
        raise DataError(f"trees: the stored model is damaged ({error})") from error
    return text


def features_count(text: str) -> int:
    """Return how many features checked text learned from."""
    return int(_field(text, "max_feature_idx")) + 1


def _check(text: str) -> None:
    n_features = features_count(text)
    _demand(0 < n_features <= FEATURES_CAP, "features")
    sizes = [int(size) for size in _field(text, "tree_sizes").split(" ")]
    infos = _field(text, "feature_infos")
    header = HEADER.format(
        last=n_features - 1,
        names=" ".join(f"Column_{number}" for number in range(n_features)),
        infos=infos,
        sizes=" ".join(map(str, sizes)),
    )
    _demand(len(infos.split(" ")) == n_features, "feature bounds")
    _demand(all(re.fullmatch(BOUNDS, info) for info in infos.split(" ")), "feature bounds")
    _demand(text.startswith(header), "header")
    _demand(len(sizes) <= TREES_CAP and min(sizes) > 0, "tree sizes")
    ends = [len(header)]
    for size in sizes:
        ends.append(ends[-1] + size)
    _demand(text[ends[-1] :] == END, "end")
    for number, (start, end) in enumerate(pairwise(ends)):
        _check_tree(text[start:end], number, n_features)


def _check_tree(block: str, number: int, n_features: int) -> None:
    title, *lines = block.split("\n")
    _demand(title == f"Tree={number}" and lines[len(KEYS) :] == ["", "", ""], f"tree {number}")
    pairs = [line.split("=") for line in lines[: len(KEYS)]]
    _demand([key for key, _ in pairs] == list(KEYS), f"keys of tree {number}")
    values = {key: value.split(" ") if value else [] for key, value in pairs}
    (count,) = values["num_leaves"]
    n_leaves = int(count)
    _demand(1 <= n_leaves <= LEAVES_CAP, f"leaves of tree {number}")
    _demand(count == str(n_leaves), f"leaves of tree {number}")
    _demand(values["num_cat"] == values["is_linear"] == ["0"], f"kind of tree {number}")
    _numbers(values["shrinkage"], 1)
    for keys, pattern, length in (
        (A_SPLIT, NUMBER, n_leaves - 1),
        (A_SPLIT_WHOLE, WHOLE, n_leaves - 1),
        (A_LEAF_WHOLE, WHOLE, n_leaves),
    ):
        for key in keys:
            _numbers(values[key], length, pattern)
    _numbers(values["leaf_value"], n_leaves)
    _numbers(values["leaf_weight"], n_leaves if n_leaves > 1 else 0)
    _check_nodes({key: [int(value) for value in values[key]] for key in WHOLES}, n_features)


def _check_nodes(nodes: dict[str, list[int]], n_features: int) -> None:
    """Refuse a node reached twice, never or from below itself, and an empty one."""
    children = (nodes["left_child"], nodes["right_child"])
    n_splits = len(children[0])
    wanted = [*range(-n_splits - 1, 0), *range(1, n_splits)]
    _demand(not n_splits or sorted(children[0] + children[1]) == wanted, "children")
    for side in children:
        _demand(all(child < 0 or child > node for node, child in enumerate(side)), "order")
    _demand(all(0 <= feature < n_features for feature in nodes["split_feature"]), "features")
    _demand(set(nodes["decision_type"]) <= {0, 2}, "decisions")
    _demand(min(nodes["leaf_count"] + nodes["internal_count"]) > 0, "counts")


def _numbers(values: list[str], length: int, pattern: str = NUMBER) -> None:
    _demand(len(values) == length, f"{len(values)} values, expected {length}")
    for value in values:
        _demand(re.fullmatch(pattern, value) is not None, "number")
        _demand(math.isfinite(float(value)), "number")


def _field(text: str, name: str) -> str:
    found = re.search(rf"^{name}=([^\n]*)$", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"no {name}")
    return found[1]


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
