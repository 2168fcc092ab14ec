"""What shares something dear runs on one worker: the runner must see the groups we give."""

import os

import pytest


def test_the_runner_knows_the_group_of_a_test(request: pytest.FixtureRequest) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("only where several workers share the tests")
    assert request.node.nodeid.endswith("@test_groups.pytests")
