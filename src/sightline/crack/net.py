"""Our own crack net as an engine: scale, first and closer look, regions, confidence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.engine import Evidence, Regions
from sightline.crack.faint import FAINT, LEAST_FAINT_CONFIDENCE, without, worth_a_look
from sightline.crack.focus import BLOCK_PX, look_closer, windows
from sightline.crack.instances import group
from sightline.crack.report import ModelInfo
from sightline.crack.scoring import CELL_PX, Scorer, region_features
from sightline.crack.tiles import run_tiled
from sightline.errors import NotReadyError
from sightline.models.onnx import open_session
from sightline.models.packaged import packaged_model

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

STRIDE_PX = 32
"""The net takes heights and widths that are multiples of this."""
GAP_PX = 20.0
"""Pieces of one crack whose ends are this near, at working resolution, are one structure."""

SUSPECT = 0.05
"""The judge, shown the photo in half its size, gives this to 99.7 % of what is found at full size of cracks 1.5 to 4 px
wide in a 12 MP photo, and to hardly any place of a crack-free room."""

Maps = tuple[NDArray[np.float32], NDArray[np.float32]]


class NetEngine:
    """The packaged net, or one that `training/` exported.

    Large photos are looked at with their longer side reduced to the card's `work_side_px`, smaller ones as they are.
    What does not fit one tile of `tile_px` is first shown to the scout in half its size, and the net looks only where
    the scout suspects something; without a scout it looks everywhere, tile by tile.
    """

    def __init__(
        self, session: InferenceSession, card: Mapping[str, Any], sha256: str, scout: InferenceSession | None = None
    ) -> None:
        self.info = ModelInfo(name=card["name"], version=card["version"], sha256=sha256)
        self._session = session
        self._scout = scout
        self._threshold = float(card["threshold"])
        self._least_confidence = float(card["least_confidence"])
        self._work_side_px = int(card["work_side_px"])
        self._tile_px = int(card["tile_px"])
        self._overlap_px = int(card["overlap_px"])
        self._scorer = Scorer.from_card(card["scorer"])

    @classmethod
    def packaged(cls) -> NetEngine:
        """The model that comes with the package."""
        model, scout = packaged_model("crack"), packaged_model("crack_scout")
        return cls(open_session(model.path), model.card, model.sha256, open_session(scout.path))

    @classmethod
    def from_file(cls, path: Path) -> NetEngine:
        """A model exported by `training/`, with its card in the ONNX metadata.

        Raises:
            NotReadyError: The file cannot be read, or its card does not fit this version.
        """
        session = open_session(path, threads=None)
        metadata = session.get_modelmeta().custom_metadata_map
        try:
            card = json.loads(metadata["sightline.card"])
            return cls(session, card, hashlib.sha256(path.read_bytes()).hexdigest())
        except (KeyError, ValueError) as error:
            raise NotReadyError(f"The model {path.name} carries no card that fits this version: {error}.") from error

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        """Look at an RGB photo, uint8 (H, W, 3). Safe to call from several threads."""
        maps = self.maps(image)
        regions = self._regions(maps[0], maps, self._threshold, self._least_confidence)

        def faint() -> Regions:
            return worth_a_look(self._regions(without(regions, maps[0]), maps, FAINT, LEAST_FAINT_CONFIDENCE))

        return Evidence(maps[0], regions, faint)

    def _regions(self, cut: NDArray[np.float32], maps: Maps, threshold: float, least: float) -> Regions:
        """What of a map (h, w) reaches a threshold, judged by the net's own maps, with at least some confidence."""
        probability, judge = maps
        crack_px = int(np.count_nonzero(probability >= self._threshold))
        found = []
        for region in group(cut, threshold, gap_px=GAP_PX):
            confidence = self._scorer.confidence(region_features(region, probability, judge, crack_px))
            if confidence >= least:
                found.append((region, confidence))
        return tuple(found)

    def maps(self, image: NDArray[np.uint8]) -> Maps:
        """The net's two raw maps at working resolution: pixel probability (h, w), judge (ceil(h/16), ceil(w/16))."""
        work = _reduce(image, self._work_side_px)
        height, width = work.shape[:2]
        if self._scout is None or max(height, width) <= self._tile_px:
            padded = _padded(work, STRIDE_PX)
            mask, judge = run_tiled(
                padded, self._run, longest_tile=self._tile_px, overlap=self._overlap_px, cell=CELL_PX
            )
        else:
            mask, judge = self._in_two_looks(_padded(work, BLOCK_PX), self._scout)
        return mask[:height, :width], judge[: -(-height // CELL_PX), : -(-width // CELL_PX)]

    def _in_two_looks(self, image: NDArray[np.uint8], scout: InferenceSession) -> Maps:
        half = np.asarray(Image.fromarray(image).reduce(2))
        (first,) = scout.run(None, {"image": half[None]})
        judge: NDArray[np.float32] = first[0].repeat(2, axis=0).repeat(2, axis=1)
        places = windows(judge >= SUSPECT, CELL_PX, longest=self._tile_px)
        return look_closer(image, self._run, places, judge=judge, cell=CELL_PX)

    def _run(self, tile: NDArray[np.uint8]) -> Maps:
        mask, judge = self._session.run(None, {"image": tile[None]})
        return mask[0], judge[0]


def _padded(image: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """The picture with its last row and column repeated until its sides are multiples of a step."""
    return np.pad(image, [*((0, -side % step) for side in image.shape[:2]), (0, 0)], mode="edge")


def _reduce(image: NDArray[np.uint8], longest_px: int) -> NDArray[np.uint8]:
    """Shrink by area, so that a thin crack pales but does not vanish; never enlarge."""
    height, width = image.shape[:2]
    scale = longest_px / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BOX, reducing_gap=1.0))
