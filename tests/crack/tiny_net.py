"""A net small enough to read: a pixel is crack as far as it is dark. Built with `onnx` while the tests run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from sightline.crack.scoring import FEATURES


def tiny_card() -> dict[str, Any]:
    """A card that believes a region as far as its pixels' mean probability says."""
    weights = [float(name == "mean_probability") for name in FEATURES]
    ones, zeros = [1.0] * len(FEATURES), [0.0] * len(FEATURES)
    scorer = {"features": list(FEATURES), "mean": zeros, "scale": ones, "weights": weights, "bias": 0.0}
    return {
        "name": "tiny",
        "version": "1",
        "threshold": 0.5,
        "least_confidence": 0.5,
        "work_side_px": 512,
        "tile_px": 256,
        "overlap_px": 96,
        "scorer": scorer,
    }


def write_tiny_net(path: Path, card: dict[str, Any] | None = None) -> Path:
    """Write the net to `path`: mask = 1 - mean of the channels / 255, judge = its largest value per 16 px cell."""
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["float"], ["gray"], axes=[3], keepdims=0),
        helper.make_node("Div", ["gray", "white"], ["light"]),
        helper.make_node("Sub", ["one", "light"], ["mask"]),
        helper.make_node("Unsqueeze", ["mask", "axis"], ["planes"]),
        helper.make_node("MaxPool", ["planes"], ["cells"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Squeeze", ["cells", "axis"], ["judge"]),
    ]
    constants = [
        numpy_helper.from_array(np.array(255, np.float32), "white"),
        numpy_helper.from_array(np.array(1, np.float32), "one"),
        numpy_helper.from_array(np.array([1], np.int64), "axis"),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, [1, "h", "w", 3])
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, None]) for name in ("mask", "judge")]
    graph = helper.make_graph(nodes, "tiny", [image], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, {"sightline.kind": "crack", "sightline.card": json.dumps(card or tiny_card())})
    onnx.save(model, str(path))
    return path
