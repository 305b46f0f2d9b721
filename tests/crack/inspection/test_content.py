from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sightline.crack.compare.compared import Refusal, SizeChange
from sightline.crack.inspection import changes
from sightline.crack.inspection.content import inspection_document
from sightline.crack.inspection.inspection import Inspection
from sightline.crack.report import QualityNote
from sightline.crack.scale.points import TwoPoints, scale_from_points
from sightline.crack.sizes import CrackSizes
from sightline.documents.blocks import Badge, Callout, Pair, Tiles
from sightline.documents.language import LANGUAGES, Language
from tests.crack.inspection.samples import (
    EVERY_KIND,
    change,
    comparison,
    inspection,
    photo,
    registration,
    report,
    tables,
    texts,
    two_photos,
)

BLURRED = QualityNote("too_blurred", "The photo is blurred.", 0.1, 0.2)


def said(shown: Inspection, language: Language = "en") -> str:
    return "\n".join(texts(inspection_document(shown, language))).replace("\N{NO-BREAK SPACE}", " ")


def test_the_first_thing_said_is_what_changed() -> None:
    document = inspection_document(two_photos(), "en")
    first, second = document.blocks[:2]
    assert isinstance(first, Callout)
    assert first.tone == "serious"
    assert first.title == "Check-in → Check-out: 1 new crack and 1 crack that grew"
    assert isinstance(second, Tiles)
    assert [tile.value for tile in second.tiles] == ["1"] * 5


@pytest.mark.parametrize(
    ("kinds", "tone", "title"),
    [
        (("unchanged",), "good", "no new crack and no growth seen"),
        (("unchanged", "not_comparable"), "info", "no new crack and no growth seen"),
        (("grown", "grown"), "warning", "2 cracks that grew"),
        (("new", "new", "healed"), "serious", "2 new cracks"),
        ((), "good", "no new crack"),
    ],
)
def test_the_answer_has_the_tone_of_the_gravest_change(kinds: tuple[str, ...], tone: str, title: str) -> None:
    changes = tuple(change(kind) for kind in kinds)
    shown = inspection(photo(), photo("check-out"), comparisons=(comparison(changes),))
    answer = inspection_document(shown, "en").blocks[0]
    assert isinstance(answer, Callout)
    assert answer.tone == tone
    assert title in answer.title


def test_the_korean_report_is_korean_and_the_english_one_has_none_of_it() -> None:
    shown = two_photos(remarks="", signed=True, key_fingerprint="SHA256:abc")
    known = (
        r"Bedroom 2|inspection-7|Sightline|IMG_\d+\.jpg|test-net|Acme One|Gimp|SHA-256|SHA256:abc|Ed25519|"
        r"sightline verify|[0-9a-f]{64}"
    )
    korean = re.sub(known, "", said(shown, "ko"))
    assert set(re.findall(r"[A-Za-z]{3,}", korean)) <= {"UTC", "ISO"}
    assert not re.search("[가-힣]", said(shown, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sizes_without_a_scale_are_never_in_millimetres(language: Language) -> None:
    text = said(two_photos(), language)
    assert re.search(r"\d px", text)
    assert not re.search(r"\d mm", text)


def test_sizes_on_the_wall_are_told_with_their_uncertainty() -> None:
    whole = report()
    scale = scale_from_points(TwoPoints((10, 10), (210, 10), 100.0), (whole.width_px, whole.height_px))
    exact = CrackSizes(3.9, 4.2, 0.15, 60.4, 1.3, 1.95, 2.1, 0.06)
    instances = (replace(whole.instances[0], sizes=exact), *whole.instances[1:])
    shown = inspection(photo(found=replace(whole, instances=instances, scale=scale)))
    (_, rows) = (table.rows for table in tables(inspection_document(shown, "en").blocks))
    cells = [str(cell).replace("\N{NO-BREAK SPACE}", " ") for cell in rows[0][3:]]
    assert cells[0].startswith("60.4 ± 1.3 mm\n")
    assert cells[1:] == ["1.95 ± 0.06 mm\n3.90 ± 0.15 px", "2.10 ± 0.06 mm\n4.20 ± 0.15 px"]
    assert "mm" not in str(rows[1])  # not measured, so not made up
    text = said(shown)
    assert "two points whose distance was stated: 0.500 ± 0.0" in text
    assert "not corrected for the angle of view" in text


def test_growth_is_told_with_its_uncertainty_in_the_unit_that_is_known() -> None:
    text = said(two_photos())
    assert "it became longer by 42 ± 3 px" in text
    assert "it became wider by 1.50 ± 0.12 px" in text
    in_mm = change("grown", length_mm=SizeChange(50.0, 71.0, 21.0, 1.6), grown_in=("length",))
    shown = inspection(photo(), photo("check-out"), comparisons=(comparison((in_mm,)),))
    assert "it became longer by 21.0 ± 1.6 mm, 42 ± 3 px" in said(shown)


def test_the_table_of_changes_has_a_row_for_each_with_the_photos_numbers() -> None:
    split = change("unchanged", before_index=(1,), after_index=(0, 2))
    shown = inspection(photo(), photo("check-out"), comparisons=(comparison((*EVERY_KIND, split)),))
    (rows,) = [table.rows for table in tables(inspection_document(shown, "en").blocks) if len(table.columns) == 7]
    assert len(rows) == 6
    assert rows[0][:2] == ("1", Badge("new", "serious"))
    assert rows[0][3:] == ("–", "1", "–", "–")
    assert rows[5][3:5] == ("2", "1, 3")


@pytest.mark.parametrize(("kind", "where"), [("new", "Check-out"), ("healed", "Check-in")])
def test_a_change_that_only_the_comparison_brought_out_says_so(kind: str, where: str) -> None:
    of_no_finding = change(kind, before_index=(), after_index=())
    shown = inspection(photo(), photo("check-out"), comparisons=(comparison((of_no_finding,)),))
    (sentence,) = re.findall(r"In ([^.]*) by itself it is too faint", said(shown))
    assert where.casefold() in sentence.casefold()
    assert "too faint" not in said(inspection(photo(), photo("check-out"), comparisons=(comparison((change(kind),)),)))


def test_what_could_not_be_judged_is_collected_with_its_reasons() -> None:
    noted = photo("check-out", found=report(quality=(BLURRED,)))
    text = said(inspection(photo(), noted, comparisons=(comparison(),)))
    part = text[text.index("What could not be judged") : text.index("How it was done")]
    assert "Photo 2: Check-out. The photo is blurred." in part
    assert "Check-in → Check-out, no. 5: Whether this crack was there at both times cannot be told." in part
    assert "Sizes in millimetres" in part
    assert re.search(r"\d+ % of the earlier photo is not seen in the later one", part)


def test_photos_that_were_refused_are_told_and_not_compared() -> None:
    refused = comparison(refusal=Refusal("other_wall", "They show other walls."))
    shown = inspection(photo(), photo("check-out"), comparisons=(refused,))
    document = inspection_document(shown, "en")
    assert "Check-in → Check-out: not compared" in said(shown)
    assert said(shown).count("They show other walls.") == 3
    assert not any(isinstance(block, Pair | Tiles) for block in document.blocks)


def test_a_good_answer_for_a_part_of_the_wall_or_from_poor_photos_is_told_as_such() -> None:
    half = registration((160.0, 0.0))
    partly = replace(comparison((change("unchanged"),)), registration=half)
    answer = inspection_document(inspection(photo(), photo("check-out"), comparisons=(partly,)), "en").blocks[0]
    assert isinstance(answer, Callout)
    assert answer.tone == "info"
    assert answer.lines == ("Only 50\N{NO-BREAK SPACE}% of the earlier photo is seen in the later one.",)
    blurred = photo("check-out", found=report(quality=(BLURRED,)))
    answer = inspection_document(inspection(photo(), blurred, comparisons=(comparison(()),)), "en").blocks[0]
    assert isinstance(answer, Callout)
    assert answer.tone == "info"
    assert "less than they should" in answer.lines[0]


def test_the_method_tells_of_comparing_only_where_it_was_done() -> None:
    assert "\nComparison. " in said(two_photos())
    assert "\nComparison. " not in said(inspection(photo()))


def test_several_comparisons_are_counted_in_a_table() -> None:
    later = photo("check-out", day=9), photo("check-out", day=20)
    refused = comparison(refusal=Refusal("other_wall", "They show other walls."))
    shown = inspection(photo(), *later, comparisons=(comparison(), refused))
    table = tables(inspection_document(shown, "en").blocks)[0]
    assert table.rows == (
        ("Check-in → Check-out (2)", "1", "1", "1", "1", "1"),
        ("Check-out (2) → Check-out (3)", "–", "–", "–", "–", "–"),
    )


def test_one_photo_tells_what_was_found_in_it() -> None:
    assert "Check-in: 3 cracks" in said(inspection(photo()))
    clean = inspection(photo(found=report(())))
    assert "No crack was found" in said(clean)
    assert "No crack was found in this photo." in said(clean)
    assert "There are no photos yet" in said(inspection())
    assert "아직 사진이 없습니다" in said(inspection(), "ko")


def test_many_changes_are_all_in_the_table_and_not_all_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST_CUTTINGS", 2)
    shown = inspection(photo(), photo("check-out"), comparisons=(comparison((change("new"),) * 4),))
    text = said(shown)
    assert "No. 2: new" in text
    assert "No. 3: new" not in text
    assert "2 more stand in the table only." in text


def test_the_originals_are_named_by_their_digests_with_both_times() -> None:
    text = said(two_photos())
    for digest in ("01" * 32, "09" * 32, "ab" * 32):
        assert digest in text
    assert "1 March 2026, 09:30:00 (no time zone), as the file says" in text
    assert "1 March 2026, 08:00:00 UTC" in text
    assert "Gimp 3" in text
    assert "2,345,678" in text


def test_whether_it_is_signed_is_said() -> None:
    assert "This report is not signed" in said(two_photos())
    signed = said(two_photos(signed=True, key_fingerprint="SHA256:abc"))
    assert "This report is signed" in signed
    assert "SHA256:abc" in signed


def test_comparisons_are_of_each_photo_with_the_one_before_it() -> None:
    with pytest.raises(ValueError, match="2 photos have 1 comparisons"):
        inspection(photo(), photo(), comparisons=(comparison(), comparison()))
