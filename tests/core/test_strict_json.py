"""What counts as strict JSON, and that nothing JSON can say is lost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.strict_json import UnreadableError, strict_json


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b"[NaN]",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"[" + b"9" * 5_000 + b"]",
        b'["\\ud800"]',
        b'{"\\udfff": 1}',
        b'["\xed\xa0\x80"]',
        b'["\xff"]',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a": 1',
        b"",
        '{"a": 1}'.encode("utf-16"),
    ],
)
def test_what_is_not_strict_json_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        strict_json(raw)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.booleans())
def test_strict_json_reads_all_that_json_can_say(value: object, escaped: bool) -> None:
    assert strict_json(json.dumps(value, ensure_ascii=escaped).encode()) == value
