"""Make the pictures of a comparison and of a report: `python docs/make_comparison_pictures.py [FOLDER]`.

One wall is made from noise, with cracks that are drawn, and photographed twice by a camera that is computed: nobody's
home is shown. With FOLDER both photos are written there too, to try the examples of the guides with. Needs `pdftoppm`
(Debian: poppler-utils) for the report's page.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

import sightline
from sightline.crack import CrackReport, compare_reports, comparison_picture, detect_cracks
from sightline.crack.compare.compared import ComparisonReport
from sightline.crack.inspection import Inspection, InspectionPhoto, inspection_pdf
from sightline.crack.scale.board import SMALL
from sightline.crack.scale.codes import CELLS, modules

IMAGES = Path(__file__).parent / "images"
WALL_PX = 1900, 1400
PX_PER_MM = 2.5
PHOTO_PX = 1600, 1200
MARKER_AT = 1500, 330
PICTURE_WIDTH_PX, PAGE_DPI = 1400, 96

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Line = tuple[int, tuple[float, float], float, float, float, float]
"""A crack: the seed of its course, where it begins, its heading in degrees, its length and width in px, how dark."""

GREW = (3, (300.0, 240.0), 38.0, 620.0, 4.2, 0.62)
STAYED = (5, (360.0, 1130.0), -8.0, 560.0, 4.0, 0.6)
CAME = (8, (1120.0, 1090.0), -52.0, 480.0, 3.8, 0.6)
WENT = (12, (1000.0, 200.0), 80.0, 380.0, 3.8, 0.55)
BESIDE = (15, (1735.0, 560.0), 76.0, 400.0, 4.2, 0.6)
GREW_FROM = 0.62
"""Share of its length that the first photo shows."""


def plaster() -> Floats:
    """A painted wall with a socket and a skirting board, RGB float32 (h, w, 3)."""
    rng = np.random.default_rng(4)
    width, height = WALL_PX
    relief = np.zeros((height, width), np.float32)
    for cells, depth in ((5, 4.0), (40, 2.2), (170, 2.2), (480, 3.2)):
        noise = rng.normal(0, depth, (cells * height // width + 2, cells + 2)).astype(np.float32)
        relief += np.asarray(Image.fromarray(noise).resize(WALL_PX, Image.Resampling.BICUBIC))
    wall = np.array([212, 205, 192], np.float32) + relief[..., None]
    for _ in range(130):  # specks and dents, as every wall has
        x, y, radius = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(1.5, 5)
        rows, columns = slice(int(max(y - 16, 0)), int(y + 16)), slice(int(max(x - 16, 0)), int(x + 16))
        grid = np.mgrid[rows.start : min(rows.stop, height), columns.start : min(columns.stop, width)]
        spot = np.exp(-((grid[0] - y) ** 2 + (grid[1] - x) ** 2) / (2 * radius**2))
        wall[rows, columns] -= (rng.uniform(-14, 26) * spot)[..., None]
    wall[-90:] = (236, 234, 228)
    wall[-95:-90] *= 0.7
    wall[640:760, 180:300] = (243, 242, 238)
    wall[760:764, 180:303] *= 0.8
    for x in (217, 263):
        wall[694:706, x - 6 : x + 6] = 70
    return wall


def crack(line: Line, *, share: float = 1.0) -> tuple[Floats, float]:
    """How much of each pixel of the wall a crack covers, (h, w), and how dark it is."""
    seed, start, heading, length, wide, depth = line
    rng = np.random.default_rng(seed)
    count = int(length / 4)
    turn = sum(np.interp(np.arange(count) / k, np.arange(count // k + 2), rng.normal(0, 0.45, count // k + 2))
               for k in (3, 8, 20))  # fmt: skip
    angles = np.radians(heading) + turn
    places = start + 4 * np.cumsum(np.column_stack([np.cos(angles), np.sin(angles)]), axis=0)
    widths = wide * np.interp(np.arange(count) / 9, np.arange(count // 9 + 2), rng.uniform(0.7, 1.3, count // 9 + 2))
    shown = int(share * count)
    widths = widths[:shown] * np.minimum(1, (shown - np.arange(shown)) / 12).clip(0.3)
    canvas = Image.new("L", (WALL_PX[0] * 2, WALL_PX[1] * 2))
    draw = ImageDraw.Draw(canvas)
    for (x0, y0), (x1, y1), w in zip(places[: shown - 1], places[1:shown], widths, strict=False):
        draw.line((2 * x0, 2 * y0, 2 * x1, 2 * y1), 255, round(2 * w))
    small = canvas.reduce(2).filter(ImageFilter.GaussianBlur(0.5))
    return np.asarray(small, np.float32) / np.float32(255), depth


def with_marker(wall: Floats) -> None:
    """Put the small printed marker onto the wall, in place."""
    x, y = MARKER_AT
    half = (np.array(SMALL.size_mm) / 2 + 10) * PX_PER_MM
    left, top, right, bottom = (int(v) for v in (x - half[0], y - half[1], x + half[0], y + half[1]))
    wall[bottom : bottom + 4, left : right + 4] *= 0.8
    wall[top:bottom, left:right] = 238
    for number, corners in zip(SMALL.ids, SMALL.corners_mm, strict=True):
        side = round(SMALL.code_mm * PX_PER_MM)
        cells = np.pad(modules(number), 1).repeat(side // CELLS, 0).repeat(side // CELLS, 1)
        column, row = np.round(corners[0] * PX_PER_MM + MARKER_AT).astype(int)
        wall[row : row + len(cells), column : column + len(cells)] = np.where(cells, 238, 34)[..., None]


def wall_with(cracks: Sequence[tuple[Floats, float]]) -> Floats:
    """The wall with some cracks in it."""
    wall = plaster()
    for covered, depth in cracks:
        wall *= (1 - depth * covered)[..., None]
    with_marker(wall)
    return wall


def photo(wall: Floats, corners: Sequence[tuple[float, float]], *, gain: float, tint: Sequence[float], seed: int
          ) -> Pixels:  # fmt: skip
    """What a camera makes of the quadrilateral of the wall with these corners, clockwise from the upper left."""
    size = np.array(PHOTO_PX, np.float64)
    rows: list[list[float]] = []
    for (u, v), (x, y) in zip(((0, 0), (1, 0), (1, 1), (0, 1)), corners, strict=True):
        u, v = (np.array([u, v]) * size).tolist()
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
    solution = np.linalg.solve(np.array(rows), np.array(corners).ravel())
    picture = Image.fromarray(wall.clip(0, 255).astype(np.uint8)).transform(
        PHOTO_PX, Image.Transform.PERSPECTIVE, solution.tolist(), Image.Resampling.BICUBIC
    )
    across, down = np.meshgrid(np.linspace(-1, 1, PHOTO_PX[0]), np.linspace(-1, 1, PHOTO_PX[1]))
    light = gain * (1 + 0.1 * across - 0.06 * down)[..., None] * np.array(tint)
    seen = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)), np.float64) * light
    grain = np.random.default_rng(seed).normal(0, 1.6, seen.shape)
    file = BytesIO()
    Image.fromarray((seen + grain).clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=93)
    return np.asarray(Image.open(file))


def both_photos() -> tuple[Pixels, Pixels]:
    """The wall at check-in and at check-out."""
    before = wall_with([crack(GREW, share=GREW_FROM), crack(STAYED), crack(WENT), crack(BESIDE)])
    after = wall_with([crack(GREW), crack(STAYED), crack(CAME), crack(BESIDE)])
    earlier = ((30, 40), (1640, 20), (1650, 1240), (20, 1250))
    later = ((140, 70), (1880, 130), (1840, 1350), (90, 1390))
    return (
        photo(before, earlier, gain=0.98, tint=(1.0, 0.98, 0.95), seed=1),
        photo(after, later, gain=1.04, tint=(0.98, 1.0, 1.03), seed=2),
    )


def first_page(compared: ComparisonReport, photos: Sequence[Pixels], reports: Sequence[CrackReport]) -> Image.Image:
    """The first page of the inspection report on both photos."""
    stages = ("check-in", datetime(2026, 3, 1, 10, tzinfo=UTC)), ("check-out", datetime(2026, 6, 1, 11, tzinfo=UTC))
    entries = tuple(
        InspectionPhoto(
            name=f"{stage}.jpg",
            stage=stage,
            image=image,
            report=report,
            sha256=sha256(image.tobytes()).hexdigest(),
            received_at=taken + timedelta(minutes=4),
            taken_at=taken,
            taken_at_from="exif",
        )
        for (stage, taken), image, report in zip(stages, photos, reports, strict=True)
    )
    inspection = Inspection(
        wall="Bedroom, north wall",
        created_at=datetime(2026, 6, 1, 12, tzinfo=UTC),
        inspection_id="3f2b8c1e-6d0a-4b7e-9f65-0c1d2e3f4a5b",
        service_version=sightline.__version__,
        photos=entries,
        comparisons=(compared,),
        signed=True,
        key_fingerprint="2d0d4fcd55cff1fccf5ff7352014d16a8e299f49b72e9c36687329139fc168da",
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        file.write_bytes(inspection_pdf(inspection, language="en"))
        subprocess.run(["pdftoppm", "-png", "-r", str(PAGE_DPI), "-singlefile", file, file.with_suffix("")], check=True)
        return Image.open(file.with_suffix(".png")).convert("RGB").copy()


def main() -> None:
    """Build the wall, photograph it, compare, write."""
    photos = both_photos()
    if len(sys.argv) > 1:
        for name, image in zip(("march.jpg", "june.jpg"), photos, strict=True):
            Image.fromarray(image).save(Path(sys.argv[1]) / name, quality=93)
    reports = [detect_cracks(image) for image in photos]
    compared = compare_reports(photos[0], reports[0], photos[1], reports[1])
    picture = Image.fromarray(comparison_picture(*photos, compared))
    height = round(picture.height * PICTURE_WIDTH_PX / picture.width)
    picture.resize((PICTURE_WIDTH_PX, height), Image.Resampling.LANCZOS).save(IMAGES / "comparison.jpg", quality=80)
    page = first_page(compared, photos, reports)
    page.quantize(256, method=Image.Quantize.MAXCOVERAGE).save(IMAGES / "report.png", optimize=True)


if __name__ == "__main__":
    main()
