"""Sessions of ONNX Runtime on the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sightline.errors import NotReadyError
from sightline.models.cpus import available_cpus

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(model: Path | bytes, threads: int | None = None) -> InferenceSession:
    """Load a model.

    Args:
        model: An .onnx file, or its bytes.
        threads: Threads a single run may use; None takes as many as there are CPUs.

    Raises:
        NotReadyError: The file is missing, damaged, or no model that this runtime can run; the message says which.
    """
    import onnxruntime

    name = model.name if isinstance(model, Path) else "the model"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cpus()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.enable_mem_pattern = False  # a plan for every input shape: 90 MB more at 640x832, and no faster
    # Waiting threads spin, which is the default: the crack net at 640x480 takes 57 ms so and 72 ms where they sleep.
    options.log_severity_level = 3  # its warnings (unused initializers and such) are for who exports a model
    try:
        data = model if isinstance(model, bytes) else model.read_bytes()
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except OSError as error:
        raise NotReadyError(f"the model file {name} cannot be read: {error.strerror}") from error
    except Exception as error:
        # ONNX Runtime raises its own classes, straight under Exception.
        raise NotReadyError(f"{name} is no model that can be run: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
