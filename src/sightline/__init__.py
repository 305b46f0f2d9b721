"""Sightline: visual screening. Cracks in walls, signs in eyes."""

__version__ = "0.1.0"
