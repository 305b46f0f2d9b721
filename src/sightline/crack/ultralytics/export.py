"""What an Ultralytics export says about itself: the metadata that its exporter writes into the ONNX file."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from sightline.errors import NotReadyError

TASKS = ("detect", "segment")
CRACK_WORDS = ("crack", "균열")
"""A class whose name contains one of these (in any case) is a crack; the second is Korean for the first."""


@dataclass(frozen=True, slots=True)
class Export:
    """An export's metadata.

    Attributes:
        task: one of `TASKS`.
        names: class names by index.
        imgsz: input (height, width) that it was exported for, in pixels.
        stride: the largest stride of the network; a dynamic input's sides are multiples of it.
        version: the version of Ultralytics that wrote it.
    """

    task: str
    names: dict[int, str]
    imgsz: tuple[int, int]
    stride: int
    version: str


def is_export(metadata: Mapping[str, str]) -> bool:
    """Whether an ONNX file's metadata is that of an Ultralytics export."""
    return {"task", "names", "imgsz", "stride"} <= metadata.keys()


def read_export(metadata: Mapping[str, str]) -> Export:
    """The metadata of an Ultralytics export, checked.

    Raises:
        NotReadyError: A value cannot be read, or the model answers another kind of question (`pose`, `classify`, ...).
    """
    try:
        height, width = ast.literal_eval(metadata["imgsz"])
        export = Export(
            task=metadata["task"],
            names={int(index): str(name) for index, name in ast.literal_eval(metadata["names"]).items()},
            imgsz=(int(height), int(width)),
            stride=int(metadata["stride"]),
            version=metadata.get("version", "unknown"),
        )
    except (ValueError, TypeError, SyntaxError, AttributeError) as error:
        raise NotReadyError(f"its Ultralytics metadata cannot be read ({error})") from error
    check_task(export.task)
    return export


def check_task(task: object) -> None:
    """Raise `NotReadyError` unless a model of this task can show where cracks are."""
    if task not in TASKS:
        raise NotReadyError(f"it is an Ultralytics model for the task {task!r}; only {' and '.join(TASKS)} can be used")


def crack_classes(names: Mapping[int, str]) -> tuple[int, ...]:
    """Indices of the classes that mean a crack: those named so, or all of them where none is (`CRACK_WORDS`).

    A single class is a crack whatever its name; models trained on one class are often named after the data set.
    """
    named = tuple(index for index, name in names.items() if any(word in name.lower() for word in CRACK_WORDS))
    return named or tuple(names)
