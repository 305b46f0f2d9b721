from __future__ import annotations

import threading

import pytest

from sightline.errors import MissingExtraError, NotReadyError
from sightline.service.loading import ModelLoader
from tests.conftest import PATIENCE_S


def test_a_model_is_starting_then_ready() -> None:
    go = threading.Event()

    def load() -> str:
        assert go.wait(PATIENCE_S)
        return "model"

    loader = ModelLoader(load)
    loader.start()

    assert (loader.state, loader.model, loader.failure) == ("starting", None, None)
    with pytest.raises(NotReadyError, match="still loading"):
        loader.wait(0)
    go.set()
    assert loader.wait(PATIENCE_S) == "model"
    assert (loader.state, loader.model, loader.failure) == ("ready", "model", None)


def test_a_model_is_loaded_once_for_all_who_wait() -> None:
    loads = []

    def load() -> str:
        loads.append(1)
        return "model"

    loader = ModelLoader(load)
    threads = [threading.Thread(target=loader.wait, args=(PATIENCE_S,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    loader.start()

    assert loads == [1]


@pytest.mark.parametrize("kind", [NotReadyError, MissingExtraError])
def test_a_failure_is_kept_and_told_to_everyone(kind: type[NotReadyError]) -> None:
    def load() -> str:
        raise kind("there is no file best.onnx")

    loader = ModelLoader(load)
    for _ in range(2):
        with pytest.raises(kind, match=r"there is no file best\.onnx"):
            loader.wait(PATIENCE_S)

    assert (loader.state, loader.model, loader.failure) == ("failed", None, "there is no file best.onnx")


def test_a_bug_in_loading_counts_as_a_failure_with_its_reason() -> None:
    def load() -> str:
        raise ZeroDivisionError("division by zero")

    loader = ModelLoader(load)
    with pytest.raises(NotReadyError, match="ZeroDivisionError: division by zero"):
        loader.wait(PATIENCE_S)
    assert loader.state == "failed"
