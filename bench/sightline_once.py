"""Measure Sightline in this process: `python bench/sightline_once.py FIRST.jpg [PHOTO.jpg ...]`, JSON out.

The answer is what the service gives: decoded photo, cracks, sizes, quality; without the annotated picture.
"""

from __future__ import annotations

import json
import sys

from timing import measure

from sightline.crack import detect_cracks

if __name__ == "__main__":
    print(json.dumps(measure(detect_cracks, *sys.argv[1:])))
