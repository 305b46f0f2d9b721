"""Sessions of ONNX Runtime on the CPU."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.errors import NotReadyError
from sightline.models.cpus import available_cpus, cpu_share

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(model: Path | bytes, threads: int | None = None) -> InferenceSession:
    """Load a model.

    Args:
        model: An .onnx file, or its bytes.
        threads: Threads a single run may use; None takes as many as there are CPUs' worth of time.

    Raises:
        NotReadyError: The file is missing, damaged, or no model that this runtime can run; the message says which.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # else it keeps a device's id in the temporary folder to report
    import onnxruntime

    name = model.name if isinstance(model, Path) else "the model"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cpus()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.enable_mem_pattern = False  # a plan for every input shape: 90 MB more at 640x832, and no faster
    if cpu_share() < options.intra_op_num_threads:
        # Waiting threads spin, which is the default: on two CPUs the crack net at 640x480 takes 57 ms so, and 72 ms
        # where they sleep. On a share of 1.5 spinning uses the share up: 63 to 78 ms, and 54 to 60 where they sleep.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
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
