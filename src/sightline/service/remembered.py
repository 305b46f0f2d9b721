"""What a model saw in a photo, kept: an inspection compares its photos by what was found when they arrived."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sightline.crack.engine import CrackEngine, Evidence, Regions
    from sightline.crack.report import ModelInfo


class Recorder:
    """A `CrackEngine` that asks another one and keeps what it said last."""

    def __init__(self, engine: CrackEngine) -> None:
        self.info = engine.info
        self._engine = engine
        self.evidence: Evidence | None = None

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        evidence = self._engine.examine(image)
        self.evidence = replace(evidence, faint=cache(evidence.faint))  # it is asked for to compare, and to be kept
        return self.evidence

    def packed(self) -> bytes:
        """What it said last, as a file that `Remembered` reads."""
        assert self.evidence is not None
        return _packed(self.evidence, self.info)


class Remembered:
    """A `CrackEngine` that says again what another one said of the same photo, whatever model there is by now.

    Args:
        file: what `Recorder.packed` made.
    """

    def __init__(self, file: bytes) -> None:
        import numpy as np

        from sightline.crack.report import ModelInfo

        with np.load(BytesIO(file), allow_pickle=False) as arrays:
            self._arrays = dict(arrays)
        self._said: dict[str, Any] = json.loads(self._arrays["said"].tobytes())
        self.info: ModelInfo = ModelInfo(**self._said["model"])

    def examine(self, image: NDArray[np.uint8]) -> Evidence:  # noqa: ARG002 - it has seen that photo already
        import numpy as np

        from sightline.crack.engine import Evidence

        probability = self._arrays["probability"].astype(np.float32) / 255
        return Evidence(probability, self._regions("regions"), lambda: self._regions("faint"))

    def _regions(self, kind: str) -> Regions:
        from sightline.crack.engine import Region

        return tuple(
            (Region(x, y, self._arrays[f"{kind}{number}"]), confidence)
            for number, (x, y, confidence) in enumerate(self._said[kind])
        )


def _packed(evidence: Evidence, info: ModelInfo) -> bytes:
    """Regions exactly, so that the same sizes are measured again; the probability, which nothing is measured on, in
    steps of 1/255.
    """
    from dataclasses import asdict

    import numpy as np

    kinds = {"regions": evidence.regions, "faint": evidence.faint()}
    said: dict[str, Any] = {"model": asdict(info)}
    arrays: dict[str, NDArray[Any]] = {}
    for kind, regions in kinds.items():
        said[kind] = [[region.x, region.y, float(confidence)] for region, confidence in regions]
        arrays |= {f"{kind}{number}": region.coverage for number, (region, _) in enumerate(regions)}
    arrays["probability"] = np.round(evidence.probability * 255).astype(np.uint8)
    arrays["said"] = np.frombuffer(json.dumps(said).encode(), np.uint8)
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()
