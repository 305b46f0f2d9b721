"""The pages about walls, as the server sends them."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.conftest import encoded, wall
from tests.service import walls as made_up
from tests.web.test_inspections import begun, sent

AS_BROWSER = {"Accept": "text/html"}


def page_of(address: str) -> str:
    return f"/app/walls/{address.rpartition('/')[2]}"


def shown(client: TestClient, path: str, lang: str = "en", status: int = 200) -> str:
    response = client.get(path, params={"lang": lang}, headers=AS_BROWSER)
    assert response.status_code == status, response.text
    assert response.headers["content-language"] == lang
    return response.text


@pytest.mark.parametrize(("lang", "words"), [("en", "Look for cracks"), ("ko", "균열 찾기")])
def test_photos_are_chosen_in_both_languages(client: TestClient, lang: str, words: str) -> None:
    html = shown(client, "/app/walls", lang)

    assert words in html
    assert 'capture="environment"' in html
    assert 'accept="image/*,.heic' in html
    assert '<option value="check-out">' in html
    assert '<option value="card">' in html
    assert '"walls.failure.marker_not_found":' in html  # what scripts may have to say


def test_an_inspection_shows_its_photos(client: TestClient) -> None:
    address = begun(client, "Bedroom <b>north</b>")
    photo = sent(client, address, encoded(wall(cracks=2)), taken_at="2026-03-01T14:30:00+09:00")
    html = shown(client, page_of(address))

    assert "<h1>Bedroom &lt;b&gt;north&lt;/b&gt;</h1>" in html
    assert "2 cracks found" in html
    assert html.count('class="crack"') == 2
    assert "1 March 2026, 14:30:00 UTC+09:00, as you said" in html
    assert f'src="/inspections/{address.rpartition("/")[2]}/photos/{photo["photo_id"]}/view.jpg"' in html
    assert 'width="320" height="240"' in html
    assert "style=" not in html  # the policy would refuse it


def test_confidence_and_sizes_are_told_in_words_and_figures(client: TestClient) -> None:
    address = begun(client, "Bedroom")
    sent(client, address, encoded(wall()))
    html = shown(client, page_of(address), "ko")

    assert "가능성 높음 (60%)" in html
    assert "최대 폭" in html
    assert "px</span>" in html


def test_nothing_is_compared_twice_and_refusals_are_told(client: TestClient, quick_comparison: None) -> None:
    address = begun(client, "Bedroom")
    sent(client, address, encoded(wall()), "check-in")
    sent(client, address, encoded(wall(cracks=2)), "nach-dem-sturm")
    html = shown(client, page_of(address))

    assert "data-known" in html
    names = [f'<span class="nowrap">{name}</span>' for name in ("Check-in", "nach-dem-sturm")]
    assert f"{' and '.join(names)} were not compared" in html
    assert '<option value="nach-dem-sturm">' in html


def test_an_inspection_without_photos_asks_for_some(client: TestClient) -> None:
    html = shown(client, page_of(begun(client, "Bedroom")))

    assert "There is no photo here yet" in html
    assert "report.pdf" not in html


def test_no_browser_keeps_what_may_be_deleted(client: TestClient) -> None:
    assert client.get(page_of(begun(client, "Bedroom"))).headers["cache-control"] == "private, no-store"


def test_what_is_not_there_is_told_as_a_page(client: TestClient) -> None:
    assert "<html" in shown(client, f"/app/walls/{uuid4()}", status=404)
    address = begun(client, "Bedroom")
    client.delete(address)

    assert "<html" in shown(client, page_of(address), status=410)
    assert client.get(f"{page_of(address)}/changes").json()["code"] == "gone"


def test_outlines_are_in_the_photos_pixels(client: TestClient) -> None:
    address = begun(client, "Bedroom")
    photo = sent(client, address, encoded(wall()))
    (crack,) = client.get(f"{page_of(address)}/photos/{photo['photo_id']}/outlines").json()["cracks"]

    assert crack == {name: photo["instances"][0][name] for name in ("box", "outline")}
    assert client.get(f"{page_of(address)}/photos/{uuid4()}/outlines").status_code == 404


def test_changes_are_a_part_of_the_page_and_lines(client: TestClient) -> None:
    address = begun(client, "Bedroom")
    sent(client, address, made_up.photo(cracks=1), "check-in")
    sent(client, address, made_up.photo(cracks=2, shift=12), "check-out")
    answer: dict[str, Any] = client.get(f"{page_of(address)}/changes", params={"lang": "en"}).json()
    (lines,) = answer["lines"].values()

    assert 'The <span class="nowrap">check-out</span> photo shows this crack.' in answer["html"]
    assert "1 new" in answer["html"]
    assert "earlier.jpg" in answer["html"]
    assert "<html" not in answer["html"]
    assert [line["group"] for line in lines] == ["new", "same"]
    assert all(line["outline"] for line in lines)


def test_changes_are_told_in_korean(client: TestClient, quick_comparison: None) -> None:
    address = begun(client, "침실")
    for stage in ("check-in", "check-out", "after"):
        sent(client, address, encoded(wall(cracks=len(stage) % 3)), stage)
    answer = client.get(f"{page_of(address)}/changes", params={"lang": "ko"}).json()

    assert set(answer["lines"]) == {"pair-1-2", "pair-2-3", "pair-1-3"}
    assert "체크인 사진과 체크아웃 사진은 비교하지 않았습니다" in answer["html"]
    assert "처음과 마지막" in answer["html"]


def test_the_findings_as_a_table(client: TestClient) -> None:
    address = begun(client, '침실 "북쪽"')
    sent(client, address, encoded(wall(cracks=2)))
    response = client.get(f"{page_of(address)}/findings.csv")
    rows = list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "filename*=UTF-8''%EC%B9%A8" in response.headers["content-disposition"]
    assert [(row["photo"], row["crack"], row["file"]) for row in rows] == [("1", "1", "벽.jpg"), ("1", "2", "벽.jpg")]


@pytest.mark.parametrize("size", ["large", "small"])
def test_the_marker_to_print(client: TestClient, size: str) -> None:
    response = client.get("/app/walls/marker.pdf", params={"size": size})

    assert response.content.startswith(b"%PDF-")
    assert response.headers["content-type"] == "application/pdf"
