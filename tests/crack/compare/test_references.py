"""What gives the scale in photos that are compared: in both, in each by itself, or in one for the other."""

from __future__ import annotations

import pytest

from sightline.crack.compare.comparison import compare_photos
from sightline.crack.compare.references import reference_of_each, with_shared_scale
from sightline.crack.compare.series import compare_series
from sightline.crack.net import NetEngine
from sightline.crack.scale import TwoPoints
from sightline.crack.scale.board import SMALL
from sightline.errors import BadInputError
from tests.crack.compare.painted import LONG, MATRIX, SIZE, photo, report, wall
from tests.crack.scale.scenes import board_paint, camera
from tests.crack.scale.scenes import photo as board_photo
from tests.crack.tiny_net import write_tiny_net

POINTS = TwoPoints((100.0, 100.0), (300.0, 100.0), 100.0)
"""Half a millimetre to a pixel."""

INTACT, CRACKED = photo(wall(roughness=8.0)), photo(wall([LONG], roughness=8.0), MATRIX, seed=2)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> NetEngine:
    return NetEngine.from_file(write_tiny_net(tmp_path_factory.mktemp("net") / "tiny.onnx"))


def test_two_points_of_the_later_photo(engine: NetEngine) -> None:
    made = compare_photos(INTACT, CRACKED, engine=engine, reference_after=POINTS)
    (change,) = made.changes

    assert made.before.scale is None
    assert made.after.scale is not None
    assert change.length_mm is not None
    assert change.length_mm.after == pytest.approx(0.5 * (change.length.after or 0))


def test_two_points_of_the_earlier_photo_do_for_the_later_one(engine: NetEngine) -> None:
    made = compare_photos(INTACT, CRACKED, engine=engine, reference_before=POINTS)
    (change,) = made.changes

    assert made.after.scale is None
    assert made.after.instances[0].length_mm is None
    assert change.length_mm is not None
    assert change.length_mm.after == pytest.approx(0.5 * 350, rel=0.08)  # the polyline's length in before pixels


def test_without_a_reference_there_are_no_mm(engine: NetEngine) -> None:
    (change,) = compare_photos(INTACT, CRACKED, engine=engine).changes
    assert change.length_mm is None


def test_the_marker_beside_an_intact_wall_gives_the_scale_of_its_first_crack() -> None:
    marked = board_photo(camera(300), board_paint(SMALL), size=SIZE)
    images, reports = (marked, CRACKED), (report([]), report([LONG], MATRIX))

    shared = with_shared_scale(images, reports, ("auto", "auto"))
    assert shared[0].scale is not None
    assert shared[1] is reports[1]
    assert with_shared_scale(images, reports, ("none", "auto"))[0].scale is None
    assert with_shared_scale(images, (reports[0], reports[0]), ("auto", "auto"))[0].scale is None  # nothing to measure


def test_a_reference_that_is_not_there_is_told_with_its_photo(engine: NetEngine) -> None:
    with pytest.raises(BadInputError, match="the photo before: no card"):
        compare_photos(INTACT, CRACKED, engine=engine, reference="card")
    with pytest.raises(BadInputError, match="the photo after: no printed marker"):
        compare_photos(INTACT, CRACKED, engine=engine, reference_after="marker")
    with pytest.raises(BadInputError, match="the photo 2: the first point of the scale, 900, 1, lies outside"):
        compare_series([INTACT, CRACKED], engine=engine, reference=["auto", TwoPoints((900, 1), (1, 1), 10)])


def test_two_points_are_of_one_photo() -> None:
    with pytest.raises(BadInputError, match="they belong to one photo"):
        reference_of_each(POINTS, [None, None])  # type: ignore[arg-type]
    assert reference_of_each("card", [None, POINTS]) == ("card", POINTS)


def test_a_series_takes_one_reference_for_all_or_one_for_each(engine: NetEngine) -> None:
    made = compare_series([INTACT, CRACKED], engine=engine, reference=("none", POINTS))
    assert [report.scale is not None for report in made.photos] == [False, True]
    assert made.comparisons[0].changes[0].length_mm is not None
    with pytest.raises(BadInputError, match="1 for 2 photos"):
        compare_series([INTACT, CRACKED], engine=engine, reference=["none"])
    with pytest.raises(BadInputError, match="they belong to one photo"):
        compare_series([INTACT, CRACKED], engine=engine, reference=POINTS)  # type: ignore[arg-type]
