"""The scout: the net without its mask, in int8. It sees large photos first, in half their size, and says where to look.

`python -m training.scout --data DIR` makes it from the packaged model. It draws no mask and judges no region, so that
int8, which costs the mask 0.06 to 0.10 of F1, costs nothing here: what it suspects is the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, numpy_helper
from onnx.utils import extract_model

MODELS: Final = Path(__file__).parents[1] / "src/sightline/models"

CALIBRATION: Final = {
    "walls/images": 20,
    "concrete/images": 12,
    "patches/crack": 8,
    "patches/clean": 6,
    "clean_rooms": 12,
    "clean_drywall": 6,
}
"""Photos of each training folder whose activations set the int8 ranges."""

IN_FLOAT: Final = "_conv_stem"
"""The first convolution, of three channels, is slower in int8."""


def write_judge_part(model: Path, out: Path) -> None:
    """Write what of a model answers `judge`."""
    extract_model(str(model), str(out), ["image"], ["judge"])


def write_scout(model: Path, out: Path, photos: Iterator[NDArray[np.uint8]]) -> None:
    """Write the judge's part of a model in int8.

    Weights have 7 bits: with 8, processors without VNNI would overflow the 16 bits in which they add two products.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantType, quantize_static

    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "judge.onnx"
        write_judge_part(model, part)
        whole = onnx.load(str(part))
        widen_weights(whole)
        onnx.save(whole, str(part))
        quantize_static(
            str(part),
            str(out),
            _Photos(photos),
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            op_types_to_quantize=["Conv", "Add", "Resize", "Concat", "Clip"],
            nodes_to_exclude=[node.name for node in whole.graph.node if IN_FLOAT in node.name],
        )


def widen_weights(model: ModelProto) -> None:
    """Undo `export.halve_weights`: the quantiser sees no weights behind a Cast."""
    stored = {weight.name: weight for weight in model.graph.initializer}
    for node in [node for node in model.graph.node if node.op_type == "Cast" and node.input[0] in stored]:
        values = numpy_helper.to_array(stored[node.input[0]]).astype(np.float32)
        model.graph.initializer.append(numpy_helper.from_array(values, node.output[0]))
        model.graph.initializer.remove(stored[node.input[0]])
        model.graph.node.remove(node)


class _Photos:
    """The photos as the quantiser asks for them."""

    def __init__(self, photos: Iterator[NDArray[np.uint8]]) -> None:
        self._photos = photos

    def get_next(self) -> dict[str, Any] | None:
        photo = next(self._photos, None)
        return None if photo is None else {"image": photo[None]}


def calibration_photos(train: Path) -> Iterator[NDArray[np.uint8]]:
    """Training photos, none held out, cut to multiples of 32."""
    from training.data import held_out, load_rgb  # needs torch, which the rest here does not

    draw = random.Random(0)
    for folder, count in CALIBRATION.items():
        for path in draw.sample([f for f in sorted((train / folder).glob("*.jpg")) if not held_out(f.name)], count):
            photo = load_rgb(path)
            height, width = (side // 32 * 32 for side in photo.shape[:2])
            yield np.ascontiguousarray(photo[:height, :width])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    card = json.loads((MODELS / "crack.json").read_text())
    scout = MODELS / "crack_scout.onnx"
    write_scout(MODELS / "crack.onnx", scout, calibration_photos(arguments.data / "train"))
    own = {
        "name": f"{card['name']}-scout",
        "version": card["version"],
        "of": card["sha256"],
        "sha256": hashlib.sha256(scout.read_bytes()).hexdigest(),
    }
    scout.with_suffix(".json").write_text(json.dumps(own, indent=1) + "\n")
    print(f"{scout.name}: {scout.stat().st_size} bytes, SHA-256 {own['sha256']}")


if __name__ == "__main__":
    main()
