import sys
from pathlib import Path

import pytest

from core.errors import DataError
from core.forecast.learners.tree_text import checked
from core.forecast.learners.trees import Trees
from tests.core.forecast.learners.samples import line, planted

TREES = Trees(rounds=4)


@pytest.fixture(scope="module")
def text() -> str:
    return TREES.fit(planted(line), seed=1).to_bytes().decode()


def test_own_text_passes_and_holds_no_options(text: str) -> None:
    assert checked(text.encode()) == text
    assert text.endswith("end of trees\n")
    assert "num_threads" not in text


def test_a_sample_too_small_to_split_gives_a_constant() -> None:
    sample = planted(line)
    small = type(sample)(sample.x[:50], sample.y[:50], sample.dates[:50], sample.weight[:50])
    fitted = TREES.fit(small, seed=1)
    answers = TREES.read(fitted.to_bytes()).predict(sample.x)
    assert answers == pytest.approx(small.y.mean())


def test_no_leaf_holds_fewer_rows_than_the_least(text: str) -> None:
    counts = [row for row in text.splitlines() if row.startswith("leaf_count=")]
    least = min(int(value) for row in counts for value in row.split("=")[1].split(" "))
    assert least >= 200


def changed(text: str, key: str, values: str) -> str:
    """Return the text with a line of its first tree replaced, and the sizes made to fit."""
    start = text.index(f"\n{key}=") + 1
    end = text.index("\n", start)
    replaced = f"{key}={values}"
    sizes_start = text.index("tree_sizes=") + len("tree_sizes=")
    sizes_end = text.index("\n", sizes_start)
    sizes = text[sizes_start:sizes_end].split(" ")
    sizes[0] = str(int(sizes[0]) + len(replaced) - (end - start))
    return text[:sizes_start] + " ".join(sizes) + text[sizes_end:start] + replaced + text[end:]


def test_the_change_a_test_makes_keeps_the_sizes_right(text: str) -> None:
    assert checked(changed(text, "shrinkage", "0.25").encode())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("left_child", "0"),
        ("left_child", "9999999"),
        ("right_child", "-999"),
        ("split_feature", "99"),
        ("split_feature", "-1"),
        ("split_feature", "0.5"),
        ("decision_type", "1"),
        ("decision_type", "10"),
        ("leaf_value", "nan"),
        ("leaf_value", "1e+999"),
        ("leaf_value", "0 0"),
        ("leaf_weight", "inf"),
        ("leaf_count", "0"),
        ("internal_count", "-5"),
        ("threshold", "0x10"),
        ("threshold", ""),
        ("num_cat", "1"),
        ("is_linear", "1"),
        ("num_leaves", "900000000"),
        ("num_leaves", "2"),
        ("num_leaves", ""),
        ("shrinkage", "1 1"),
        ("shrinkage", "1\ncat_boundaries=0 1000000"),
    ],
)
def test_a_tree_that_could_harm_the_parser_is_refused(text: str, key: str, value: str) -> None:
    start = text.index(f"\n{key}=") + len(key) + 2
    first, *others = text[start : text.index("\n", start)].split(" ")
    assert first != value
    with pytest.raises(DataError):
        TREES.read(changed(text, key, " ".join([value, *others])).encode())


def test_a_number_python_reads_and_the_parser_does_not_is_refused(text: str) -> None:
    start = text.index("\nnum_leaves=") + len("\nnum_leaves=")
    count = text[start : text.index("\n", start)]
    for written in (f"0{count}", f"+{count}", f"0_{count}", f" {count}"):
        with pytest.raises(DataError):
            TREES.read(changed(text, "num_leaves", written).encode())


def test_branches_that_lead_back_to_themselves_are_refused(text: str) -> None:
    start = text.index("\nleft_child=") + len("\nleft_child=")
    children = text[start : text.index("\n", start)].split(" ")
    leaf = max(place for place, child in enumerate(children) if child.startswith("-"))
    assert children[0] == "1"
    children[0], children[leaf] = children[leaf], children[0]
    with pytest.raises(DataError, match="order"):
        TREES.read(changed(text, "left_child", " ".join(children)).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version=v4", "version=v3"),
        ("num_class=1", "num_class=9"),
        ("max_feature_idx=3", "max_feature_idx=2147483647"),
        ("max_feature_idx=3", "max_feature_idx=-1"),
        ("objective=regression", "objective=custom"),
        ("tree_sizes=", "tree_sizes=-5 "),
        ("tree_sizes=", "tree_sizes=99999999999999999999 "),
        ("Column_0 ", "Column_9 "),
        ("Tree=1", "Tree=7"),
        ("end of trees\n", "end of trees\nparameters:\n"),
        ("end of trees\n", "end of trees"),
        ("feature_infos=[", "feature_infos=@["),
        ("tree\n", "tree\n\x00"),
        ("tree\n", "trée\n"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(text: str, old: str, new: str) -> None:
    assert old in text
    with pytest.raises(DataError):
        TREES.read(text.replace(old, new, 1).encode())


def test_more_bytes_than_any_fit_has_are_refused_before_they_are_read() -> None:
    with pytest.raises(DataError, match="expected 32000000 at most"):
        checked(b"tree\n" * 6_400_001)


@pytest.mark.parametrize("error", ["OSError('libgomp.so.1: cannot open')", "ImportError('no')"])
def test_an_engine_that_does_not_load_is_named(
    error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lightgbm.py").write_text(f"raise {error}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "lightgbm", raising=False)
    with pytest.raises(DataError, match="libgomp1"):
        TREES.fit(planted(line), seed=1)
    with pytest.raises(DataError, match="libgomp1"):
        TREES.read(b"")
