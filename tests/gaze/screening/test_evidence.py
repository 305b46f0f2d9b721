from __future__ import annotations

import json

import numpy as np
import pytest

from sightline.gaze.frames import Frames
from sightline.gaze.movements.main_sequence import expected_peak_velocity_deg_s
from sightline.gaze.screening.counting import rate_interval_per_min
from sightline.gaze.screening.values import DISCLAIMER, Evidence, Screening
from tests.gaze.screening.clips import Blink, Jerk, Note, Saccade, Vertical, clip, following, screened

REACH = {"up": 25.0, "down": 15.0, "left": 25.0, "right": 25.0}


def steady(seconds: float = 60.0, *, rate_hz: float = 30.0, noise_deg: float = 0.2) -> Frames:
    level = np.zeros(round(seconds * rate_hz))
    return clip(level, level, rate_hz=rate_hz, noise_deg=noise_deg)


def evidence(screening: Screening, name: str) -> Evidence:
    (found,) = [item for item in screening.evidence if item.name.startswith(name)]
    return found


def saccades(factor: float, *, bound: bool = False, count: int = 4) -> list[Saccade]:
    """Vertical saccades of 8 to 20 degrees at a factor of the main sequence's velocity."""
    made = []
    for number, size in enumerate(np.linspace(8, 20, count)):
        velocity = factor * expected_peak_velocity_deg_s(size, vertical=True)
        known = {"peak_velocity_lower_deg_s" if bound else "peak_velocity_deg_s": velocity}
        made.append(Saccade(2.2 + number, 0.5, float(size) * (-1) ** number, **known))
    return made


def test_every_domain_of_the_criteria_has_evidence_with_its_source() -> None:
    screening = screened(following(REACH))
    assert {item.domain for item in screening.evidence} == {"O1", "O2", "O3", "blink_rate"}
    for item in screening.evidence:
        assert item.reference
        assert item.source
        assert item.why
        assert (item.value is None) == (item.reliability == "not_measurable")
        assert all(start <= end for start, end in item.frames)
        assert bool(item.frames) == (item.value is not None)


def test_range_is_given_for_each_direction_and_against_the_sides() -> None:
    screening = screened(following(REACH))
    assert evidence(screening, "range upward").value == pytest.approx(25, abs=0.5)
    assert evidence(screening, "range downward").value == pytest.approx(15, abs=0.5)
    assert evidence(screening, "vertical range").value == pytest.approx(40, abs=0.7)
    assert evidence(screening, "horizontal range").value == pytest.approx(50, abs=0.7)
    ratio = evidence(screening, "vertical against horizontal")
    assert ratio.value == pytest.approx(0.8, abs=0.02)
    assert ratio.finding == "normal"


def test_the_range_of_one_side_can_be_restricted_alone() -> None:
    screening = screened(following({**REACH, "down": 2.0}))
    assert evidence(screening, "range upward").finding == "normal"
    assert evidence(screening, "range downward").finding == "abnormal"


def test_a_range_nobody_asked_for_is_never_abnormal() -> None:
    screening = screened(following({}), None, vertical=Vertical(0.02, 1.0, 1.0, 40.0))
    for name in ("range upward", "range downward", "vertical range", "vertical against horizontal"):
        assert evidence(screening, name).finding == "unclear"
        assert "not both asked for" in evidence(screening, name).why


def test_a_side_that_was_not_asked_for_beside_the_other_is_said_so() -> None:
    upward_only = [{"start_s": 0, "end_s": 2, "target": "center"}, {"start_s": 2, "end_s": 4, "target": "up"}]
    found = screened(
        following(REACH, protocol=upward_only),
        upward_only,
        vertical=Vertical(0.3, 25.0, None, horizontal_range_deg=2.0),
    )
    assert evidence(found, "range upward").value == pytest.approx(25, abs=0.5)
    for name in ("range downward", "vertical range"):
        assert "only the other side was asked for" in evidence(found, name).why


def test_a_vertical_range_is_not_held_against_sides_that_did_not_move() -> None:
    ratio = evidence(screened(following({"up": 2.0})), "vertical against horizontal")
    assert ratio.value is None


@pytest.mark.parametrize(("factor", "finding"), [(1.0, "normal"), (0.7, "normal"), (0.5, "unclear"), (0.4, "abnormal")])
def test_saccades_are_judged_by_the_main_sequence(factor: float, finding: str) -> None:
    screening = screened(following(REACH), saccades=saccades(factor))
    found = evidence(screening, "vertical peak velocity")
    assert found.value == pytest.approx(factor, rel=0.01)
    assert found.finding == finding
    product = evidence(screening, "vertical amplitude x peak velocity")
    assert product.value is not None
    assert product.finding == "unclear"


def test_a_velocity_that_cannot_be_measured_says_at_what_rate() -> None:
    screening = screened(following(REACH), saccades=[Saccade(2.2 + n, 0, 15) for n in range(4)])
    found = evidence(screening, "vertical peak velocity")
    assert found.value is None
    assert "not measurable at 30 frames a second" in found.why
    assert any("30 frames a second" in sentence for sentence in screening.limitations)


def test_a_lower_bound_can_show_that_saccades_are_fast_but_never_that_they_are_slow() -> None:
    fast = evidence(screened(following(REACH), saccades=saccades(0.8, bound=True)), "vertical peak velocity")
    assert (fast.finding, fast.reliability) == ("normal", "limited")
    assert "at least" in fast.name
    slow = evidence(screened(following(REACH), saccades=saccades(0.2, bound=True)), "vertical peak velocity")
    assert slow.value is None


def test_horizontal_and_small_saccades_are_no_vertical_ones() -> None:
    others = [Saccade(n, 15, 3, 400.0) for n in range(5)] + [Saccade(n, 0, 2, 100.0) for n in range(5)]
    assert "0 vertical saccades" in evidence(screened(following(REACH), saccades=others), "vertical peak velocity").why


@pytest.mark.parametrize(("count", "finding"), [(0, "normal"), (3, "normal"), (10, "unclear"), (25, "abnormal")])
def test_square_wave_jerks_are_judged_with_the_chance_in_their_count(count: int, finding: str) -> None:
    jerks = [Jerk(2.0 * number) for number in range(count)] + [Jerk(1.0, amplitude_deg=0.6)] * 40
    found = evidence(screened(steady(noise_deg=0.05), None, square_wave_jerks=jerks), "square-wave jerks")
    assert found.value == pytest.approx(count, rel=0.01)
    assert found.finding == finding


def test_no_jerks_are_no_normal_finding_where_small_ones_would_drown() -> None:
    found = evidence(screened(steady(noise_deg=0.3), None), "square-wave jerks")
    assert (found.value, found.finding) == (0.0, "unclear")


@pytest.mark.parametrize(
    ("clip_of", "why"),
    [
        ({"seconds": 5}, "5.0 s of gaze"),
        ({"rate_hz": 15}, "15 frames a second"),
        ({"noise_deg": 0.8}, "stand out of the noise: jerks are smaller"),
    ],
)
def test_jerks_that_cannot_be_seen_are_not_counted_as_none(clip_of: dict[str, float], why: str) -> None:
    found = evidence(screened(steady(**clip_of), None), "square-wave jerks")
    assert (found.value, found.finding) == (None, "unclear")
    assert why in found.why


@pytest.mark.parametrize(("count", "finding"), [(18, "normal"), (9, "unclear"), (2, "abnormal")])
def test_blink_rate_is_judged_with_the_chance_in_its_count(count: int, finding: str) -> None:
    blinks = [Blink(3.0 * n, 3.0 * n + 0.3, "partial_blink" if n % 2 else "blink") for n in range(count)]
    found = evidence(screened(steady(), None, blinks=[*blinks, Blink(57, 59, "long_closure")]), "blinks")
    assert found.value == pytest.approx(count, rel=0.01)
    assert found.finding == finding
    assert found.reliability == "good"


def test_a_short_recording_without_a_blink_is_no_low_rate() -> None:
    found = evidence(screened(steady(12), None), "blinks")
    assert (found.finding, found.reliability) == ("unclear", "limited")
    assert evidence(screened(steady(6), None), "blinks").value is None


def test_long_closures_are_reported_and_never_called_abnormal() -> None:
    closures = [Blink(5, 6.2, "long_closure"), Blink(20, 24.5, "long_closure")]
    found = evidence(screened(steady(), None, blinks=closures), "longest closure")
    assert found.value == pytest.approx(4.5)
    assert found.frames == ((5, 6.2), (20, 24.5))
    assert found.finding == "unclear"
    assert evidence(screened(steady(), None), "longest closure").finding == "normal"


@pytest.mark.parametrize(("reopening_s", "finding"), [(0.2, "normal"), (0.9, "unclear")])
def test_reopening_is_the_median_over_whole_blinks(reopening_s: float, finding: str) -> None:
    blinks = [Blink(4.0 * n, 4.0 * n + 0.5, reopening_s=reopening_s) for n in range(5)]
    cut = [Blink(30, 30.5, reopening_s=float("nan"), truncated=True)]
    found = evidence(screened(steady(), None, blinks=blinks + cut), "median time of reopening")
    assert found.value == pytest.approx(reopening_s)
    assert found.finding == finding


def test_too_few_blinks_leave_reopening_open() -> None:
    found = evidence(screened(steady(), None, blinks=[Blink(1, 1.3)]), "median time of reopening")
    assert "1 whole blinks" in found.why


def test_every_statement_says_what_it_is_and_what_it_could_not_see() -> None:
    document = screened(following(REACH), None, quality=[Note("The picture is dark.")]).to_dict()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["disclaimer"] == DISCLAIMER
    assert document["model"] == {"name": "test landmarks", "version": "1"}
    for part in (
        "The picture is dark.",
        "no protocol",
        "rates a minute",
        "vestibulo-ocular",
        "Of the criteria for PSP",
    ):
        assert any(part in sentence for sentence in document["limitations"]), part


def test_evidence_without_a_value_claims_nothing() -> None:
    with pytest.raises(ValueError, match="not measurable"):
        Evidence("O1", "x", None, "", "", "", "good", "", (), "unclear")


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.69), (1, 0.03, 5.57), (5, 1.62, 11.67), (20, 12.22, 30.89)]
)
def test_intervals_come_near_the_exact_poisson_limits(count: int, low: float, high: float) -> None:
    # Exact limits: tables of Poisson confidence limits, e.g. Ulm 1990, Am J Epidemiol 131:373.
    assert rate_interval_per_min(count, 60.0) == pytest.approx((low, high), rel=0.06, abs=0.03)
