"""Real sizes: a reference of known size in a photo, and the millimetres that follow from it."""

from sightline.crack.scale.find import Reference, find_scale
from sightline.crack.scale.plane import PlaneScale
from sightline.crack.scale.points import TwoPoints

__all__ = ["PlaneScale", "Reference", "TwoPoints", "find_scale"]
