from __future__ import annotations

import pytest

from sightline.errors import BadInputError
from sightline.service.retention import Retention
from sightline.settings import Settings

FREE = Retention(None, each=True)
MONTH = Retention(30, each=True)
TABLE = Retention(30, each=False)
ENDLESS = Retention(None, each=False)


@pytest.mark.parametrize(
    ("retention", "offered", "proposed"),
    [
        (FREE, (1, 7, 30), 30),
        (MONTH, (1, 7, 30), 30),
        (Retention(400, each=True), (1, 7, 30, 400), 30),
        (Retention(14, each=True), (1, 7, 14), 14),
        (Retention(1, each=True), (1,), 1),
        (TABLE, (), 30),
        (ENDLESS, (), None),
    ],
)
def test_people_choose_within_what_the_deployment_does(
    retention: Retention, offered: tuple[int, ...], proposed: int | None
) -> None:
    assert (retention.offered_days, retention.proposed_days) == (offered, proposed)


def test_the_settings_say_which() -> None:
    assert Retention.of(Settings()) == FREE
    assert Retention.of(Settings(retention_days=30)) == MONTH
    assert Retention.of(Settings(retention_days=30, dynamodb_table="t", s3_bucket="bucket")) == TABLE


@pytest.mark.parametrize(
    ("retention", "asked", "days"),
    [(FREE, None, None), (FREE, "", None), (FREE, "3650", 3650), (MONTH, "30", 30), (TABLE, "30", None)],
)
def test_days_are_read(retention: Retention, asked: str | None, days: int | None) -> None:
    assert retention.parse(asked) == days


@pytest.mark.parametrize(
    "asked", ["0", "-1", "1.5", "1e3", "3651", "99999999999999999999", "week", "\u0663", " 7", "7\n"]
)
def test_what_is_no_number_of_days_is_refused(asked: str) -> None:
    with pytest.raises(BadInputError) as caught:
        FREE.parse(asked)
    assert caught.value.message == f"keep_days is {asked!r}: it should be a whole number from 1 to 3650."


@pytest.mark.parametrize(
    ("retention", "asked", "message"),
    [
        (MONTH, "31", "from 1 to 30, for this server keeps no video longer than 30 days"),
        (TABLE, "31", "from 1 to 30"),
        (TABLE, "7", "this server keeps every video for 30 days"),
        (ENDLESS, "7", "this server deletes no video by itself"),
    ],
)
def test_what_would_not_come_true_is_refused(retention: Retention, asked: str, message: str) -> None:
    with pytest.raises(BadInputError, match=f"keep_days is '{asked}': .*{message}"):
        retention.parse(asked)
