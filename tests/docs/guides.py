"""The guides to AWS as data: their headings, their code, the commands in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = ("aws.md", "aws-crack.md", "aws-crack.ko.md", "aws-gaze.md", "aws-gaze.ko.md")
PAIRS = (("aws-crack.md", "aws-crack.ko.md"), ("aws-gaze.md", "aws-gaze.ko.md"))

_BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<code>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A piece of code in a page."""

    language: str
    code: str


def text_of(page: str) -> str:
    """All of a page."""
    return (DOCS / page).read_text(encoding="utf-8")


def blocks_of(text: str, language: str | None = None) -> list[Block]:
    """The code blocks, of one language or of all."""
    found = [Block(match["language"], match["code"]) for match in _BLOCK.finditer(text)]
    return [block for block in found if language in (None, block.language)]


def prose_of(text: str) -> str:
    """The page without its code blocks."""
    return _BLOCK.sub("", text)


def spans_of(text: str) -> list[str]:
    """What is marked as code in the prose."""
    return _SPAN.findall(prose_of(text))


def section_of(text: str, heading: str) -> str:
    """A section by its heading, up to the next one of its level."""
    return re.split(r"^## ", text.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def levels_of(text: str) -> list[int]:
    """The levels of the headings."""
    return [len(found[1]) for found in re.finditer(r"^(#+) ", prose_of(text), re.MULTILINE)]


def commands_of(text: str, program: str) -> Iterator[list[str]]:
    """The arguments of every call of a program, in the blocks and in the prose."""
    lines = [line for block in blocks_of(text, "bash") for line in block.code.replace("\\\n", " ").splitlines()]
    for line in [*lines, *spans_of(text)]:
        if line.strip().startswith(f"{program} "):
            yield shlex.split(line, comments=True)[1:]
