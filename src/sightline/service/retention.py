"""How long videos of faces and their results are kept before they are deleted by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sightline.errors import BadInputError
from sightline.settings import Settings

MAX_KEEP_DAYS: Final = 3650
"""Ten years, as long as medical records are kept in most places; who wants more wants no expiry."""

_OFFERED_DAYS: Final = (1, 7, 30)
"""To look at once, to show a doctor next week, to compare with next month."""

_PROPOSED_DAYS: Final = 30
"""Long enough that nobody loses a result over a holiday; a face should not stay for ever only because nobody chose."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What a deployment does with videos in time.

    Attributes:
        days: after how many days every video is deleted at the latest; None sets no limit.
        each: whether a video may have a shorter time of its own. Where files lie in a bucket, a rule of the bucket
            deletes them all after the same time.
    """

    days: int | None
    each: bool

    @classmethod
    def of(cls, settings: Settings) -> Retention:
        """What the settings say."""
        return cls(settings.retention_days, each=settings.dynamodb_table is None)

    @property
    def offered_days(self) -> tuple[int, ...]:
        """What people may choose from, beside no expiry where there is no limit; nothing where there is no choice."""
        if not self.each:
            return ()
        shorter = tuple(days for days in _OFFERED_DAYS if self.days is None or days < self.days)
        return shorter if self.days is None else (*shorter, self.days)

    @property
    def proposed_days(self) -> int | None:
        """Which of `offered_days` to propose."""
        return max((days for days in self.offered_days if days <= _PROPOSED_DAYS), default=self.days)

    def parse(self, keep_days: str | None) -> int | None:
        """After how many days a video is to be deleted, as a request says it; None leaves it to the deployment.

        Raises:
            BadInputError: it is no whole number of days, or none that this deployment can keep to.
        """
        if not keep_days:
            return None
        most = MAX_KEEP_DAYS if self.days is None else min(self.days, MAX_KEEP_DAYS)
        days = int(keep_days) if re.fullmatch(r"[0-9]{1,9}", keep_days, re.ASCII) else 0
        said = f"keep_days is {keep_days[:40]!r}"
        if not 1 <= days <= most:
            limit = f", for this server keeps no video longer than {self.days} days" if most == self.days else ""
            raise BadInputError(f"{said}: it should be a whole number from 1 to {most}{limit}.")
        if self.each:
            return days
        if self.days is None:
            raise BadInputError(f"{said}: this server deletes no video by itself. Leave it out, and delete the job.")
        if days != self.days:
            raise BadInputError(f"{said}: this server keeps every video for {self.days} days. Leave it out.")
        return None
