"""The scripts of the pages keep to their types, which stand in JSDoc comments."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.pages.conftest import HERE, MUST_RUN, NODE_MODULES

TSC = NODE_MODULES / ".bin" / "tsc"


def test_typescript_finds_no_fault() -> None:
    if not TSC.exists() or shutil.which("node") is None:
        assert not os.environ.get(MUST_RUN), "TypeScript is missing (npm ci --prefix tests/pages)"
        pytest.skip("needs TypeScript (npm ci --prefix tests/pages)")
    done = subprocess.run([TSC, "-p", HERE / "tsconfig.json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
