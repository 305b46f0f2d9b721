"""One note of a native library is left out; nothing else that is written meanwhile is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from sightline.models.stderr import stderr_without

NOTE = b"INFO: hello\n"


def test_only_the_note_is_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    with stderr_without(NOTE):
        os.write(2, b"before\n" + NOTE + b"no newline, \xff")
    os.write(2, NOTE)
    assert capfd.readouterr().err == "before\nno newline, \ufffd" + NOTE.decode()


def test_what_was_written_before_an_error_arrives(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with stderr_without(NOTE):
            os.write(2, b"ERROR: broken\n" + NOTE)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert capfd.readouterr().err == "ERROR: broken\n"


def test_nothing_of_other_threads_is_lost(capfd: pytest.CaptureFixture[str]) -> None:
    def talk(number: int) -> None:
        for line in range(50):
            os.write(2, f"{number}:{line}\n".encode())
            with stderr_without(NOTE):
                os.write(2, NOTE)

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = capfd.readouterr().err.splitlines()
    assert sorted(lines) == sorted(f"{number}:{line}" for number in range(4) for line in range(50))


@pytest.mark.parametrize("broken", ["os.close(2)", "os.dup2(os.pipe()[1], 2)", "tempfile.tempdir = '/nowhere'"])
def test_it_does_not_stop_who_has_no_stderr_or_no_temporary_folder(broken: str) -> None:
    code = (
        f"import os, sys, tempfile; from sightline.models.stderr import stderr_without; {broken}\n"
        "with stderr_without(b'x'): print('done')"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    assert (done.returncode, done.stdout) == (0, b"done\n")
