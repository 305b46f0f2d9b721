"""How long an inspection of many large photos takes: each upload, the answer to GET, its report.

    python bench/inspections.py --data DIR [--photos 20]

The photos are of 12 megapixels and show one wall of the training data, before and after a crack of it lengthened. Given
are seconds as they passed and of the processor: what runs beside it changes the former much, the latter little.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from compare_times import phone_photo
from rich.console import Console
from rich.table import Table
from wall_pairs import make_pair

from sightline.service.inspection_setup import WallServices, open_walls
from sightline.service.new_photo import NewPhoto
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.web.inspection_answers import inspection_answer

SEED = 2
"""Of a pair that both photos show most of."""

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
Spent = tuple[float, float]
"""Seconds that passed, and of the processor."""


def measured(walls: WallServices, files: Iterator[bytes]) -> Iterator[tuple[str, list[Spent]]]:
    """What was done, and how long it took each time."""
    inspection_id = walls.inspections.create({"wall": "Bench"}).inspection_id
    uploads: list[Spent] = []
    for number, data in enumerate(files):
        with timed(uploads):
            new = NewPhoto(f"day-{number}", taken_at=FIRST + timedelta(days=number))
            added = walls.inspections.add_photo(inspection_id, new, lambda data=data: data)  # type: ignore[misc]
            assert added.seen is not None
            walls.outcomes.arrived(inspection_id, added.photo, added.seen)
    yield "upload, from the third on", uploads[2:]
    answers: list[Spent] = []
    with timed(answers):
        photos, outcome = walls.outcomes.work_out(inspection_id)
        inspection = walls.inspections.store.get(inspection_id)
        inspection_answer(inspection, photos, outcome, "http://bench").model_dump_json()
    yield "GET", answers
    reports: list[Spent] = []
    with timed(reports):
        walls.reports.make(inspection_id, "en", "pdf")
    yield "report (PDF, HTML and JSON)", reports


@contextmanager
def timed(spent: list[Spent]) -> Iterator[None]:
    passed, worked = time.perf_counter(), time.process_time()
    yield
    spent.append((time.perf_counter() - passed, time.process_time() - worked))


def made_photos(data: Path, count: int) -> Iterator[bytes]:
    """Files of one wall, before and after, each with a grain of its own."""
    pair = make_pair("longer", SEED, split="train", data=data)
    for number in range(count):
        yield phone_photo(pair.before if number < count // 2 else pair.after, number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="with the folder train")
    parser.add_argument("--photos", type=int, default=20)
    arguments = parser.parse_args()
    table = Table("", "s, median", "s, longest", "processor s, median", "processor s, longest")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SAVE_DIR"] = folder
        settings = Settings()
        service = open_photo_service(settings)
        service.model.start()
        for what, spent in measured(open_walls(settings, service), made_photos(arguments.data, arguments.photos)):
            cells = [f"{each:.2f}" for side in zip(*spent, strict=True) for each in (median(side), max(side))]
            table.add_row(what, *cells)
        service.close()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    Console(width=120).print(table, f"{arguments.photos} photos of 12 MP; peak memory {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
