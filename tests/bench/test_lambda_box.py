"""The share of the machine that a function gets in the benchmark is Lambda's."""

from __future__ import annotations

from pathlib import Path

import pytest
from lambda_box import PERIOD_US, Box, Hierarchy, NoBoxError, find_hierarchy, quota_us

VERSION_1 = """\
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
cgroup2 {unified} cgroup2 rw,relatime 0 0
"""


@pytest.mark.parametrize(("memory_mb", "cpus"), [(1024, 0.579), (1769, 1.0), (3008, 1.7), (10240, 5.789)])
def test_the_quota_is_in_proportion_to_the_memory(memory_mb: int, cpus: float) -> None:
    assert quota_us(memory_mb) / PERIOD_US == pytest.approx(cpus, abs=0.001)


def test_version_2_has_both_limits_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    found = find_hierarchy(f"cgroup2 {tmp_path} cgroup2 rw 0 0\n")
    assert found == Hierarchy(2, tmp_path, tmp_path)
    assert found.files(1769) == {"cpu": {"cpu.max": "20000 20000"}, "memory": {"memory.max": str(1769 * 1024**2)}}


def test_version_1_has_a_folder_for_each(tmp_path: Path) -> None:
    found = find_hierarchy(VERSION_1.format(unified=tmp_path))  # whose cgroup2 has no controllers
    assert found == Hierarchy(1, Path("/sys/fs/cgroup/cpu,cpuacct"), Path("/sys/fs/cgroup/memory"))
    assert found.files(1024)["cpu"] == {"cpu.cfs_period_us": "20000", "cpu.cfs_quota_us": "11577"}


def test_without_controllers_it_says_what_is_missing() -> None:
    with pytest.raises(NoBoxError, match="cpu and memory"):
        find_hierarchy("proc /proc proc rw 0 0\n")


def test_a_machine_that_makes_no_cgroups_is_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "missing"
    with pytest.raises(NoBoxError, match="cannot be made"), Box(1024, Hierarchy(2, nowhere, nowhere)):
        pass


def test_a_command_joins_its_box_first(tmp_path: Path) -> None:
    shell, option, script, *command = Box(1024, Hierarchy(2, tmp_path, tmp_path)).command("python", "-m", "function")
    assert (shell, option, command) == ("/bin/sh", "-c", ["python", "-m", "function"])
    assert script.count("cgroup.procs") == 1
    assert script.endswith('exec "$0" "$@"')
