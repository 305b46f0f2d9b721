"""What Lambda leaves a function of the machine: files that cannot be written, 512 MB of /tmp, a user without rights."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from tests.images.stand_in import TASK_ROOT

TMP_BYTES: Final = 512 * 1024 * 1024
USER, GROUP = "993", "990"
"""Lambda's own ids for it."""


def command(root: Path) -> list[str]:
    """What is put in front of a command so that it runs in the image whose files lie in `root`."""
    files = ["--ro-bind", str(root), "/", "--proc", "/proc", "--dev", "/dev"]
    tmp = ["--perms", "1777", "--size", str(TMP_BYTES), "--tmpfs", "/tmp"]
    box = ["/usr/bin/bwrap", *files, *tmp, "--chdir", TASK_ROOT, "--die-with-parent"]
    nobody = ["--reuid", USER, "--regid", GROUP, "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
    return [*box, "/usr/bin/setpriv", *nobody]


def check(root: Path) -> None:
    """See that the box is one.

    Raises:
        RuntimeError: Something can be done in it that Lambda does not allow.
    """
    script = (
        'test "$(id -u)" = 993 && ! touch /var/task/new 2>/dev/null && ! touch /var/runtime/new 2>/dev/null'
        " && touch /tmp/new && ! head -c 600000000 /dev/zero 2>/dev/null > /tmp/full"
    )
    ran = subprocess.run([*command(root), "/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise RuntimeError(f"the box is none: {ran.stderr.strip() or script}")
