"""Export a checkpoint to the packaged ONNX model: `python -m training.export --checkpoint C --data DIR --out DIR`.

The graph takes the photo as it is, uint8 (1, H, W, 3) with H and W multiples of 32, and answers probabilities: `mask`
float32 (1, H, W) and `judge` float32 (1, H/16, W/16). It is quantised to int8 (static, per channel, QDQ): a quarter of
the size, and the integer units of the servers' processors run it faster.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import ModelProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from training.data import load_pools
from training.net import STRIDE, CrackNet

OPSET = 17
CALIBRATION_PHOTOS = 64


class _Exported(nn.Module):
    """The net with the photo's own layout in front and probabilities behind."""

    def __init__(self, net: CrackNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        mask, judge = self.net(image.permute(0, 3, 1, 2).float())
        return torch.sigmoid(mask[:, 0]), torch.sigmoid(judge[:, 0])


def merge_pads(model: ModelProto) -> None:
    """Fold each constant zero Pad into the convolution behind it: ONNX Runtime would copy the whole tensor for it."""
    constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant":
            constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    pads = {n.output[0]: n for n in model.graph.node if n.op_type == "Pad"}
    for node in model.graph.node:
        if node.op_type != "Conv" or node.input[0] not in pads:
            continue
        pad = pads[node.input[0]]
        amounts = constants[pad.input[1]].tolist()  # n, c, top, left, n, c, bottom, right
        (attribute,) = (a for a in node.attribute if a.name == "pads")
        del attribute.ints[:]
        attribute.ints.extend([amounts[2], amounts[3], amounts[6], amounts[7]])
        node.input[0] = pad.input[0]
        model.graph.node.remove(pad)


def export_float(net: CrackNet, path: Path) -> None:
    """Write the float32 graph."""
    torch.onnx.export(
        _Exported(net.eval()),
        (torch.zeros(1, 256, 320, 3, dtype=torch.uint8),),
        str(path),
        input_names=["image"],
        output_names=["mask", "judge"],
        dynamic_axes={
            "image": {1: "height", 2: "width"},
            "mask": {1: "height", 2: "width"},
            "judge": {1: "rows", 2: "columns"},
        },
        opset_version=OPSET,
        dynamo=False,
    )
    simple = path.with_suffix(".folded.onnx")
    quant_pre_process(str(path), str(simple), skip_symbolic_shape=True)
    model = onnx.load(str(simple))
    merge_pads(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    simple.unlink()


class _Photos(CalibrationDataReader):
    def __init__(self, photos: Iterator[NDArray[np.uint8]]) -> None:
        self.photos = photos

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        photo = next(self.photos, None)
        return None if photo is None else {"image": photo[None]}


def calibration_photos(data: Path) -> Iterator[NDArray[np.uint8]]:
    """Training photos of every kind, cut to multiples of the stride."""
    pools = load_pools(data / "train", validation=False)
    rng = np.random.default_rng(0)
    kinds = list(pools)
    for index in range(CALIBRATION_PHOTOS):
        pool = pools[kinds[index % len(kinds)]]
        image = pool[int(rng.integers(len(pool)))].image
        if image.shape[0] < 300:
            image = cv2.resize(image, None, fx=1.7, fy=1.7)
        height, width = (side // STRIDE * STRIDE for side in image.shape[:2])
        yield np.ascontiguousarray(image[:height, :width])


def quantise(source: Path, target: Path, photos: Iterator[NDArray[np.uint8]]) -> None:
    """Static int8, weights per channel."""
    quantize_static(
        str(source),
        str(target),
        _Photos(photos),
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        calibrate_method=CalibrationMethod.MinMax,
        op_types_to_quantize=["Conv", "Add", "Concat", "Resize"],
    )


def embed_card(model_path: Path, card: dict[str, Any]) -> None:
    """Write the card into the model, so that the file alone is enough to run it."""
    model = onnx.load(str(model_path))
    helper.set_model_props(model, {"sightline.kind": "crack", "sightline.card": json.dumps(card)})
    onnx.save(model, str(model_path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="writes float.onnx and int8.onnx here")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    net = CrackNet()
    net.load_state_dict(torch.load(arguments.checkpoint, weights_only=True)["ema"])
    export_float(net, arguments.out / "float.onnx")
    quantise(arguments.out / "float.onnx", arguments.out / "int8.onnx", calibration_photos(arguments.data))


if __name__ == "__main__":
    main()
