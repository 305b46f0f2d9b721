"""Make real Ultralytics models and exports to compare our engines with. Needs the extra `yolo`, and `onnx`.

No weights are downloaded, and none that Ultralytics made are kept in the repository (their licence, AGPL-3.0, reaches
weights and exports): everything is made on the spot, in a folder of the caller's.

- `stimulated(...)`: a network from its yaml with random weights, its last layers scaled until a picture yields
  up to hundreds of boxes. It takes seconds and is hard on suppression and masks: the parity test uses it.
- `trained(...)`: a YOLO11n-seg that has learnt to find painted cracks. It takes ten minutes or so.

By hand, from the repository's root, with a Python that has `ultralytics`:

    python tests/crack/ultralytics/make_exports.py OUT_DIR    # trains OUT_DIR/best.pt, exports every variant beside it
    SIGHTLINE_YOLO_WEIGHTS=OUT_DIR/best.pt python -m pytest tests/crack/ultralytics
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))
os.environ.setdefault("YOLO_AUTOINSTALL", "false")
os.environ.setdefault("YOLO_OFFLINE", "true")

VARIANTS: dict[str, dict[str, Any]] = {
    "static": {},
    "dynamic": {"dynamic": True},
    "nms": {"nms": True},
    "dynamic_nms": {"nms": True, "dynamic": True},
    "half": {"quantize": 16},
    "end2end": {"nms": False},
}
"""Arguments of `export` by the name we give them; `end2end` only means something for YOLOv10 and YOLO26."""


def import_yolo() -> Any:
    """Ultralytics' class `YOLO`, with torch on one thread and a fixed seed."""
    from torchvision_cpu import provide_torchvision_ops

    provide_torchvision_ops()
    import torch
    from ultralytics import YOLO

    torch.set_num_threads(1)
    torch.manual_seed(0)
    return YOLO


def paint_wall(
    seed: int, height: int, width: int, *, stained: bool
) -> tuple[NDArray[np.uint8], list[NDArray[np.float64]]]:
    """A noisy grey wall with one to three dark cracks, and with stains of all sizes if wanted.

    Returns the RGB picture (height, width, 3) and each crack's outline (n, 2), x and y in 0..1 of the picture's sides.
    """
    rng = np.random.default_rng(seed)
    wall = rng.uniform(130, 210) + rng.uniform(-12, 12, size=3) + rng.normal(0, 14, size=(height, width, 1))
    for cells in (3, 9, 27) if stained else ():
        stains = Image.fromarray(rng.integers(0, 256, size=(cells, cells, 3), dtype=np.uint8))
        wall = wall + (np.asarray(stains.resize((width, height), Image.Resampling.BICUBIC)) - 128.0) * 0.4
    picture = Image.fromarray(np.clip(wall, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    outlines = [_crack_outline(rng) * min(height, width) for _ in range(rng.integers(1, 4))]
    for outline in outlines:
        room = (width, height) - np.ptp(outline, axis=0)
        outline += rng.uniform(0, 1, size=2) * room - outline.min(axis=0)
        ImageDraw.Draw(picture).polygon([(x, y) for x, y in outline.tolist()], fill=(int(rng.uniform(15, 60)),) * 3)
    return np.array(picture), [outline / (width, height) for outline in outlines]


def _crack_outline(rng: np.random.Generator) -> NDArray[np.float64]:
    """A narrow band along a walk that keeps its direction, in units of the picture's shorter side."""
    steps = 6
    heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.35, size=steps))
    along = np.stack([np.cos(heading), np.sin(heading)], axis=1)
    line = np.cumsum(along * rng.uniform(0.3, 0.8) / steps, axis=0)
    half_width = along[:, ::-1] * (1, -1) * rng.uniform(0.01, 0.025)
    return np.concatenate([line + half_width, (line - half_width)[::-1]])


def stimulated(yaml: str, target: Path, *, class_names: tuple[str, ...], imgsz: int, seed: int = 0) -> Path:
    """Save the network of `yaml` as `target` (*.pt), random but eloquent: see the module's text."""
    yolo = import_yolo()(yaml)
    import torch

    torch.manual_seed(seed)
    network = type(yolo.model)(yaml, nc=len(class_names), verbose=False)
    network.names = dict(enumerate(class_names))
    pictures = np.stack([paint_wall(seed, imgsz, imgsz, stained=True)[0] for seed in range(2)])
    batch = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 1.0
        network.train()
        network(batch)  # the batch norms take on what they see, so that signals survive to the last layer
        network.eval()
        head = network.model[-1]
        # Of a box's sides, logits of a histogram, or the distances themselves, which are to stay above 0.
        boxes = (0.0, 1.5) if head.reg_max > 1 else (8.0, 0.1)
        for prefix in ("", "one2one_"):
            for branch, (mean, spread) in {"cv2": boxes, "cv3": (-3.5, 0.4), "cv4": (0.0, 0.6)}.items():
                for level in getattr(head, prefix + branch, None) or ():
                    _rescale(network, batch, level[-1], mean, spread)
    network.task, network.args, yolo.model = yolo.task, yolo.model.args, network
    yolo.save(target)
    return target


def _rescale(network: Any, batch: Any, layer: Any, mean: float, spread: float) -> None:
    """Set a convolution's scale and offset so that each of its channels has this mean and spread over `batch`."""
    seen: list[Any] = []
    hook = layer.register_forward_hook(lambda _layer, _inputs, output: seen.append(output))
    network(batch)
    hook.remove()
    if not seen:  # the branch that this network does not use for answers
        return
    low, was_mean, high = np.quantile(seen[0].numpy(), (0.16, 0.5, 0.84), axis=(0, 2, 3))  # borders are far out
    was_spread = layer.bias.new_tensor((high - low) / 2)
    layer.weight.mul_((spread / was_spread)[:, None, None, None])
    layer.bias.sub_(layer.bias.new_tensor(was_mean)).mul_(spread / was_spread).add_(mean)


def trained(folder: Path, *, pictures: int = 96, imgsz: int = 192, epochs: int = 90, minutes: float = 14) -> Path:
    """Train a YOLO11n-seg from nothing on painted walls; `folder`/best.pt."""
    for index in range(pictures):
        picture, outlines = paint_wall(1000 + index, imgsz, imgsz, stained=False)
        for kind in ("images", "labels"):
            (folder / kind).mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(folder / f"images/{index}.png")
        lines = ["0 " + " ".join(f"{value:.5f}" for value in outline.ravel()) for outline in outlines]
        (folder / f"labels/{index}.txt").write_text("\n".join(lines), encoding="ascii")
    data = folder / "walls.yaml"
    data.write_text(f"path: {folder.resolve()}\ntrain: images\nval: images\nnames: {{0: crack}}\n", encoding="utf-8")
    yolo = import_yolo()("yolo11n-seg.yaml")
    yolo.train(
        data=str(data), imgsz=imgsz, epochs=epochs, time=minutes / 60, batch=8, workers=0, device="cpu", amp=False,
        val=False, plots=False, mosaic=0.0, optimizer="AdamW", lr0=2e-3, warmup_epochs=2, project=str(folder),
        name="run", exist_ok=True, deterministic=False,
    )  # fmt: skip
    return Path(shutil.copy(folder / "run/weights/last.pt", folder / "best.pt"))


def export(weights: Path, variant: str, folder: Path, *, imgsz: int | list[int]) -> Path:
    """Export `weights` as a variant of `VARIANTS`; the *.onnx lies in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    own = Path(shutil.copy(weights, folder / f"{weights.stem}-{variant}.pt"))  # Ultralytics writes beside the weights
    exported = import_yolo()(own).export(format="onnx", imgsz=imgsz, device="cpu", **VARIANTS[variant])
    own.unlink()
    return Path(exported)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a YOLO11n-seg on painted cracks and export it in every way.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    weights = trained(folder)
    for variant in VARIANTS:
        print(export(weights, variant, folder, imgsz=192))


if __name__ == "__main__":
    main()
