import socket

import pytest


def test_a_test_cannot_leave_the_loopback_interface() -> None:
    with (
        socket.socket() as client,
        pytest.raises(UserWarning, match=r"host \"192\.0\.2\.1\""),
    ):
        client.connect(("192.0.2.1", 80))
