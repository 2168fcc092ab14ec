"""What shares something dear runs on one worker, and one that dies takes no other with it."""

import os
from types import SimpleNamespace

import pytest


def test_the_runner_knows_the_group_of_a_test(request: pytest.FixtureRequest) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("only where several workers share the tests")
    assert request.node.nodeid.endswith("@test_groups.py")


def test_a_worker_that_died_does_not_end_the_run(pytestconfig: pytest.Config) -> None:
    dead = SimpleNamespace(config=pytestconfig)
    pytestconfig.hook.pytest_testnodedown(node=dead, error="Not properly terminated")
