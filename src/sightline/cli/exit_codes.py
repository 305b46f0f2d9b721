"""What the exit code of `sightline` says; `sightline --help` and docs/cli.md show this table."""

from __future__ import annotations

from enum import IntEnum

from sightline.errors import BadInputError, MissingExtraError, NotReadyError, SightlineError, UnavailableError


class ExitCode(IntEnum):
    """How a command ended; see `MEANING`."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    NOT_READY = 3
    PORT_TAKEN = 4
    INTERRUPTED = 130


MEANING = {
    ExitCode.OK: "every photo or video was analysed, whatever was found in it; a report is what was sealed",
    ExitCode.SOME_FAILED: "a photo or video could not be analysed, the others were; a report was changed or unsigned",
    ExitCode.USAGE: "an argument or a setting is wrong; nothing was done",
    ExitCode.NOT_READY: "the model or the data folder cannot be used; nothing was done",
    ExitCode.PORT_TAKEN: "the address to serve at is taken or not this machine's",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C; what was finished is kept",
}


def exit_code_of(error: SightlineError) -> ExitCode:
    """The exit code for an error that ends a command."""
    if isinstance(error, NotReadyError | UnavailableError | MissingExtraError):
        return ExitCode.NOT_READY
    return ExitCode.USAGE if isinstance(error, BadInputError) else ExitCode.SOME_FAILED


def help_text() -> str:
    """The table as Markdown."""
    return "\n".join(["Exit codes:", "", *(f"- {code.value}: {meaning}" for code, meaning in MEANING.items())])
