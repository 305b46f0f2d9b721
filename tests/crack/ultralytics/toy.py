"""An ONNX file laid out like an Ultralytics export, whose answers can be told from the colours it is shown.

Each cell of 32 x 32 px of the input is one anchor: its mean red is the score of class 0 and its mean blue that of class
1 (from half on: 0.5 is a score of 0, 1.0 a score of 1), its mean green is the size of the box around the cell's centre
(`BOX_SIDES` at full green). The mask is what is red, at a quarter of the input's resolution.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

CELL_PX = 32
BOX_SIDES = (96, 48)
"""Width and height of a full green cell's box, in pixels of the input."""

_CONSTANTS: dict[str, NDArray[Any]] = {
    "i0": np.array([0], np.int64),
    "i1": np.array([1], np.int64),
    "i2": np.array([2], np.int64),
    "across": np.array(3, np.int64),
    "down": np.array(2, np.int64),
    "zero": np.array(0, np.float32),
    "half": np.array(0.5, np.float32),
    "one": np.array(1, np.float32),
    "two": np.array(2, np.float32),
    "cell": np.array(CELL_PX, np.float32),
    "width": np.array(BOX_SIDES[0], np.float32),
    "height": np.array(BOX_SIDES[1], np.float32),
    "steep": np.array(20, np.float32),
    "offset": np.array(-10, np.float32),
    "flat": np.array([0, 0, -1], np.int64),
}


def write_toy(
    path: Path,
    *,
    task: str = "segment",
    size: tuple[int, int] | None = (128, 128),
    finished: bool = False,
    half: bool = False,
    batch: int | str = 1,
    metadata: Mapping[str, str | None] | None = None,
) -> Path:
    """Write the export.

    Args:
        path: where to.
        task: "segment" or "detect".
        size: height and width of the input, None for a dynamic one.
        finished: without the need of suppression: rows of corners, score, class.
        half: float16 in and out.
        batch: how many pictures the input says it takes.
        metadata: further or other entries; None takes one away.
    """
    masks = task == "segment"
    nodes = [*_nodes(masks=masks), *(_finish(masks=masks) if finished else [_node("Identity", "raw", "answer")])]
    kind = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    nodes.insert(0, _node("Cast", "images", "picture", to=TensorProto.FLOAT))
    nodes.append(_node("Cast", "answer", "output0", to=kind))
    outputs = [helper.make_tensor_value_info("output0", kind, [1, None, None])]
    if masks:
        nodes.append(_node("Cast", "prototypes", "output1", to=kind))
        outputs.append(helper.make_tensor_value_info("output1", kind, [1, 2, None, None]))
    image = helper.make_tensor_value_info("images", kind, [batch, 3, *(size or ("height", "width"))])
    constants = [numpy_helper.from_array(value, name) for name, value in _CONSTANTS.items()]
    graph = helper.make_graph(nodes, "toy", [image], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    told: dict[str, str | None] = {
        "task": task,
        "names": "{0: 'crack', 1: 'stain'}",
        "imgsz": str(list(size or (128, 128))),
        "stride": "32",
    }
    told |= {"version": "8.4.0", "args": "{'nms': False}"} | dict(metadata or {})
    helper.set_model_props(model, {key: value for key, value in told.items() if value is not None})
    onnx.save(model, str(path))
    return path


def _node(operator: str, inputs: str, outputs: str, **attributes: Any) -> NodeProto:
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)


def _nodes(*, masks: bool) -> list[NodeProto]:
    """From "picture" to "raw" (1, 4 + 2 + m, anchors), and to "prototypes" (1, 2, h, w)."""
    nodes = [
        _node("AveragePool", "picture", "cells", kernel_shape=[CELL_PX, CELL_PX], strides=[CELL_PX, CELL_PX]),
        *(_node("Gather", f"cells i{index}", colour, axis=1) for index, colour in enumerate(("red", "green", "blue"))),
        _node("Mul", "red zero", "nothing"),
        _node("Add", "nothing one", "ones"),
    ]
    for axis, name in (("across", "x"), ("down", "y")):
        nodes += [
            _node("CumSum", f"ones {axis}", f"{name}_count"),
            _node("Sub", f"{name}_count half", f"{name}_cells"),
            _node("Mul", f"{name}_cells cell", name),
        ]
    for colour in ("red", "blue"):
        nodes += [
            _node("Mul", f"{colour} two", f"{colour}_twice"),
            _node("Sub", f"{colour}_twice one", f"{colour}_above"),
            _node("Relu", f"{colour}_above", f"{colour}_score"),
        ]
    nodes += [_node("Mul", "green width", "w"), _node("Mul", "green height", "h")]
    channels = "x y w h red_score blue_score"
    if masks:
        channels += " c0 c1"
        nodes += [
            _node("Add", "nothing steep", "c0"),
            _node("Add", "nothing offset", "c1"),
            _node("AveragePool", "picture", "fine", kernel_shape=[4, 4], strides=[4, 4]),
            _node("Gather", "fine i0", "p0", axis=1),
            _node("Mul", "p0 zero", "p_nothing"),
            _node("Add", "p_nothing one", "p1"),
            _node("Concat", "p0 p1", "prototypes", axis=1),
        ]
    return [*nodes, _node("Concat", channels, "map", axis=1), _node("Reshape", "map flat", "raw")]


def _finish(*, masks: bool) -> list[NodeProto]:
    """From "raw" to "answer" (1, anchors, 6 + m)."""
    parts = {"centre": [0, 1], "sides": [2, 3], "scores": [4, 5], "coefficients": [6, 7]}
    if not masks:
        del parts["coefficients"]
    nodes = []
    for name, channels in parts.items():
        value = numpy_helper.from_array(np.array(channels, np.int64))
        nodes += [_node("Constant", "", f"{name}_at", value=value), _node("Gather", f"raw {name}_at", name, axis=1)]
    answers = "low high score class" + (" coefficients" if masks else "")
    return [
        *nodes,
        _node("Mul", "sides half", "halves"),
        _node("Sub", "centre halves", "low"),
        _node("Add", "centre halves", "high"),
        _node("ReduceMax", "scores", "score", axes=[1]),
        _node("ArgMax", "scores", "index", axis=1),
        _node("Cast", "index", "class", to=TensorProto.FLOAT),
        _node("Concat", answers, "columns", axis=1),
        _node("Transpose", "columns", "answer", perm=[0, 2, 1]),
    ]
