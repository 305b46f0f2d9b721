"""What a model saw in a photo, kept: an inspection compares its photos by what was found when they arrived."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sightline.crack.engine import CrackEngine, Evidence
    from sightline.crack.report import ModelInfo


class Recorder:
    """A `CrackEngine` that asks another one and keeps what it said last."""

    def __init__(self, engine: CrackEngine) -> None:
        self.info = engine.info
        self._engine = engine
        self.evidence: Evidence | None = None

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        self.evidence = self._engine.examine(image)
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

        from sightline.crack.engine import Evidence, Region

        regions = tuple(
            (Region(x, y, self._arrays[f"region{number}"]), confidence)
            for number, (x, y, confidence) in enumerate(self._said["regions"])
        )
        return Evidence(probability=self._arrays["probability"].astype(np.float32) / 255, regions=regions)


def _packed(evidence: Evidence, info: ModelInfo) -> bytes:
    """Regions exactly, so that the same sizes are measured again; the probability, which nothing is measured on, in
    steps of 1/255.
    """
    from dataclasses import asdict

    import numpy as np

    said = {
        "model": asdict(info),
        "regions": [[region.x, region.y, float(confidence)] for region, confidence in evidence.regions],
    }
    arrays = {f"region{number}": region.coverage for number, (region, _) in enumerate(evidence.regions)}
    arrays["probability"] = np.round(evidence.probability * 255).astype(np.uint8)
    arrays["said"] = np.frombuffer(json.dumps(said).encode(), np.uint8)
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()
