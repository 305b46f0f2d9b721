"""The inspection report of photos of one wall, for `sightline report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from sightline.cli.files import make_out
from sightline.cli.results import print_json
from sightline.cli.walls import (
    asked_reference,
    asked_reference_of_all,
    looker,
    print_changes,
    refuse_missing,
    write_files,
)
from sightline.errors import BadInputError

if TYPE_CHECKING:
    from sightline.evidence.keys import SigningKey
    from sightline.service.wall import Wall
    from sightline.service.wall_reports import PhotoFacts


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say of the report."""

    wall: str
    remarks: str
    stages: tuple[str, ...]
    language: Literal["en", "ko"]
    references: tuple[str, ...]
    key: Path | None


def write_wall_report(photos: Sequence[Path], asked: Asked, *, out: Path, model: Path | None, as_json: bool) -> None:
    """Look at photos of a wall, compare them in order of time, and write the report in its three formats.

    Raises:
        BadInputError: an argument is wrong, or a photo cannot be read.
        NotReadyError: the model or the key cannot be used.
    """
    from sightline.evidence.manifest import Picture
    from sightline.service.inspection_fields import checked_remarks, checked_wall
    from sightline.service.wall import compare_wall
    from sightline.service.wall_files import WallFile, in_order_of_time
    from sightline.service.wall_reports import WallFacts, make_reports, results_document

    refuse_missing(list(photos))
    references, stages = _references(asked.references, len(photos)), _stages(asked.stages, len(photos))
    title, remarks = checked_wall(asked.wall), checked_remarks(asked.remarks)
    signer = _signer(asked.key)
    look = looker(model)
    make_out(out)
    files_given = zip(photos, stages, references, strict=True)
    found = [look(WallFile(path, stage, reference)) for path, stage, reference in files_given]
    facts = WallFacts(str(uuid4()), title, remarks, datetime.now(UTC))
    order = in_order_of_time([each for _, each in found])
    about = [found[place][1] for place in order]
    wall = compare_wall([found[place][0] for place in order])
    files = {
        f"comparison-{compared.before + 1}-{compared.after + 1}.jpg": wall.picture(compared, asked.language)
        for compared in wall.comparisons
    }
    pictures = [Picture(name, sha256(data).hexdigest()) for name, data in files.items()]
    reports = make_reports(wall, about, facts, language=asked.language, signer=signer, pictures=pictures)
    paths = write_files(out, files | {f"report.{ending}": made.report for ending, made in reports.items()})
    if as_json:
        print_json(results_document(wall, about, facts) | {"files": paths})
        return
    _print_story(wall, about)
    print(f"report.pdf, report.html and report.json, signed by {signer.fingerprint[:16]}...: {out}")


def _references(given: tuple[str, ...], photos: int) -> list[Mapping[str, Any]]:
    """What gives the scale in each photo.

    Raises:
        BadInputError: there are more or fewer than photos, or one is nothing that gives a scale.
    """
    if len(given) == photos:
        return [asked_reference(each) for each in given]
    if len(given) > 1:
        raise BadInputError(
            f"--reference is given {len(given)} times for {photos} photos: once for all, or once for each"
        )
    return [asked_reference_of_all(given[0] if given else None, "give --reference once for each photo")] * photos


def _stages(given: tuple[str, ...], photos: int) -> list[str]:
    """A stage for each photo; numbers where none are given.

    Raises:
        BadInputError: there are more or fewer than photos, or one has another form.
    """
    from sightline.service.inspection_fields import checked_stage

    if not given:
        return [f"photo-{number}" for number in range(1, photos + 1)]
    if len(given) != photos:
        raise BadInputError(f"--stage is given {len(given)} times for {photos} photos: name one for each, or none")
    return [checked_stage(stage) for stage in given]


def _signer(key: Path | None) -> SigningKey:
    """The key to sign with.

    Raises:
        BadInputError: the file holds none.
        NotReadyError: there is none, or the data folder's cannot be made.
    """
    from sightline.errors import NotReadyError
    from sightline.evidence.keys import load_key
    from sightline.service.signing import Signer
    from sightline.settings import get_settings

    if key is not None:
        return load_key(key)
    found = Signer(get_settings()).key
    if found is None:
        raise NotReadyError("There is no key to sign with: name one with --key, or set SIGHTLINE_SIGNING_KEY.")
    return found


def _print_story(wall: Wall, photos: Sequence[PhotoFacts]) -> None:
    """What was found in each photo, and what changed from one to the next."""
    for place, (photo, seen) in enumerate(zip(photos, wall.photos, strict=True)):
        count = len(seen.report.instances)
        found = "no crack" if not count else f"{count} {'crack' if count == 1 else 'cracks'}"
        print(f"{place + 1}. {photo.original.name} ({photo.stage}): {found}")
    for compared in wall.comparisons:
        print(f"\nFrom photo {compared.before + 1} to photo {compared.after + 1}:")
        print_changes(compared.report)
