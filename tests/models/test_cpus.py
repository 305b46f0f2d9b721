"""As many CPUs are counted as there really are to use."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.models import cpus as module
from sightline.models.cpus import available_cpus, cpu_share

MEMORY = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"


@pytest.fixture(autouse=True)
def four_cpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with four CPUs, no container and no Lambda; the path of the container's limit, which is not there."""
    limit = tmp_path / "cpu.max"
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(4)), raising=False)
    monkeypatch.setattr(module, "_CGROUP_LIMIT", limit)
    monkeypatch.delenv(MEMORY, raising=False)
    return limit


def test_without_limits_every_cpu_counts() -> None:
    assert cpu_share() == 4
    assert available_cpus() == 4


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("50000 100000", 1), ("100000 100000", 1), ("140000 100000", 1), ("170000 100000", 2), ("max 100000", 4)],
)
def test_a_containers_share_counts(four_cpus: Path, text: str, cpus: int) -> None:
    four_cpus.write_text(text)
    assert available_cpus() == cpus


@pytest.mark.parametrize(("memory_mb", "cpus"), [(128, 1), (1024, 1), (1769, 1), (2600, 1), (3008, 2), (10240, 4)])
def test_lambdas_share_follows_its_memory(monkeypatch: pytest.MonkeyPatch, memory_mb: int, cpus: int) -> None:
    monkeypatch.setenv(MEMORY, str(memory_mb))
    assert available_cpus() == cpus
    assert cpu_share() == pytest.approx(min(4, memory_mb / 1769))


def test_the_smallest_share_counts(monkeypatch: pytest.MonkeyPatch, four_cpus: Path) -> None:
    four_cpus.write_text("100000 100000")
    monkeypatch.setenv(MEMORY, "5307")
    assert available_cpus() == 1


def test_a_size_that_is_no_number_is_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEMORY, "")
    assert available_cpus() == 4
