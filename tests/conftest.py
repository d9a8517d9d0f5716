"""What the tests share: the real models, and an index of the seed articles made with them."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before anything loads torch
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a test that needs a hub is wrong

import pytest
from hypothesis import HealthCheck, settings

# No test may fail because the machine is busy.
settings.register_profile("quoth", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quoth")

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory) -> Path:
    """Folder of an index of the two seed articles, made with the real encoder."""
    import qa

    folder = tmp_path_factory.mktemp("seeds") / "index"
    changes = qa.build(SEEDS, folder)
    assert len(changes.added) == 2
    return folder


@pytest.fixture(scope="session")
def pipeline(seed_index):
    """The real pipeline over the seed articles."""
    import qa

    return qa.load(seed_index)
