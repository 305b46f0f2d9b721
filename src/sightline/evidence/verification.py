"""What the check of a report found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sightline.evidence.manifest import Format


class Outcome(StrEnum):
    """How one check ended."""

    HOLDS = "holds"
    CHANGED = "changed"
    """It is not what was sealed."""
    UNPROVEN = "unproven"
    """Nothing speaks against it, and nothing vouches for it."""
    NOT_GIVEN = "not_given"
    """There was nothing to check: an original that was not handed over."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes:
        subject: `seal`, `signature`, `key`, `document`, `part`, a section of the manifest (`results`, `settings`, ...),
            `original`, `picture` or `file` (one that was handed over and is neither).
        name: which one, where there are several.
        outcome: how it ended.
        detail: in words.
    """

    subject: str
    name: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a report is what was sealed.

    Attributes:
        path: of the report.
        format: of the report.
        sealed: whether it carries a seal that can be read.
        fingerprint: of the key that signed it; None where it is unsigned.
        manifest: as it stands in the report, changed or not; None where there is none.
        checks: everything that was checked, in the order of a table.
    """

    path: Path
    format: Format
    sealed: bool
    fingerprint: str | None
    manifest: dict[str, Any] | None
    checks: tuple[Check, ...]

    @property
    def changed(self) -> tuple[Check, ...]:
        """What is not as it was sealed."""
        return tuple(check for check in self.checks if check.outcome == Outcome.CHANGED)

    @property
    def trusted(self) -> bool | None:
        """Whether the key is the one that was given; None where none was."""
        found = next((check.outcome for check in self.checks if check.subject == "key"), None)
        return None if found in (None, Outcome.UNPROVEN) else found == Outcome.HOLDS

    @property
    def holds(self) -> bool:
        """Whether it is sealed and signed, nothing in it was changed, and the key is the one that was given, if one
        was.
        """
        return self.sealed and self.fingerprint is not None and not self.changed

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "report": str(self.path),
            "format": self.format,
            "holds": self.holds,
            "sealed": self.sealed,
            "signed": self.fingerprint is not None,
            "fingerprint": self.fingerprint,
            "trusted": self.trusted,
            "checks": [asdict(check) for check in self.checks],
            "manifest": self.manifest,
        }
