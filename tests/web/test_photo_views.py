"""What pages show of the photos of an inspection: each by itself, and the earlier laid into the later one's frame."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.conftest import encoded, wall
from tests.service import walls as made_up
from tests.web.test_inspections import begun, sent


def test_a_view_is_upright_and_private(client: TestClient) -> None:
    photo = sent(client, begun(client, "Bedroom"), encoded(wall(640, 480)))
    answer = client.get(photo["links"]["view"], params={"size": "small"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"].startswith("private")
    assert Image.open(BytesIO(answer.content)).size == (320, 240)
    assert client.get(photo["links"]["view"], params={"size": "huge"}).status_code == 422


def test_the_earlier_photo_lies_in_the_later_ones_frame(client: TestClient) -> None:
    address = begun(client, "Bedroom")
    sent(client, address, made_up.photo(cracks=1), "check-in")
    later = sent(client, address, made_up.photo(cracks=1, shift=12), "check-out")
    (comparison,) = client.get(address).json()["comparisons"]
    pictures = [
        Image.open(BytesIO(client.get(url).content)).convert("L")
        for url in (comparison["links"]["earlier"], later["links"]["view"])
    ]

    assert pictures[0].size == pictures[1].size
    first, second = (np.asarray(picture.resize((60, 45)), float) for picture in pictures)
    assert np.abs(first - second)[:, 4:].mean() < 3  # but for the rim, which the earlier photo does not show


@pytest.mark.usefixtures("quick_comparison")
def test_photos_that_were_not_compared_have_no_such_picture(client: TestClient) -> None:
    address = begun(client, "Bedroom")
    ids = [sent(client, address, encoded(wall(cracks=count)), "a")["photo_id"] for count in (1, 2)]
    (comparison,) = client.get(address).json()["comparisons"]

    assert set(comparison["links"]) == {"picture"}
    assert client.get(f"{address}/comparisons/{ids[0]}/{ids[1]}/earlier.jpg").status_code == 404
    assert client.get(f"{address}/comparisons/{ids[0]}/{ids[1]}/picture.jpg").status_code == 200
