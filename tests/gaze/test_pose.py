from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.canonical import BASIS
from sightline.gaze.pose import fit_head, mean_depth_px, pose_of
from tests.gaze.heads import SIZE, Head

angles = st.floats(-50, 50)


@given(
    yaw=angles,
    pitch=angles,
    roll=st.floats(-170, 170),
    x=st.floats(-12, 12),
    y=st.floats(-8, 8),
    away=st.floats(25, 90),
)
def test_a_known_turn_is_found_wherever_the_head_is(
    yaw: float, pitch: float, roll: float, x: float, y: float, away: float
) -> None:
    head = Head(yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll, at_cm=(x, y, away))
    pose = pose_of(head.landmarks(), SIZE)
    assert (pose.yaw_deg, pose.pitch_deg, pose.roll_deg) == pytest.approx((yaw, pitch, roll), abs=0.05)


def test_the_signs_are_those_of_the_picture() -> None:
    assert pose_of(Head(yaw_deg=20).landmarks(), SIZE).yaw_deg > 19
    nose, between_eyes = Head(yaw_deg=20).landmarks()[[4, 6]]
    assert nose[0] > between_eyes[0], "the nose turns to the right of the picture"
    below_the_brow = [np.diff(Head(pitch_deg=pitch).landmarks()[[6, 4], 1])[0] for pitch in (0, 20)]
    assert below_the_brow[1] < below_the_brow[0], "the nose goes up"
    persons_right, persons_left = Head(roll_deg=20).landmarks()[[33, 263]]
    assert persons_left[1] > persons_right[1], "the right of the picture goes down"


@pytest.mark.parametrize("scale", [0.5, 2.0, 3.0])
def test_the_size_of_the_picture_changes_nothing(scale: float) -> None:
    head = Head(yaw_deg=12, pitch_deg=-7, roll_deg=25, at_cm=(5, 3, 40))
    size = (int(SIZE[0] * scale), int(SIZE[1] * scale))
    assert vars_of(pose_of(head.landmarks(size), size)) == pytest.approx(
        vars_of(pose_of(head.landmarks(), SIZE)), abs=0.01
    )


def eyes_up_cm(points: np.ndarray) -> np.ndarray:
    return np.asarray(fit_head(points[None, BASIS], mean_depth_px(points)[None], SIZE).eyes_up_cm[0])


@given(yaw=st.floats(-25, 25), pitch=st.floats(-25, 25), roll=st.floats(-40, 40), away=st.floats(25, 60))
def test_the_eyes_stay_where_they_are_in_a_head_that_turns(yaw: float, pitch: float, roll: float, away: float) -> None:
    turned = Head(yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll, at_cm=(3, 2, away)).landmarks()
    assert eyes_up_cm(turned) == pytest.approx(eyes_up_cm(Head().landmarks()), abs=0.02)


def test_canthi_that_sink_sink_in_the_head() -> None:
    straight = Head().landmarks()
    sunk = straight.copy()
    sunk[[362, 263], 1] += 3.0
    px_per_cm = fit_head(straight[None, BASIS], mean_depth_px(straight)[None], SIZE).px_per_cm[0]
    left, right = (eyes_up_cm(straight) - eyes_up_cm(sunk)) * px_per_cm
    assert left == pytest.approx(3.0, rel=0.3), "the head's fit goes a part of the way along"
    assert abs(right) < 0.5


def vars_of(pose: object) -> list[float]:
    return [getattr(pose, name) for name in ("yaw_deg", "pitch_deg", "roll_deg")]


def test_a_mirrored_picture_turns_the_other_way() -> None:
    landmarks = Head(yaw_deg=15, pitch_deg=10, roll_deg=-20).landmarks()
    mirrored = landmarks * np.array([-1, 1, 1], np.float32) + np.array([SIZE[0], 0, 0], np.float32)
    x = landmarks[BASIS, 0]
    swapped = mirrored.copy()
    swapped[BASIS] = mirrored[_partners()]
    assert len(np.unique(x)) > 30
    assert vars_of(pose_of(swapped, SIZE)) == pytest.approx([-15, 10, 20], abs=0.05)


def _partners() -> list[int]:
    """For each point of the basis the one on the face's other side."""
    from sightline.gaze.canonical import POINTS_CM

    return [int(BASIS[np.abs(POINTS_CM - place * np.array([-1, 1, 1])).sum(axis=1).argmin()]) for place in POINTS_CM]


def test_size_and_misfit() -> None:
    near, far = (Head(at_cm=(0, 0, away)).landmarks() for away in (30, 60))
    landmarks = np.stack([near, far, far])
    landmarks[2] += np.random.default_rng(0).normal(0, 8, landmarks[2].shape)
    fit = fit_head(landmarks[:, BASIS], mean_depth_px(landmarks), SIZE)
    assert fit.px_per_cm[0] > 1.9 * fit.px_per_cm[1]
    assert fit.residual_cm[:2].max() < 1e-3
    assert fit.residual_cm[2] > 0.5


def test_no_faces_are_no_faces() -> None:
    assert fit_head(np.zeros((0, 33, 3)), np.zeros(0), SIZE).yaw_deg.shape == (0,)
