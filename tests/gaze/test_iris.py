from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.gaze.canonical import BASIS
from sightline.gaze.eyes import CANTHI, IRIS, LOWER_LID, UPPER_LID
from sightline.gaze.face.tracker import FaceTracker
from sightline.gaze.iris import Irises, iris_down_mm, refine_irises
from sightline.gaze.pose import fit_head, mean_depth_px
from sightline.media.frames import VideoFrame
from tests.gaze.animated import BLUE, BROWN, DARK, Performance, SyntheticFace, played, still

Floats = NDArray[np.float64]
GRID = [(float(h), float(v)) for v in (-20, -10, 0, 10, 20) for h in (-15, 0, 15)]


@pytest.fixture(scope="module")
def tracker() -> FaceTracker:
    return FaceTracker()


def followed(tracker: FaceTracker, face: SyntheticFace) -> Iterator[tuple[VideoFrame, NDArray[np.float32]]]:
    """Each frame with its landmarks."""
    tracker.reset()
    for index, (time_s, picture) in enumerate(face.frames()):
        frame = VideoFrame.from_rgb(picture, index, time_s)
        if index == 0:
            tracker.update(frame)
        found = tracker.update(frame)
        assert found is not None
        yield frame, found.landmarks


def errors_px(tracker: FaceTracker, face: SyntheticFace) -> tuple[Floats, Floats]:
    """(n, 2, 2) how far off the refined irises and the landmarks' irises are, left eye first."""
    truth = np.stack([face.truth.left_iris_px, face.truth.right_iris_px], axis=1)
    refined, guessed = [], []
    for frame, landmarks in followed(tracker, face):
        refined.append(refine_irises(frame, landmarks).centre_px)
        guessed.append(landmarks[IRIS[:, 0], :2])
    return np.array(refined) - truth, np.array(guessed) - truth


@pytest.mark.parametrize(
    "face",
    [
        SyntheticFace(played(GRID)),
        SyntheticFace(played(GRID), colours=BLUE),
        SyntheticFace(played(GRID), colours=DARK),
        SyntheticFace(played(GRID, roll_deg=still(20.0))),
        SyntheticFace(played(GRID, noise=6.0), width_px=320, height_px=240, iris_diameter_px=14.0),
    ],
    ids=["brown", "blue", "dark", "rolled", "small and noisy"],
)
def test_irises_are_found_where_they_are_drawn(tracker: FaceTracker, face: SyntheticFace) -> None:
    refined, guessed = (np.abs(part) / face.iris_diameter_px for part in errors_px(tracker, face))
    assert refined[..., 0].mean() < 0.025, "of the diameter, to the sides"
    assert refined[..., 1].mean() < 0.035, "up and down"
    assert refined[..., 1].mean() < 0.6 * guessed[..., 1].mean(), "far better than the landmarks"


def heights_mm(points: NDArray[np.float32], centres: Floats, iris_diameter_px: float) -> tuple[Floats, Floats, Floats]:
    """(2,) of the irises, the upper and the lower lids below the line through the canthi."""
    corners = points[CANTHI, :2].astype(np.float64)
    along = corners[:, 1] - corners[:, 0]
    along /= np.hypot(*along.T)[:, None]
    down = np.stack([-along[:, 1], along[:, 0]], axis=1)

    def height(places: NDArray[np.floating]) -> Floats:
        return np.asarray(((places - corners.mean(axis=1)) * down).sum(axis=1) * 11.7 / iris_diameter_px, np.float64)

    return height(centres), height(points[UPPER_LID, :2].mean(axis=1)), height(points[LOWER_LID, :2].mean(axis=1))


def sunk_mm(points: NDArray[np.float32], size: tuple[int, int], iris_diameter_px: float) -> Floats:
    """(2,) of the canthi in the head, but for a constant."""
    head = fit_head(points[None, BASIS], mean_depth_px(points)[None], size)
    return np.asarray(-head.eyes_up_cm[0] * head.px_per_cm * 11.7 / iris_diameter_px)


def downs_mm(tracker: FaceTracker, face: SyntheticFace) -> Floats:
    """How far down the irises stand in the head, (n,), mean of both eyes, but for a constant."""
    downs = []
    for frame, points in followed(tracker, face):
        heights = heights_mm(points, refine_irises(frame, points).centre_px, face.iris_diameter_px)
        sunk = sunk_mm(points, (face.width_px, face.height_px), face.iris_diameter_px)
        downs.append(iris_down_mm(*heights, sunk).mean())
    return np.array(downs)


def test_the_height_in_the_head_follows_the_gaze_one_to_one(tracker: FaceTracker) -> None:
    angles = np.arange(-20.0, 21.0, 5.0)
    measured = downs_mm(tracker, SyntheticFace(played([(0.0, angle) for angle in angles])))
    travelled = -10.9 * np.sin(np.radians(angles))
    assert np.polyfit(travelled, measured, 1)[0] == pytest.approx(1.06, rel=0.15), (
        "in true millimetres; by the net's wide irises 1.0"
    )
    assert np.corrcoef(travelled, measured)[0, 1] > 0.99


def test_lids_that_droop_hardly_shift_the_height(tracker: FaceTracker) -> None:
    class Drooping(Performance):
        def closure(self, time_s: Floats) -> Floats:
            return np.where(time_s > 0.05, 0.4, 0.0)

    before, after = downs_mm(tracker, SyntheticFace(Drooping(duration_s=0.2, fps=10.0)))
    assert abs(after - before) < 0.8, "4 degrees, where the lid has come down by 4 mm"


def test_closed_eyes_have_no_iris(tracker: FaceTracker) -> None:
    class Asleep(Performance):
        def closure(self, time_s: Floats) -> Floats:
            return np.asarray(time_s > 0.05, float)

    _, (frame, landmarks) = followed(tracker, SyntheticFace(Asleep(duration_s=0.2, fps=10.0)))
    assert_nothing(refine_irises(frame, landmarks))


def test_a_picture_without_contrast_has_no_iris(tracker: FaceTracker) -> None:
    ((_, landmarks),) = followed(tracker, SyntheticFace(played([(0.0, 0.0)])))
    assert_nothing(refine_irises(VideoFrame.from_rgb(np.full((480, 640, 3), 128, np.uint8)), landmarks))


def test_a_face_beyond_the_picture_is_no_error(tracker: FaceTracker) -> None:
    ((frame, landmarks),) = followed(tracker, SyntheticFace(played([(0.0, 0.0)])))
    assert_nothing(refine_irises(frame, landmarks + 5000))


def assert_nothing(irises: Irises) -> None:
    for column in (irises.centre_px, irises.diameter_px, irises.contrast, irises.doubt):
        assert np.isnan(column).all()


def test_size_contrast_and_doubt_tell_what_they_say(tracker: FaceTracker) -> None:
    found = {}
    for name, colours, noise in (("brown", BROWN, 1.0), ("blue", BLUE, 1.0), ("noisy", BROWN, 15.0)):
        ((frame, landmarks),) = followed(tracker, SyntheticFace(played([(0.0, 0.0)], noise=noise), colours=colours))
        found[name] = refine_irises(frame, landmarks)
        assert found[name].diameter_px == pytest.approx(30, rel=0.06)
    assert (found["brown"].contrast > 1.5 * found["blue"].contrast).all()
    assert (found["blue"].doubt > found["brown"].doubt).all()
    assert (found["noisy"].doubt > found["brown"].doubt).all()
