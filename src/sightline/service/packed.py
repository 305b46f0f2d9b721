"""What was found, as a file and back, to the last digit: a comparison that was kept is the one that was made.

Frozen dataclasses are written by their fields, in JSON; their arrays stand beside it. Only the classes that are named
here are ever made from a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]

_CLASS, _ARRAY = "class", "array"
_TREE: Final = "tree"


def pack(value: object) -> bytes:
    """A report or a comparison as a file that `unpack` reads.

    Raises:
        TypeError: there is something in it that is not named here.
    """
    import numpy as np

    arrays: dict[str, Array] = {}
    tree = json.dumps(_plain(value, arrays), allow_nan=True).encode()
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays, **{_TREE: np.frombuffer(tree, np.uint8)})
    return file.getvalue()


def unpack(file: bytes) -> Any:
    """What `pack` made a file of; lists come back as tuples."""
    import numpy as np

    with np.load(BytesIO(file), allow_pickle=False) as arrays:
        return _restored(json.loads(arrays[_TREE].tobytes()), dict(arrays))


def _plain(value: Any, arrays: dict[str, Array]) -> Any:
    import numpy as np

    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {_ARRAY: name}
    if is_dataclass(value) and _classes().get(type(value).__name__) is type(value):
        told = {each.name: _plain(getattr(value, each.name), arrays) for each in fields(value)}
        return {_CLASS: type(value).__name__} | told
    if isinstance(value, tuple | list):
        return [_plain(each, arrays) for each in value]
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be packed: `sightline.service.packed` does not name it")


def _restored(value: Any, arrays: Mapping[str, Array]) -> Any:
    if isinstance(value, list):
        return tuple(_restored(each, arrays) for each in value)
    if not isinstance(value, dict):
        return value
    if _ARRAY in value:
        return arrays[value[_ARRAY]]
    told = {name: _restored(each, arrays) for name, each in value.items() if name != _CLASS}
    return _classes()[value[_CLASS]](**told)


@cache
def _classes() -> Mapping[str, type[Any]]:
    """All that reports of photos and comparisons are made of."""
    from sightline.crack import report
    from sightline.crack.compare import checked, compared, lens, planemap, registration
    from sightline.crack.engine import Region
    from sightline.crack.geometry import CentreLine
    from sightline.crack.scale import PlaneScale
    from sightline.crack.sizes import CrackSizes

    of_photos = (report.CrackReport, report.CrackInstance, report.Box, report.QualityNote, report.ModelInfo)
    of_cracks = (Region, CentreLine, CrackSizes, PlaneScale)
    of_pairs = (compared.ComparisonReport, compared.CrackChange, compared.SizeChange, compared.Refusal)
    of_maps = (registration.Registration, checked.Checked, planemap.PlaneMap, planemap.Bend, lens.Lens)
    return {each.__name__: each for each in (*of_photos, *of_cracks, *of_pairs, *of_maps)}
