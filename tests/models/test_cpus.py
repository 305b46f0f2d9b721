"""As many CPUs are counted as there really are to use."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.models import cpus as module
from sightline.models.cpus import available_cpus


@pytest.mark.parametrize(("text", "cpus"), [("50000 100000", 1), ("100000 100000", 1), ("max 100000", None)])
def test_a_containers_share_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, cpus: int | None
) -> None:
    limit = tmp_path / "cpu.max"
    monkeypatch.setattr(module, "_CGROUP_LIMIT", tmp_path / "none")
    unlimited = available_cpus()
    limit.write_text(text)
    monkeypatch.setattr(module, "_CGROUP_LIMIT", limit)
    assert available_cpus() == (cpus or unlimited)
