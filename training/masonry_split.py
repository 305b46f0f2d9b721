"""A crack-free split of bricks and tiles: `python -m training.masonry_split --jar SweetHome3D.jar --out DIR`.

The data at hand holds no crack-free masonry. Debian's package `sweethome3d` (GPL; used here to measure, never to train)
carries small photographs of brick, stone and tile walls that repeat without a seam. Each is laid out over a wall at
three sizes, seen at a slant, in uneven light, and saved as a JPEG of 640 px.
"""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

FOLDER = "com/eteks/sweethome3d/io/resources/textures"
TEXTURES = (
    *("beigeTile", "blackAndWhiteTiles", "blueTiles", "darkBlueTile", "greyTile", "lightBlueTile", "pavingStone"),
    *("redTiles", "smallBricks", "smallRedBricks", "smallWhiteBricks", "stone2Wall", "stone3Wall", "stoneTiles"),
    *("stoneWall", "wallBeigeTile", "woodenFloor", "oldWoodenFloor"),
)
SIDE = 640


def lay(rng: np.random.Generator, texture: NDArray[np.uint8], courses: float) -> NDArray[np.uint8]:
    """A wall of about `courses` repeats of the texture across, seen by a phone, uint8 (640, 640, 3)."""
    scale = SIDE / courses / max(texture.shape[:2])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    stone = cv2.resize(texture, None, fx=scale, fy=scale, interpolation=method)
    repeats = (-(-2 * SIDE // stone.shape[0]), -(-2 * SIDE // stone.shape[1]), 1)
    wall = np.tile(stone, repeats)[: 2 * SIDE, : 2 * SIDE]
    corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    source = corners + 0.5 * SIDE + rng.normal(0, 35, (4, 2)).astype(np.float32)
    view = cv2.warpPerspective(wall, cv2.getPerspectiveTransform(source, corners), (SIDE, SIDE))
    falloff = np.linspace(rng.uniform(0.7, 1.1), rng.uniform(0.7, 1.1), SIDE)[None, :, None]
    return np.clip(view * falloff + rng.normal(0, 3, view.shape), 0, 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jar", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    with zipfile.ZipFile(arguments.jar) as jar:
        for name in TEXTURES:
            data = np.frombuffer(jar.read(f"{FOLDER}/{name}.jpg"), np.uint8)
            texture = cv2.imdecode(data, cv2.IMREAD_COLOR)
            for courses in (2.0, 3.5, 6.0):
                path = arguments.out / f"{name}_{courses:g}.jpg"
                cv2.imwrite(str(path), lay(rng, texture, courses), [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == "__main__":
    main()
