"""What is left out of a package, and what must stay."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from packages.products import SOURCES, Product
from packages.pruning import prune, rules


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def left(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("product", "name"),
    [
        ("crack", "onnxruntime/capi/onnxruntime_pybind11_state.cpython-312-x86_64-linux-gnu.so"),
        ("crack", "onnxruntime/ThirdPartyNotices.txt"),
        ("crack", "diplib/libDIP.so"),
        ("crack", "diplib.libs/libgomp-a34b3233.so.1.0.0"),
        ("crack", "numpy/typing/__init__.py"),
        ("crack", "numpy/testing/__init__.py"),
        ("crack", "annotated_types/test_cases.py"),
        ("gaze", "botocore/data/endpoints.json"),
        ("gaze", "botocore/data/dynamodb/2012-08-10/service-2.json.gz"),
        ("gaze", "botocore/data/s3/2006-03-01/endpoint-rule-set-1.json.gz"),
        ("gaze", "botocore/data/sqs/2012-11-05/service-2.json.gz"),
        ("gaze", "ai_edge_litert/libLiteRt.so"),
        ("gaze", "av-18.1.0.dist-info/licenses/LICENSE.txt"),
        ("gaze", "av-18.1.0.dist-info/METADATA"),
    ],
)
def test_what_a_function_needs_stays(product: Product, name: str, tmp_path: Path) -> None:
    fill(tmp_path, name)

    prune(tmp_path, product)

    assert name in left(tmp_path)


@pytest.mark.parametrize(
    ("product", "name"),
    [
        ("crack", "numpy/lib/tests/test_io.py"),
        ("crack", "numpy/__init__.pyi"),
        ("crack", "onnxruntime/transformers/optimizer.py"),
        ("crack", "onnxruntime/capi/libonnxruntime.so.1.31.1"),
        ("crack", "numpy-2.5.5.dist-info/RECORD"),
        ("gaze", "botocore/data/ec2/2016-11-15/service-2.json.gz"),
        ("gaze", "botocore/data/s3/2006-03-01/examples-1.json"),
        ("gaze", "ai_edge_litert/tools/apply_plugin_main"),
        ("gaze", "bin/f2py"),
    ],
)
def test_what_never_runs_goes_with_its_empty_folders(product: Product, name: str, tmp_path: Path) -> None:
    fill(tmp_path, name)

    prune(tmp_path, product)

    assert left(tmp_path) == set()


def test_a_source_beside_its_compiled_module_goes(tmp_path: Path) -> None:
    fill(tmp_path, "av/frame.py", "av/frame.abi3.so", "av/frames.py")

    prune(tmp_path, "gaze")

    assert left(tmp_path) == {"av", "av/frame.abi3.so", "av/frames.py"}


def test_a_rule_that_finds_nothing_is_named(tmp_path: Path) -> None:
    fill(tmp_path, "bin/f2py")

    idle = prune(tmp_path, "gaze")

    assert len(idle) == len(rules("gaze")) - 1
    assert "bin/*" not in {rule.pattern for rule in idle}


@pytest.mark.parametrize(("product", "own"), [("crack", {".onnx"}), ("gaze", {".task", ".tflite"})])
def test_each_product_has_its_own_weights_only(product: Product, own: set[str], tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path / "sightline")

    prune(tmp_path, product)

    models = {path.suffix for path in (tmp_path / "sightline/models").iterdir()} - {".py", ".json", ""}
    assert models == own
    assert not (tmp_path / "sightline/cli").exists()
