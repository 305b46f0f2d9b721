"""Small photos, documents and manifests, made on the spot."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

import numpy as np
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from sightline.evidence.manifest import Format, Manifest, Model, Picture
from sightline.evidence.originals import Original, original_photo

RECEIVED: Final = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
RESULTS: Final = {"cracks": [{"length_px": 12.5, "number": 1}], "note": "</script> & </body> 벽"}
FORMATS: Final[tuple[Format, ...]] = ("pdf", "html", "json")


def photo(seed: int = 0, *, size: tuple[int, int] = (24, 16), kind: str = "JPEG", **tags: Any) -> bytes:
    """A picture's file with EXIF tags: `make`, `model`, `software`, `saved`, `orientation`, `taken`, `offset`."""
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    exif = Image.Exif()
    names = {"make": 0x010F, "model": 0x0110, "software": 0x0131, "saved": 0x0132, "orientation": 0x0112}
    details = {"taken": 0x9003, "offset": 0x9011, "saved_offset": 0x9010}
    for name, value in tags.items():
        if name in names:
            exif[names[name]] = value
        else:
            exif.get_ifd(0x8769)[details[name]] = value
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind, exif=exif)
    return file.getvalue()


def original(data: bytes | None = None, *, name: str = "wall.jpg", role: str = "check-in") -> Original:
    return original_photo(data or photo(), name=name, role=role, received_at=RECEIVED)


def manifest(*originals: Original, pictures: tuple[Picture, ...] = ()) -> Manifest:
    return Manifest(
        kind="crack-inspection",
        created_at=RECEIVED,
        service_version="0.1.0",
        originals=originals or (original(),),
        model=Model("crack", "1", "0" * 64),
        settings={"reference": "auto"},
        results=RESULTS,
        subject="inspection-1",
        pictures=pictures,
    )


def document(document_format: Format) -> bytes:
    """A report of two pages, or sections, with a picture on each."""
    if document_format == "pdf":
        return pdf()
    if document_format == "html":
        return html()
    return json.dumps(
        {"wall": "벽", "results": RESULTS, "photos": [{"stage": "in"}, {"stage": "out"}]}, indent=1
    ).encode()


def pdf(*, second: str = "Page 2") -> bytes:
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    for number, text in enumerate(("Page 1", second)):
        canvas.drawString(100, 700, text)
        canvas.drawImage(ImageReader(BytesIO(photo(number))), 100, 300, 240, 160)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def html() -> bytes:
    before, after = (b64encode(photo(number)).decode() for number in (0, 1))
    return f"""<!doctype html><html lang="en"><head><style>p {{ margin: 0 }}</style></head><body>
<h1>Report</h1><p>A wall &amp; its cracks</p><img alt="before" src="data:image/jpeg;base64,{before}">
<h2>Findings</h2><p>One crack</p><img alt="after" src="data:image/jpeg;base64,{after}">
<script>let x = "</body>".length</script></body></html>
""".encode()
