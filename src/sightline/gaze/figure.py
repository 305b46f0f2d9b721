"""The figure of a report as a picture: lid opening, vertical and horizontal gaze over time, with events and gaps."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sightline.gaze import figure_data as data
from sightline.gaze.screening.values import Span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sightline.gaze.report import GazeReport

WIDTH_PX: Final = 1600
HEIGHT_PX: Final = 1080
_DPI: Final = 100
# More points than twice the pixels cannot be told apart.
_MOST_POINTS: Final = 2 * WIDTH_PX
_LINE: Final = 0.9
# So many letters of the headline fill the picture's width at full size; that of an hour has more.
_HEADLINE_LETTERS: Final = 150


def figure_png(report: GazeReport) -> bytes:
    """Draw a report, 1600 x 1080 pixels.

    Nothing global is touched: figures can be drawn in several threads.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = data.figure_data(report)
    figure = Figure(figsize=(WIDTH_PX / _DPI, HEIGHT_PX / _DPI), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    lids, vertical, horizontal = figure.subplots(
        3, 1, sharex=True, gridspec_kw={"left": 0.07, "right": 0.985, "top": 0.855, "bottom": 0.165, "hspace": 0.12}
    )
    _draw_lids(lids, shown)
    _draw_gaze(vertical, shown, shown.vertical_deg, "vertical gaze (°)\nup positive")
    _draw_gaze(horizontal, shown, shown.horizontal_deg, "horizontal gaze (°)\nright of the picture positive")
    for axes in (lids, vertical, horizontal):
        _draw_targets(axes, shown)
        _draw_gaps(axes, shown.gaps if axes is lids else shown.masked + shown.gaps)
        axes.grid(visible=True, color="#E0E0E0", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=11)
        axes.yaxis.set_label_coords(-0.042, 0.5)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    _name_targets(lids, shown)
    horizontal.set_xlim(*shown.axis_s)
    horizontal.set_xlabel("time (s)", fontsize=12)
    _write(figure, report)
    _draw_legend(figure, shown)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _draw_lids(axes: Axes, shown: data.FigureData) -> None:
    low, high = data.limits([shown.left_aperture, shown.right_aperture], 0.1)
    low = min(low, 0.0)
    row = high + 0.06 * (high - low)
    for values, (name, colour), style in (
        (shown.left_aperture, data.LEFT_EYE, "-"),
        (shown.right_aperture, data.RIGHT_EYE, "--"),
    ):
        line = data.thinned(shown.time_s, values, shown.usual_s, _MOST_POINTS)
        axes.plot(*line, style, color=colour, linewidth=_LINE, label=name)
    for partial, face in ((False, data.BLACK), (True, "none")):
        moments = [moment for moment, is_partial in shown.blinks if is_partial == partial]
        axes.plot(moments, [row] * len(moments), "v", color=data.BLACK, markerfacecolor=face, markersize=7)
    for start, end in shown.closures:
        axes.plot([start, end], [row, row], color=data.BLACK, linewidth=5, solid_capstyle="butt")
    axes.set_ylim(low, high + 0.13 * (high - low))
    axes.set_ylabel("lid opening\n(of the eye's width)", fontsize=12)


def _draw_gaze(axes: Axes, shown: data.FigureData, values: data.Floats, name: str) -> None:
    line = data.thinned(shown.time_s, values, shown.usual_s, _MOST_POINTS)
    axes.plot(*line, color=data.BLACK, linewidth=_LINE)
    moving = np.where(data.within(shown.time_s, shown.saccades), values, np.nan)
    axes.plot(*data.thinned(shown.time_s, moving, shown.usual_s, _MOST_POINTS), color=data.VERMILION, linewidth=1.8)
    low, high = data.limits([values], 5.0)
    axes.set_ylim(low - 0.06 * (high - low), high)
    onsets = [onset for onset, _ in shown.saccades]
    axes.plot(onsets, [low - 0.03 * (high - low)] * len(onsets), "|", color=data.VERMILION, markersize=6)
    axes.axhline(0.0, color="#9E9E9E", linewidth=0.8)
    axes.set_ylabel(name, fontsize=12)


def _draw_targets(axes: Axes, shown: data.FigureData) -> None:
    for target, start, end in shown.targets:
        if target in data.TARGET_COLOURS:
            _shade(axes, [(start, end)], facecolor=data.TARGET_COLOURS[target], alpha=0.16)


def _draw_gaps(axes: Axes, gaps: Sequence[data.Gap]) -> None:
    for gap in gaps:
        _shade(axes, gap.spans, facecolor=gap.colour, edgecolor="white", hatch=2 * gap.pattern)


def _shade(axes: Axes, spans: Sequence[Span], **style: Any) -> None:
    """Boxes as high as the panel, in one piece: a clip may have hundreds."""
    from matplotlib.collections import PolyCollection

    boxes = [[(start, 0.0), (start, 1.0), (end, 1.0), (end, 0.0)] for start, end in spans]
    shade = PolyCollection(boxes, transform=axes.get_xaxis_transform(), linewidth=0, zorder=0.5, **style)
    axes.add_collection(shade, autolim=False)


def _name_targets(axes: Axes, shown: data.FigureData) -> None:
    """Each target's name above its band, where there is room for it."""
    narrowest = 0.035 * (shown.axis_s[1] - shown.axis_s[0])
    for target, start, end in shown.targets:
        if end - start >= narrowest:
            axes.text((start + end) / 2, 1.02, target, transform=axes.get_xaxis_transform(), ha="center", fontsize=11)


def _write(figure: Figure, report: GazeReport) -> None:
    headline = data.headline(report)
    size = 13.0 * min(1.0, _HEADLINE_LETTERS / len(headline))
    figure.text(0.012, 0.962, headline, fontsize=size, fontweight="bold")
    lines = textwrap.wrap(data.verdict_line(report), 185, max_lines=4, placeholder=" …")
    figure.text(0.012, 0.95, "\n".join(lines), fontsize=11.5, va="top", linespacing=1.3)
    foot = textwrap.wrap(data.footer(report), 200)
    figure.text(0.012, 0.012, "\n".join(foot), fontsize=10.5, color="#424242", linespacing=1.3)


def _draw_legend(figure: Figure, shown: data.FigureData) -> None:
    """One legend for all panels; only what occurs is named."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Line2D([], [], color=data.LEFT_EYE[1], label=f"{data.LEFT_EYE[0]} (participant's)"),
        Line2D([], [], color=data.RIGHT_EYE[1], linestyle="--", label=f"{data.RIGHT_EYE[0]} (participant's)"),
        Line2D([], [], color=data.BLACK, label="gaze, mean of both eyes"),
    ]
    if any(not partial for _, partial in shown.blinks):
        handles.append(Line2D([], [], color=data.BLACK, marker="v", linestyle="", label="blink"))
    if any(partial for _, partial in shown.blinks):
        handles.append(
            Line2D([], [], color=data.BLACK, marker="v", markerfacecolor="none", linestyle="", label="partial blink")
        )
    if shown.closures:
        handles.append(Line2D([], [], color=data.BLACK, linewidth=5, label="long closure"))
    if shown.saccades:
        handles.append(Line2D([], [], color=data.VERMILION, linewidth=1.8, label="saccade"))
    for gap in shown.masked + shown.gaps:
        label = gap.reason if gap in shown.masked else f"gap: {gap.reason}"
        handles.append(Patch(facecolor=gap.colour, edgecolor="white", hatch=2 * gap.pattern, label=label))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.06, 0.045), ncols=6, fontsize=11, frameon=False)
