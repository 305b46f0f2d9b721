"""What is deployed where: the two functions by the names of the template, and the places they are in by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from packages.products import Product

LIVE: Final = "live"
"""The alias that the Function URL, the REST API and the queue call."""

STACK: Final = "sightline"


class DeployError(Exception):
    """A deployment that cannot go on; says why, and what to do, to the person who started it."""


@dataclass(frozen=True)
class Target:
    """One function in the template.

    Attributes:
        product: whose it is.
        prefix: what its parameters, resources and outputs begin with.
        region: where its guide has it.
        repository: where its images go, in ECR.
    """

    product: Product
    prefix: str
    region: str
    repository: str

    @property
    def switch(self) -> str:
        """The parameter that says whether the function is in the stack."""
        return f"Deploy{self.prefix}"


CRACK: Final = Target("crack", "Crack", "ap-northeast-2", "fairstay-mvp-ai")
GAZE: Final = Target("gaze", "Gaze", "us-west-1", "parkinson-eye-tracking")
TARGETS: Final = (CRACK, GAZE)


def by_region(only: str | None, region: str | None) -> dict[str, tuple[Target, ...]]:
    """Which functions go where: all to `region`, or each to its own where none is asked for."""
    wanted: Sequence[Target] = [target for target in TARGETS if only in (None, target.product)]
    places: dict[str, tuple[Target, ...]] = {}
    for target in wanted:
        place = region or target.region
        places[place] = (*places.get(place, ()), target)
    return places
