"""Export a checkpoint to the packaged ONNX model: `python -m training.export --checkpoint C --out F.onnx`.

The graph takes the photo as it is, uint8 (1, H, W, 3) with H and W multiples of 32, and answers probabilities: `mask`
float32 (1, H, W) and `judge` float32 (1, H/16, W/16).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import ModelProto, helper, numpy_helper
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from training.net import CrackNet

OPSET = 17
SMALLEST_HALVED = 256
"""Biases and other small constants stay float32: halving them saves nothing."""


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
    used = {name for node in model.graph.node for name in node.input}
    for unused in [i for i in model.graph.initializer if i.name not in used]:
        model.graph.initializer.remove(unused)


def export(net: CrackNet, path: Path) -> None:
    """Write the graph: float32 arithmetic, batch norms folded, float16 weights."""
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
    halve_weights(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    simple.unlink()


def halve_weights(model: ModelProto) -> None:
    """Store the weights as float16, half the file; they are cast back once, when the model is loaded.

    Computing in int8 would be quicker still, but was measured and dropped: static quantisation (per channel, min-max,
    64 photos) cost 0.06 to 0.10 of the validation F1.
    """
    for weight in list(model.graph.initializer):
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < SMALLEST_HALVED:
            continue
        stored = f"{weight.name}_float16"
        model.graph.initializer.remove(weight)
        model.graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), stored))
        model.graph.node.insert(0, helper.make_node("Cast", [stored], [weight.name], to=onnx.TensorProto.FLOAT))


def embed_card(model_path: Path, card: dict[str, Any]) -> None:
    """Write the card into the model, so that the file alone is enough to run it."""
    model = onnx.load(str(model_path))
    helper.set_model_props(model, {"sightline.kind": "crack", "sightline.card": json.dumps(card)})
    onnx.save(model, str(model_path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the .onnx to write")
    arguments = parser.parse_args()
    net = CrackNet()
    net.load_state_dict(torch.load(arguments.checkpoint, weights_only=True)["ema"])
    export(net, arguments.out)


if __name__ == "__main__":
    main()
