"""Make a torchvision wheel without working operators good enough for Ultralytics on a CPU-only machine.

Some indexes carry a CPU build of torch but only the CUDA build of torchvision, which fails at import with "operator
torchvision::nms does not exist". Ultralytics needs torchvision for that one operator. `provide_torchvision_ops` defines
it, so it must run before the first import of torchvision. For measuring and for tests only: whoever installs the extra
`yolo` gets a matching pair of wheels.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def provide_torchvision_ops() -> None:
    """Import torchvision; where its compiled operators do not load, define the ones its Python code relies on."""
    try:
        import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]  # half imported
        _define_ops()


def _define_ops() -> None:
    import torch

    _libraries.append(library := torch.library.Library("torchvision", "DEF"))
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.impl("nms", _nms, "CPU")
    import_module("torchvision").extension._has_ops = lambda: True  # noqa: SLF001


_libraries: list[torch.library.Library] = []
"""Operators live as long as the library object that defined them."""


def _nms(dets: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Greedy suppression, boxes (n, 4) as x1, y1, x2, y2; the indices kept, best score first."""
    import torch

    order = torch.argsort(scores, descending=True, stable=True)
    boxes = dets[order]
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    alive = torch.ones(len(order), dtype=torch.bool)
    kept: list[int] = []
    for index in range(len(order)):
        if not alive[index]:
            continue
        kept.append(index)
        overlap = torch.minimum(boxes[index, 2:], boxes[:, 2:]) - torch.maximum(boxes[index, :2], boxes[:, :2])
        intersection = overlap.clamp(min=0).prod(dim=1)
        alive &= intersection <= iou_threshold * (area[index] + area - intersection)
    return order[torch.tensor(kept, dtype=torch.long)]
