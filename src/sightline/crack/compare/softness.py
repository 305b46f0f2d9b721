"""How much softer one photo shows the wall than the other, and with how much more contrast.

Both are read off the wall itself: small patches of both photos, laid on each other by the registration, are compared
frequency by frequency (the transfer function of a linear system, estimated from auto- and cross-spectra; Bendat and
Piersol, Random Data). Noise has no part in the cross-spectrum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.sampling import Brightness

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration

_PATCH = 48
"""Samples along a patch's side: enough for a dozen frequencies, small enough that a shift is all that is left of the
registration's error within one."""

_PATCHES = 64
"""Patches are laid on a grid of about so many: their mean is steady, and they cost 30 ms."""

_COHERENT = 0.5
"""Frequencies at which the photos share less of their power say more about noise than about blur."""


@dataclass(frozen=True, slots=True)
class Softness:
    """The after photo against the before photo.

    Attributes:
        variance: of the Gaussian by which the after photo is softer, in squared pixels of the before photo; negative
            where it is sharper. None where the wall has too little texture to tell.
        contrast: by which factor details in the logarithm of the luma stand out more in the after photo; 1 where it
            cannot be told.
        contrast_error: one standard deviation of its logarithm.
    """

    variance: float | None
    contrast: float
    contrast_error: float


_UNKNOWN = Softness(None, 1.0, 0.18)
"""The tone curves of two phones differ by a gamma of a fifth."""

_LEAST_ERROR = 0.06
"""Of the contrast: texture tells it to no better, as cracks that did not change show."""


def relative_softness(before: Brightness, after: Brightness, registration: Registration, *, step_px: float) -> Softness:
    """Compare the two photos' softness, at a coarser step where the finer one shows noise only.

    Args:
        before: the photo before.
        after: the photo after.
        registration: how they lie on each other.
        step_px: the spacing of samples in the before photo, in its pixels.
    """
    for coarser in (1, 2, 4):
        corners = _grid(registration.before_size, _PATCH * step_px * coarser)
        one, other = _patches(before, after, registration, corners, step_px * coarser)
        if not len(one):
            break
        window = np.hanning(_PATCH + 2)[1:-1].astype(np.float32)
        spectra = [np.fft.rfft2(_flat(patch) * window[:, None] * window) for patch in (one, other)]
        cross = _aligned(spectra[0] * spectra[1].conj())
        power = [np.abs(spectrum) ** 2 + 1e-12 for spectrum in spectra]
        fitted = _fitted(cross, power[0], power[1], step_px * coarser)
        if fitted is not None:
            return fitted
    return _UNKNOWN


def _grid(size: tuple[int, int], side: float) -> NDArray[np.float64]:
    width, height = size
    room_x, room_y = max(width - side, 1.0), max(height - side, 1.0)
    columns = int(np.clip(np.sqrt(_PATCHES * room_x / room_y), 2, _PATCHES / 2))
    x, y = np.meshgrid(np.linspace(0, room_x, columns), np.linspace(0, room_y, max(2, _PATCHES // columns)))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _patches(
    before: Brightness, after: Brightness, registration: Registration, corners: NDArray[np.float64], step: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The patches that lie in both photos, float32 (n, 48, 48) each."""
    share = ((np.arange(_PATCH) + 0.5) / _PATCH)[:, None]
    side = _PATCH * step
    four = corners + np.array([[0, 0], [side, 0], [0, side], [side, side]])[:, None]
    points, mapped = (
        _between(each, share) for each in (four, registration.to_after(four.reshape(-1, 2)).reshape(four.shape))
    )
    middle = corners + side / 2
    scale = float(np.median(registration.scale_at(middle)))
    one, other = before.at(points, step), after.at(mapped, step * scale)
    good = np.isfinite(one).all(axis=(1, 2)) & np.isfinite(other).all(axis=(1, 2))
    return one[good], other[good]


def _between(four: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places evenly between four corners (4, n, 2): (n, k, k, 2). A patch is too small for a map to bend it."""
    upper = four[0][:, None] + (four[1] - four[0])[:, None] * share
    lower = four[2][:, None] + (four[3] - four[2])[:, None] * share
    return np.asarray(upper[:, None] + (lower - upper)[:, None] * share[:, None])


def _flat(patches: NDArray[np.float32]) -> NDArray[np.float32]:
    """Less each patch's plane of light, which would leak into every frequency."""
    ramp = np.linspace(-1, 1, _PATCH, dtype=np.float32)
    flat = patches - patches.mean(axis=(1, 2), keepdims=True)
    norm = (ramp**2).sum() * _PATCH
    down = (flat * ramp[:, None]).sum(axis=(1, 2), keepdims=True) / norm
    across = (flat * ramp).sum(axis=(1, 2), keepdims=True) / norm
    level: NDArray[np.float32] = flat - down * ramp[:, None] - across * ramp
    return level


def _aligned(cross: NDArray[np.complexfloating]) -> NDArray[np.float64]:
    """Cross-spectra with each patch's remaining shift taken out (phase correlation), their real parts."""
    # A whole-sample peak, then a parabola: a shift left over would pass for blur.
    surface = np.fft.irfft2(cross / np.maximum(np.abs(cross), 1e-12), s=(_PATCH, _PATCH))
    peak = surface.reshape(len(cross), -1).argmax(axis=1)
    rows, columns = np.divmod(peak, _PATCH)
    index = np.arange(len(cross))
    shift = []
    for at, step in ((rows, (1, 0)), (columns, (0, 1))):
        left = surface[index, (rows - step[0]) % _PATCH, (columns - step[1]) % _PATCH]
        right = surface[index, (rows + step[0]) % _PATCH, (columns + step[1]) % _PATCH]
        middle = surface[index, rows, columns]
        bend = left - 2 * middle + right
        part = np.where(np.abs(bend) > 1e-9, 0.5 * (left - right) / np.where(bend == 0, 1, bend), 0.0)
        shift.append((at + part.clip(-0.5, 0.5) + _PATCH / 2) % _PATCH - _PATCH / 2)
    down, across = np.fft.fftfreq(_PATCH), np.fft.rfftfreq(_PATCH)
    turn = shift[0][:, None, None] * down[:, None] + shift[1][:, None, None] * across
    near = np.hypot(*shift) < _PATCH / 8  # farther off it is no shift but another piece of texture
    real: NDArray[np.float64] = np.real(cross * np.exp(2j * np.pi * turn)) * near[:, None, None]
    return real


def _fitted(
    cross: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64], step: float
) -> Softness | None:
    radius = np.hypot(np.fft.fftfreq(_PATCH)[:, None], np.fft.rfftfreq(_PATCH))
    band = np.rint(radius * _PATCH).astype(int)
    coherence = cross.sum(axis=(1, 2)) / np.sqrt(one.sum(axis=(1, 2)) * other.sum(axis=(1, 2)))
    kept = coherence > _COHERENT
    if kept.sum() < 3:
        return None
    # Every patch counts the same: else one strong edge would speak for the whole wall.
    weight = 1 / np.sqrt(one.sum(axis=(1, 2)) * other.sum(axis=(1, 2)))[kept, None, None]
    sums = [
        np.bincount(band.ravel(), (part[kept] * weight).sum(axis=0).ravel())[: _PATCH // 2]
        for part in (cross, one, other)
    ]
    shared = sums[0] ** 2 / np.maximum(sums[1] * sums[2], 1e-30)
    usable = (shared > _COHERENT) & (np.arange(_PATCH // 2) >= 2) & (sums[0] > 0)
    if usable.sum() < 3:
        return None
    ratio = 0.5 * np.log(sums[2][usable] / sums[1][usable])  # the geometric mean of the two usual estimates
    frequency = np.arange(_PATCH // 2)[usable] / _PATCH / step
    lever = -2 * np.pi**2 * frequency**2
    weights = np.sqrt(shared[usable])
    design = np.stack([lever, np.ones_like(lever)], axis=1) * weights[:, None]
    (slope, offset), *_ = np.linalg.lstsq(design, ratio * weights, rcond=None)
    residual = ratio - slope * lever - offset
    spread = float(np.sqrt((weights**2 * residual**2).sum() / (usable.sum() - 2)))
    error = spread * float(np.sqrt(np.linalg.inv(design.T @ design)[1, 1]))
    return Softness(float(slope), float(np.exp(np.clip(offset, -1, 1))), float(np.hypot(error, _LEAST_ERROR)))
