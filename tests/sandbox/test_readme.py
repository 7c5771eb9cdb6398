"""The page that explains the sandbox names everything there is."""

from pathlib import Path

import pytest

import sandbox
from sandbox.control import ROUTES
from sandbox.deeds import ACTS
from sandbox.faults import CALL_DEEDS, DELIVERY_DEEDS
from sandbox.people import DEEDS

PAGE = (Path(sandbox.__file__).parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("word", sorted({path for path, _, _ in ROUTES} | set(ACTS) | set(DEEDS)))
def test_every_address_and_deed_is_explained(word):
    """No control address, act or change of people is missing."""
    assert word in PAGE


@pytest.mark.parametrize("fault", sorted(CALL_DEEDS | DELIVERY_DEEDS))
def test_every_fault_is_explained(fault):
    """No fault is missing from the table."""
    assert f"`{fault}`" in PAGE
