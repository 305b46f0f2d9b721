"""Nets that run on LiteRT (XNNPACK on the CPU)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sightline.errors import NotReadyError
from sightline.models.stderr import stderr_without

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter

_GREETING: Final = b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n"
"""What LiteRT says on stderr with a process's first net. No setting turns it off, and the log's lines are JSON."""


class LiteNet:
    """A net of one float32 input, ready to run. Not to be shared by threads: each takes a net of its own."""

    def __init__(self, model: bytes, *, name: str = "the model", threads: int = 1) -> None:
        """Load a net.

        Args:
            model: A .tflite file's bytes.
            name: What an error calls it.
            threads: Threads a single run may use. One is the fastest a core for nets this small; whoever has more
                cores runs more nets.

        Raises:
            NotReadyError: The bytes are no net that this runtime can run; the message says why.
        """
        self._interpreter = _open(model, name, threads)
        inputs = self._interpreter.get_input_details()
        if len(inputs) != 1 or inputs[0]["dtype"] is not np.float32:
            raise NotReadyError(
                f"{name} takes {len(inputs)} inputs ({inputs[0]['dtype'].__name__}), not one of float32"
            )
        self._input = inputs[0]["index"]
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]
        self.input_shape: tuple[int, ...] = tuple(int(side) for side in inputs[0]["shape"])

    def input(self) -> NDArray[np.float32]:
        """The memory the net reads from, to be written in place. Let go of it before `run`, which else refuses."""
        view: NDArray[np.float32] = self._interpreter.tensor(self._input)()
        return view

    def run(self) -> tuple[NDArray[np.float32], ...]:
        """Run on what `input` holds; the outputs in the net's own order, as copies."""
        self._interpreter.invoke()
        return tuple(self._interpreter.get_tensor(index) for index in self._outputs)


def _open(model: bytes, name: str, threads: int) -> Interpreter:
    from ai_edge_litert.interpreter import Interpreter

    try:
        with stderr_without(_GREETING):
            interpreter = Interpreter(model_content=model, num_threads=threads)
            interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise NotReadyError(f"{name} is no net that can be run: {reason}") from error
    return interpreter
