"""The scout answers what the net's judge answers, and is a model of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from sightline.models.onnx import open_session
from training.scout import widen_weights, write_judge_part, write_scout


def write_net(path: Path) -> Path:
    """One convolution per 16 px cell, its weights stored as float16, with two outputs."""
    weights = np.random.default_rng(5).normal(0, 0.0005, (8, 3, 16, 16)).astype(np.float16)
    nodes = [
        helper.make_node("Cast", ["stored"], ["weights"], name="widen", to=TensorProto.FLOAT),
        helper.make_node("Cast", ["image"], ["float"], name="cast", to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["float"], ["planes"], name="planes", perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "weights"], ["cells"], name="conv", strides=[16, 16]),
        helper.make_node("Sigmoid", ["cells"], ["judge"], name="judge"),
        helper.make_node("Identity", ["planes"], ["mask"], name="mask"),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, [1, "h", "w", 3])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, None, None]) for name in ("mask", "judge")],
        [numpy_helper.from_array(weights, "stored")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


def test_the_judges_part_answers_what_the_net_answers(tmp_path: Path) -> None:
    net, part = write_net(tmp_path / "net.onnx"), tmp_path / "part.onnx"
    write_judge_part(net, part)
    image = np.random.default_rng(6).integers(0, 256, (1, 64, 96, 3), dtype=np.uint8)
    (judge,) = open_session(part).run(None, {"image": image})
    assert (judge == open_session(net).run(["judge"], {"image": image})[0]).all()


def test_in_int8_it_answers_nearly_the_same(tmp_path: Path) -> None:
    net, scout = write_net(tmp_path / "net.onnx"), tmp_path / "scout.onnx"
    photos = np.random.default_rng(7).integers(0, 256, (4, 64, 96, 3), dtype=np.uint8)
    write_scout(net, scout, iter(photos))
    assert any(node.op_type == "QuantizeLinear" for node in onnx.load(str(scout)).graph.node)
    (judge,) = open_session(scout).run(None, {"image": photos[:1]})
    np.testing.assert_allclose(judge, open_session(net).run(["judge"], {"image": photos[:1]})[0], atol=0.03)


def test_widened_weights_are_the_stored_ones(tmp_path: Path) -> None:
    model = onnx.load(str(write_net(tmp_path / "net.onnx")))
    stored = numpy_helper.to_array(model.graph.initializer[0])
    widen_weights(model)
    (weight,) = model.graph.initializer
    values = numpy_helper.to_array(weight)
    assert weight.name == "weights"
    assert values.dtype == np.float32
    assert (values == stored).all()
