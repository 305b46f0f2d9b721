from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clouds.seaweedfs import Seaweedfs
from tests.conftest import PATIENCE_S

MB = 1 << 20
SIZE_MB, LIMIT_MB = 128, 88
"""Parts in flight are some 45 MB, whatever the size; a copy of the whole would be over the limit."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells a process' peak")

# Prints by how many bytes the peak of the memory grew over what a small file takes.
CHILD = r"""
import io, re, sys
from pathlib import Path
from sightline.storage.s3 import S3BlobStore

class Letters(io.RawIOBase):
    def __init__(self, left):
        self.left = left

    def read(self, size=-1):
        size = min(size, self.left)
        self.left -= size
        return b"x" * size

def peak():  # of this process: getrusage's is inherited from the one that started it
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024

def there_and_back(size):
    store.put_from("a.mp4", Letters(size), "video/mp4")
    with store.as_file("a.mp4") as path:
        assert path.stat().st_size == size
    with store.open("a.mp4") as file:
        while file.read(1 << 20):
            pass

store = S3BlobStore(sys.argv[1])
there_and_back(1 << 20)
before = peak()
there_and_back(int(sys.argv[2]))
print(peak() - before)
"""


def test_memory_does_not_grow_with_a_file(seaweedfs: Seaweedfs) -> None:
    bucket = seaweedfs.make_bucket("sightline-test")
    child = subprocess.run(
        [sys.executable, "-c", CHILD, bucket, str(SIZE_MB * MB)],
        env=os.environ | seaweedfs.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert child.returncode == 0, child.stderr
    assert int(child.stdout) < LIMIT_MB * MB
