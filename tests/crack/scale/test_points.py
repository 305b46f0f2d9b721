from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.scale.points import TwoPoints, scale_from_points
from sightline.errors import BadInputError
from tests.crack.scale.scenes import camera

SIZE = (4000, 3000)


def test_the_distance_between_the_points_is_the_stated_one() -> None:
    scale = scale_from_points(TwoPoints((1000, 1000), (1300, 1400), 250.0), SIZE)

    first, second = scale.points_mm(scale.outline)
    assert np.hypot(*(second - first)) == pytest.approx(250)
    assert scale.mm_per_px == pytest.approx(0.5)
    assert (scale.kind, scale.perspective_corrected) == ("points", False)


def test_it_is_less_sure_across_the_points_and_far_from_them() -> None:
    scale = scale_from_points(TwoPoints((1800, 1500), (2200, 1500), 200.0), SIZE)
    places = np.array([[2000.0, 1500], [2000, 2000], [2000, 2900]])
    along, across = (
        scale.relative_uncertainty_at(places, np.broadcast_to(np.array(way), (3, 2))) for way in ([1.0, 0], [0.0, 1])
    )

    assert along[0] < 0.01 < across[0] < 0.03
    assert along[0] < along[1] < along[2]
    assert across[0] < across[1] < across[2]


@pytest.mark.parametrize(("tilt", "pan"), [(10, 0), (0, 10), (-10, 10)])
def test_a_tilt_that_nobody_notices_is_within_two_deviations(tilt: float, pan: float) -> None:
    to_photo = camera(1000, tilt_deg=tilt, pan_deg=pan, size=SIZE)
    seen = np.column_stack([[-50, 50], [0, 0], [1, 1]]) @ to_photo.T
    first, second = (seen[:, :2] / seen[:, 2:]).tolist()
    scale = scale_from_points(TwoPoints(tuple(first), tuple(second), 100.0), SIZE)
    places = np.stack(np.meshgrid(np.linspace(400, 3600, 5), np.linspace(300, 2700, 5)), axis=-1).reshape(-1, 2)
    to_mm = np.linalg.inv(to_photo)
    for way in ([[1.0, 0]], [[0.0, 1]]):
        ends = [np.column_stack([places + end * np.array(way), np.ones(25)]) @ to_mm.T for end in (-0.5, 0.5)]
        true = np.hypot(*(ends[1][:, :2] / ends[1][:, 2:] - ends[0][:, :2] / ends[0][:, 2:]).T)
        ways = np.repeat(way, 25, axis=0)

        off = np.abs(scale.mm_per_px_at(places, ways) / true - 1)

        assert (off <= 2 * scale.relative_uncertainty_at(places, ways)).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (TwoPoints((-1, 5), (500, 5), 100.0), "first point of the scale, -1, 5, lies outside the photo of 4000 x 3000"),
        (TwoPoints((1, 5), (500, 3001), 100.0), "second point"),
        (TwoPoints((float("nan"), 5), (500, 5), 100.0), "first point"),
        (TwoPoints((100, 100), (110, 110), 100.0), "at least 20 px apart, not 14.1"),
        (TwoPoints((100, 100), (500, 110), 0.0), "must be 1 to 100000 mm, not 0"),
        (TwoPoints((100, 100), (500, 110), float("inf")), "not inf"),
        (TwoPoints((100, 100), (500, 110), float("nan")), "not nan"),
    ],
)
def test_unusable_points_are_refused(given: TwoPoints, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        scale_from_points(given, SIZE)
