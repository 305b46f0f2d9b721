"""Painted cracks with exact masks, and painted things that are no cracks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labels import POSITIVE, UNKNOWN, Label

Image = NDArray[np.uint8]
Alpha = NDArray[np.float32]
Path = NDArray[np.float64]

_SUB = 3  # sub-pixel bits of OpenCV's drawing
_OVER = 4  # lines are drawn this much larger and shrunk, so that widths need not be whole pixels


def _wander(rng: np.random.Generator, start: Path, heading: float, length: float, wildness: float) -> Path:
    """A crack's centre line, (n, 2): a heading that drifts slowly, plus jitter on several scales (fractal)."""
    step = 3.0
    count = max(4, int(length / step))
    drift = np.cumsum(rng.normal(0, 0.05 * wildness, count))
    drift -= np.linspace(0, drift[-1], count) * rng.uniform(0, 1)
    kinks = np.zeros(count)
    for scale in (4, 10, 25):
        knots = rng.normal(0, 0.45 * wildness, count // scale + 2)
        kinks += np.interp(np.arange(count) / scale, np.arange(knots.size), knots)
    angles = heading + drift + kinks
    steps = step * np.stack([np.cos(angles), np.sin(angles)], 1)
    return np.asarray(start + np.cumsum(steps, 0))


def _draw(shape: tuple[int, int], path: Path, widths: NDArray[np.float64]) -> Alpha:
    """Anti-aliased coverage of a line whose width changes along its way."""
    canvas = np.zeros((shape[0] * _OVER, shape[1] * _OVER), np.uint8)
    points = np.round(path * _OVER * (1 << _SUB)).astype(np.int32)
    for a, b, width in zip(points[:-1], points[1:], widths, strict=False):
        cv2.line(canvas, a.tolist(), b.tolist(), 255, max(1, round(width * _OVER)), cv2.LINE_8, _SUB)
    return cv2.resize(canvas, (shape[1], shape[0]), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def crack_alpha(rng: np.random.Generator, shape: tuple[int, int], thickness: float | None = None) -> Alpha:
    """One crack with branches, as coverage float32 (H, W); `thickness` is its typical width in px, else drawn."""
    height, width = shape
    heading = rng.uniform(0, 2 * np.pi)
    length = rng.uniform(0.25, 1.3) * max(shape)
    centre = rng.uniform((0.2 * width, 0.2 * height), (0.8 * width, 0.8 * height))
    start = centre - 0.5 * length * np.array([np.cos(heading), np.sin(heading)])
    wildness = rng.uniform(0.4, 1.6)
    path = _wander(rng, start, heading, length, wildness)
    thickness = thickness or float(np.exp(rng.uniform(np.log(0.8), np.log(14.0))))
    knots = np.exp(rng.normal(0, 0.35, len(path) // 8 + 2))
    profile = np.interp(np.arange(len(path)) / 8, np.arange(knots.size), knots)
    ends = np.minimum(np.arange(len(path)), np.arange(len(path))[::-1]) / (0.15 * len(path))
    widths = thickness * profile * np.clip(ends + rng.uniform(0, 1), 0.15, 1)
    alpha = _draw(shape, path, widths)
    for _ in range(int(rng.integers(0, 4))):
        at = int(rng.integers(len(path) // 5, max(len(path) // 5 + 1, 4 * len(path) // 5)))
        turn = rng.choice([-1, 1]) * rng.uniform(0.4, 1.2)
        twig = _wander(rng, path[at], heading + turn, length * rng.uniform(0.1, 0.4), wildness)
        taper = np.linspace(1, 0.3, len(twig)) * widths[at] * rng.uniform(0.3, 0.9)
        alpha = np.maximum(alpha, _draw(shape, twig, taper))
    return alpha


def paint_crack(rng: np.random.Generator, image: Image, label: Label, thickness: float | None = None) -> None:
    """Paint one crack onto the picture and its mask into the label, both in place."""
    alpha = crack_alpha(rng, image.shape[:2], thickness)
    noise = cv2.resize(rng.normal(0, 1, (24, 24)).astype(np.float32), image.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    depth = np.clip(rng.uniform(0.25, 0.85) * (1 + 0.15 * noise), 0.12, 0.97)
    tint = rng.normal(1, 0.04, 3).astype(np.float32)
    picture = image.astype(np.float32)
    if rng.random() < 0.4:  # a chipped, lighter lip on one side
        shift = rng.uniform(-2, 2, 2)
        moved = cv2.warpAffine(alpha, np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32), image.shape[1::-1])
        picture += (np.clip(moved - alpha, 0, 1) * rng.uniform(5, 45))[..., None]
    if rng.random() < 0.3:  # soft dirt around
        halo = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(2, 6))
        picture *= (1 - rng.uniform(0.05, 0.25) * halo)[..., None]
    soft = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.3, 0.8))
    floor = cv2.GaussianBlur(picture, (0, 0), 3) * (1 - depth)[..., None] * tint
    mixed = picture * (1 - soft[..., None]) + floor * soft[..., None]
    image[...] = np.clip(mixed, 0, 255).astype(np.uint8)
    edge = alpha > 0.2
    label[edge & (label == 0)] = UNKNOWN
    label[alpha >= 0.45] = POSITIVE


def paint_decoy(rng: np.random.Generator, image: Image, label: Label) -> None:
    """Paint a line that is no crack: a pen or pencil line, a seam, a cable, a shadow's edge, a grid of joints."""
    shape = image.shape[:2]
    kind = rng.choice(["pen", "seam", "cable", "grid", "shadow"])
    colour = rng.uniform(0, 110, 3) if rng.random() < 0.5 else np.full(3, rng.uniform(0, 150))
    alpha = np.zeros(shape, np.float32)
    if kind == "grid":
        alpha = _grid_alpha(rng, shape)
    elif kind == "shadow":
        _paint_shadow(rng, image)
        return
    else:
        thickness = {"pen": rng.uniform(0.8, 4), "seam": rng.uniform(0.8, 5), "cable": rng.uniform(3, 14)}[str(kind)]
        path = _smooth_line(rng, shape, bend=0.0 if kind == "seam" else rng.uniform(0, 0.5))
        alpha = _draw(shape, path, np.full(len(path), thickness))
        if kind == "cable":  # a cable is round: light runs along its middle
            glint = _draw(shape, path + 0.2 * thickness, np.full(len(path), max(1.0, thickness * 0.3)))
            picture = _mix(image, alpha, colour)
            image[...] = _mix(picture, glint * 0.6, colour + rng.uniform(30, 120))
            label[alpha > 0.3] = 0
            return
    image[...] = _mix(image, alpha * rng.uniform(0.4, 1.0), colour)


def _mix(image: Image, alpha: Alpha, colour: NDArray[np.float64]) -> Image:
    mixed = image * (1 - alpha[..., None]) + colour * alpha[..., None]
    return np.clip(mixed, 0, 255).astype(np.uint8)


def _smooth_line(rng: np.random.Generator, shape: tuple[int, int], bend: float) -> Path:
    """A quadratic Bezier curve across the picture; straight when `bend` is 0."""
    diagonal = float(np.hypot(*shape))
    angle = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)]) + rng.normal(0, 0.03)
    along = np.array([np.cos(angle), np.sin(angle)]) * diagonal * rng.uniform(0.2, 0.7)
    middle = rng.uniform((0.1, 0.1), (0.9, 0.9)) * shape[::-1]
    ends = middle - along, middle + along
    control = middle + rng.normal(0, 1, 2) * bend * diagonal
    t = np.linspace(0, 1, 40)[:, None]
    return np.asarray((1 - t) ** 2 * ends[0] + 2 * t * (1 - t) * control + t**2 * ends[1])


def _grid_alpha(rng: np.random.Generator, shape: tuple[int, int]) -> Alpha:
    """Joints of tiles or bricks, seen at a slant."""
    side = int(2 * max(shape))
    canvas = np.zeros((side, side), np.uint8)
    high = rng.uniform(0.08, 0.4) * max(shape)
    wide = high * rng.choice([1.0, 1.0, 2.0, 3.0])
    offset = 0.5 if rng.random() < 0.6 else 0.0
    joint = max(1, round(float(np.exp(rng.uniform(np.log(1.5), np.log(12))))))
    for row, y in enumerate(np.arange(0, side, high)):
        cv2.line(canvas, (0, round(y)), (side, round(y)), 255, joint, cv2.LINE_AA)
        for x in np.arange((row % 2) * offset * wide, side, wide):
            cv2.line(canvas, (round(x), round(y)), (round(x), round(y + high)), 255, joint, cv2.LINE_AA)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    source = corners * max(shape) + 0.5 * max(shape)
    slant = rng.normal(0, 0.08, (4, 2)).astype(np.float32)
    target = (corners + slant) * np.array([shape[1], shape[0]], np.float32)
    warp = cv2.getPerspectiveTransform(source, target.astype(np.float32))
    return cv2.warpPerspective(canvas, warp, shape[::-1], flags=cv2.INTER_AREA).astype(np.float32) / 255


def _paint_shadow(rng: np.random.Generator, image: Image) -> None:
    """Darken one side of a line: a hard or soft shadow's edge."""
    height, width = image.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    signed = (columns - rng.uniform(0, width)) * np.cos(angle) + (rows - rng.uniform(0, height)) * np.sin(angle)
    shade = 1 / (1 + np.exp(-signed / rng.uniform(0.7, 12)))
    image[...] = np.clip(image * (1 - rng.uniform(0.15, 0.6) * shade)[..., None], 0, 255).astype(np.uint8)


def masonry(rng: np.random.Generator, texture: Image, size: int) -> Image:
    """A crack-free wall of bricks or tiles over a real surface's texture, uint8 (size, size, 3)."""
    base = cv2.resize(texture, (size, size), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    base = base / max(float(base.mean()), 1.0)
    joints = _grid_alpha(rng, (size, size))
    _, stones = cv2.connectedComponents((joints < 0.3).astype(np.uint8), connectivity=4)
    colour = rng.choice(np.array([[150, 80, 60], [190, 180, 170], [225, 222, 215], [120, 110, 100], [205, 170, 130]]))
    spread = rng.uniform(0, 25)
    shades = (
        colour
        + rng.normal(0, spread, (int(stones.max()) + 1, 1))
        + rng.normal(0, spread / 3, (int(stones.max()) + 1, 3))
    )
    wall = shades[stones] * base
    mortar = rng.uniform(20, 235) * np.ones(3) * base ** rng.uniform(0.5, 2)
    if rng.random() < 0.5:  # joints lie deeper: a shadow at one side
        shade = np.roll(joints, (int(rng.integers(1, 4)), int(rng.integers(-2, 3))), (0, 1))
        wall = wall * (1 - 0.5 * shade[..., None])
    mixed = wall * (1 - joints[..., None]) + mortar * joints[..., None]
    return np.clip(mixed, 0, 255).astype(np.uint8)
