"""Which engine a model file gets, and what a file that is none is told."""

from __future__ import annotations

import sys
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from sightline.crack.engines import load_engine
from sightline.crack.net import NetEngine
from sightline.crack.ultralytics.onnx import UltralyticsOnnxEngine
from sightline.errors import MissingExtraError, NotReadyError, SightlineError
from tests.crack.tiny_net import write_tiny_net
from tests.crack.ultralytics.toy import write_toy


def write_foreign(path: Path) -> Path:
    """A sound ONNX file that says nothing of where it comes from."""
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "foreign", [value], [output])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


def test_none_is_the_packaged_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packaged = NetEngine.from_file(write_tiny_net(tmp_path / "tiny.onnx"))
    monkeypatch.setattr(NetEngine, "packaged", lambda: packaged)
    assert load_engine(None) is packaged


def test_a_model_of_this_project(tmp_path: Path) -> None:
    engine = load_engine(write_tiny_net(tmp_path / "own.onnx"))
    assert isinstance(engine, NetEngine)
    assert engine.info.name == "tiny"


def test_an_export_by_ultralytics(tmp_path: Path) -> None:
    engine = load_engine(str(write_toy(tmp_path / "Best.ONNX")))
    assert isinstance(engine, UltralyticsOnnxEngine)
    assert engine.info.name == "Best"
    assert len(engine.info.sha256) == 64


def refusal(path: Path) -> SightlineError:
    with pytest.raises(SightlineError) as caught:
        load_engine(path)
    message = caught.value.message
    assert message.startswith(f"MODEL_PATH names {path.name}, which ")
    assert str(path.parent) not in message
    return caught.value


@pytest.mark.parametrize("name", ["best.onnx", "best.pt"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    error = refusal(tmp_path / name)
    assert isinstance(error, NotReadyError)
    assert "no such file" in error.message


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "best.onnx").mkdir()
    assert "no such file" in refusal(tmp_path / "best.onnx").message


@pytest.mark.parametrize("content", [b"", b"\x89PNG and so on", b"\x08\x09"])
def test_a_corrupt_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "best.onnx"
    path.write_bytes(content)
    assert isinstance(refusal(path), NotReadyError)


def test_a_truncated_export(tmp_path: Path) -> None:
    path = write_toy(tmp_path / "best.onnx")
    path.write_bytes(path.read_bytes()[:-200])
    assert isinstance(refusal(path), NotReadyError)


def test_a_foreign_onnx_file(tmp_path: Path) -> None:
    assert "neither a model of this project nor" in refusal(write_foreign(tmp_path / "best.onnx")).message


def test_an_export_for_another_task(tmp_path: Path) -> None:
    assert "'pose'" in refusal(write_toy(tmp_path / "best.onnx", metadata={"task": "pose"})).message


def test_another_kind_of_file(tmp_path: Path) -> None:
    path = tmp_path / "best.engine"
    path.touch()
    assert "*.onnx" in refusal(path).message


def test_a_checkpoint_needs_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ultralytics", None)
    path = tmp_path / "best.pt"
    path.touch()
    error = refusal(path)
    assert isinstance(error, MissingExtraError)
    assert "sightline[yolo]" in error.message
