"""From photos of plates to sizes in mm: through a board, a card and two points, straight on and at an angle."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.detector import detect_cracks
from sightline.crack.engine import Evidence, Region
from sightline.crack.report import CrackInstance, ModelInfo
from sightline.crack.scale import Reference, TwoPoints
from sightline.crack.scale.board import SMALL
from sightline.crack.scale.homography import project
from sightline.crack.scale.plane import PlaneScale
from sightline.crack.sizes import CrackSizes, measure_sizes
from sightline.errors import BadInputError
from tests.crack.drawing import stroke
from tests.crack.lines import line, photo
from tests.crack.scale import scenes

WIDTH_MM, LENGTH_MM = 3.0, 60.0


class Pointed:
    """An engine that reports strokes where it is told to."""

    info = ModelInfo("pointed", "1", "0" * 64)

    def __init__(self, *strokes: tuple[NDArray[np.float64], float]) -> None:
        self._strokes = strokes

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        regions = [Region(0, 0, stroke(image.shape[:2], ends - 0.5, width)) for ends, width in self._strokes]
        return Evidence(np.zeros(image.shape[:2], np.float32), tuple((region, 0.9) for region in regions))


def ends_mm() -> NDArray[np.float64]:
    """A line below the board."""
    return np.array([[-LENGTH_MM / 2, 55.0], [LENGTH_MM / 2, 55.0]])


def plate(tilt_deg: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """A photo with a board and a line, and the map from mm to its pixels."""
    to_photo = scenes.camera(420, tilt_deg=tilt_deg, roll_deg=5, at_mm=(0, 20))
    board = scenes.board_paint(SMALL)

    def paint(places: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        light, paper = board(places)
        inked = (np.abs(places[..., 0]) <= LENGTH_MM / 2) & (np.abs(places[..., 1] - 55) <= WIDTH_MM / 2)
        return np.where(inked, 0.04, light), paper | inked

    return scenes.photo(to_photo, paint), to_photo


def found(image: NDArray[np.uint8], to_photo: NDArray[np.float64], reference: Reference | TwoPoints) -> CrackInstance:
    report = detect_cracks(image, engine=Pointed((project(to_photo, ends_mm()), 8.0)), reference=reference)
    assert (report.scale is None) == (reference == "none")
    (crack,) = report.instances
    return crack


@pytest.mark.parametrize("tilt", [0, 35])
def test_a_line_beside_a_marker_is_measured_in_mm(tilt: float) -> None:
    image, to_photo = plate(tilt)
    crack = found(image, to_photo, "auto")
    assert crack.mean_width_mm == pytest.approx(WIDTH_MM, abs=0.15)  # four rays a pixel draw no better
    assert crack.max_width_mm == pytest.approx(WIDTH_MM, abs=0.2)
    assert crack.length_mm == pytest.approx(LENGTH_MM, abs=1.0)
    assert crack.width_uncertainty_mm is not None
    assert 0.01 < crack.width_uncertainty_mm < 0.2
    assert crack.length_uncertainty_mm is not None
    assert 0.1 < crack.length_uncertainty_mm < 2


def test_two_points_give_mm_as_well() -> None:
    image, to_photo = plate(0)
    (ax, ay), (bx, by) = project(to_photo, np.array([[-40.0, 0.0], [40.0, 0.0]])).tolist()
    crack = found(image, to_photo, TwoPoints((ax, ay), (bx, by), 80.0))
    assert crack.mean_width_mm == pytest.approx(WIDTH_MM, abs=0.15)


def test_without_a_scale_there_are_no_mm() -> None:
    image, to_photo = plate(0)
    crack = found(image, to_photo, "none")
    (ax, ay), (bx, by) = project(to_photo, np.array([[0.0, 55.0], [0.0, 55.0 + WIDTH_MM]]))
    assert crack.sizes.profile_mean_width_px == pytest.approx(np.hypot(bx - ax, by - ay), abs=0.2)
    document = crack.to_dict()
    assert {name for name, value in document.items() if value is None} == {
        "length_mm", "length_uncertainty_mm", "mean_width_mm", "max_width_mm", "width_uncertainty_mm",
    }  # fmt: skip


def test_a_reference_that_is_asked_for_must_be_there() -> None:
    with pytest.raises(BadInputError, match="marker"):
        detect_cracks(photo(3), engine=Pointed(), reference="marker")


def test_auto_looks_for_nothing_where_there_is_no_crack() -> None:
    image, _ = plate(0)
    assert detect_cracks(image, engine=Pointed()).scale is None
    assert detect_cracks(image, engine=Pointed(), reference="marker").scale is not None


def test_what_looks_like_a_crack_on_the_marker_is_none() -> None:
    image, to_photo = plate(0)
    on_board = project(to_photo, np.array([[-40.0, 0.0], [40.0, 0.0]])), 4.0
    beside = project(to_photo, ends_mm()), 8.0
    assert len(detect_cracks(image, engine=Pointed(on_board, beside), reference="none").instances) == 2
    (left,) = detect_cracks(image, engine=Pointed(on_board, beside)).instances
    assert left.length_mm == pytest.approx(LENGTH_MM, abs=1.0)


def test_beyond_the_horizon_there_are_no_mm() -> None:
    points = line(10)
    crack = detect_cracks(photo(4), engine=Pointed((points[[0, -1]], 6.0)), reference="none").instances[0]
    to_mm = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, -1 / 100, 1]])  # its horizon crosses the crack
    corner = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])
    scale = PlaneScale("card", to_mm, np.zeros((9, 1)), 0.01, corner, perspective_corrected=True)
    (sizes,) = measure_sizes(photo(4), [crack.crack_shape], scale)
    assert sizes.profile_mean_width_px is not None
    assert (sizes.length_mm, sizes.mean_width_mm) == (None, None)


def test_a_width_that_is_not_sure_is_not_told() -> None:
    image = photo(0, noise=6)
    crack = detect_cracks(image, engine=Pointed((line(10)[[0, -1]], 4.0)), reference="none").instances[0]
    assert crack.sizes == CrackSizes()


def test_no_cracks_no_sizes() -> None:
    assert measure_sizes(photo(3), [], None) == []
