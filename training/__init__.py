"""Trains, calibrates, exports and judges the crack net. Not part of the wheel; needs the extra `train`."""
