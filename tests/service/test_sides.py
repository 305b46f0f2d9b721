"""Each side of the service runs without the other's engines: in a cloud they are two functions, each with its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import encoded, wall

CRACK = """
import sys
from pathlib import Path
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.web.app import app_around
settings = Settings(data_dir=Path(sys.argv[1], "data"))
photos = open_photo_service(settings)
app_around(photos, settings).openapi()
assert photos.analyse(Path(sys.argv[1], "wall.png").read_bytes).report.model.name
photos.close()
"""
GAZE = """
import base64, sys
from pathlib import Path
from sightline.service.gaze_setup import open_gaze_service
from sightline.settings import Settings
gaze = open_gaze_service(Settings(data_dir=Path(sys.argv[1], "data")))
picture = base64.b64encode(Path(sys.argv[1], "wall.png").read_bytes()).decode()
answer = gaze.eye_tracking.handle({"action": "analyze_image", "file_data": picture})
assert answer["result"]["detected"] is False
import sightline.gaze.analysis
gaze.close()
"""
DOORS = """
import sightline.web.app
from sightline.cli.app import app
import sightline.cli.serve
"""
HEAVY = {"onnxruntime", "diplib", "av", "ai_edge_litert", "matplotlib", "plotly"}


@pytest.mark.parametrize(
    ("code", "loaded"),
    [(CRACK, {"onnxruntime", "diplib"}), (GAZE, {"av", "ai_edge_litert"}), (DOORS, set())],
    ids=["crack", "gaze", "doors"],
)
def test_a_side_loads_its_own_engines_only(code: str, loaded: set[str], tmp_path: Path) -> None:
    (tmp_path / "wall.png").write_bytes(encoded(wall(cracks=0), "PNG"))
    show = f"import sys\nprint(' '.join({sorted(HEAVY)} & sys.modules.keys()))".replace("[", "{").replace("]", "}")
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}", str(tmp_path)], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert set(ran.stdout.split()) == loaded
