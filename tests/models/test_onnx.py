"""Sessions open on what is a model, and say why on what is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from sightline.errors import NotReadyError
from sightline.models.cpus import available_cpus
from sightline.models.onnx import open_session


def doubling(operator: str = "Add") -> bytes:
    """A model that adds its input to itself."""
    graph = helper.make_graph(
        [helper.make_node(operator, ["x", "x"], ["y"])],
        "doubling",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def test_a_model_runs_from_a_file_and_from_bytes(tmp_path: Path) -> None:
    path = tmp_path / "doubling.onnx"
    path.write_bytes(doubling())
    numbers = np.arange(3, dtype=np.float32)
    for source in (path, doubling()):
        (doubled,) = open_session(source).run(None, {"x": numbers})
        assert doubled.tolist() == [0, 2, 4]


def test_it_runs_on_the_cpu_with_as_many_threads_as_asked() -> None:
    session = open_session(doubling(), threads=1)
    assert session.get_providers() == ["CPUExecutionProvider"]
    assert session.get_session_options().intra_op_num_threads == 1
    assert open_session(doubling()).get_session_options().intra_op_num_threads == available_cpus()


@pytest.mark.parametrize(("memory_mb", "sleep"), [(2700, True), (1769, False)])
def test_waiting_threads_do_not_use_up_a_broken_share(
    monkeypatch: pytest.MonkeyPatch, memory_mb: int, sleep: bool
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", str(memory_mb))
    options = open_session(doubling()).get_session_options()
    assert options.intra_op_num_threads == (2 if sleep else 1)
    if sleep:
        assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    else:
        with pytest.raises(RuntimeError, match="allow_spinning"):
            options.get_session_config_entry("session.intra_op.allow_spinning")


def test_a_missing_file_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match=r"best\.onnx cannot be read: No such file") as caught:
        open_session(tmp_path / "best.onnx")
    assert str(tmp_path) not in caught.value.message


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 a torch file", doubling()[: len(doubling()) // 2], doubling("NoSuchOperator")],
    ids=["empty", "foreign", "cut off", "unknown operator"],
)
def test_what_is_no_model_is_refused_with_the_reason(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "best.onnx"
    path.write_bytes(data)
    with pytest.raises(NotReadyError, match=r"best\.onnx is no model that can be run: \S") as caught:
        open_session(path)
    assert str(tmp_path) not in caught.value.message
    assert "\n" not in caught.value.message


def test_weights_in_another_file_are_not_fetched(tmp_path: Path) -> None:
    weights = onnx.numpy_helper.from_array(np.zeros(1000, np.float32), "w")
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "w"], ["y"])],
        "outside",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1000])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1000])],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save_model(model, tmp_path / "m.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
    with pytest.raises(NotReadyError):
        open_session(tmp_path / "m.onnx")
