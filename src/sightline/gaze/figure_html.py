"""The figure of a report as one page that needs nothing else: it opens without a network, and zooms."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sightline.gaze import figure_data as data
from sightline.gaze.screening.values import Evidence, Span

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from sightline.gaze.report import GazeReport

# Enough to zoom into every frame of minutes; an hour still makes a page of a few MB beside the library's own 4.5 MB.
_MOST_POINTS: Final = 20_000

# The page may run what is in it and load nothing.
_POLICY: Final = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"

_BUTTONS: Final = ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d", "toImage"]
_CONFIG: Final[dict[str, Any]] = {"displaylogo": False, "responsive": True, "modeBarButtons": [_BUTTONS]}

_STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 1.5rem auto; max-width: 1500px;
  padding: 0 1rem }
h1 { font-size: 1.15rem; margin: 0 0 .4rem }
table { border-collapse: collapse; font-size: .9rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid #ddd }
@media (max-width: 800px) {  /* a phone: each row as a paragraph, under no header */
  table, tbody, tr { display: block }
  tr:first-child { display: none }
  tr { border-bottom: 1px solid #ddd; padding: .5rem 0 }
  td { display: block; border: 0; padding: 0 }
  td:nth-child(-n+4) { display: inline; padding-right: .8rem; font-weight: 600 }
}
.disclaimer { border-left: 4px solid #0072B2; padding-left: .8rem }
"""


def figure_html(report: GazeReport) -> str:
    """Draw a report as a page: the interactive figure, the evidence and the limitations."""
    figure = _figure(data.figure_data(report)).to_html(
        full_html=False, include_plotlyjs=True, div_id="gaze", config=_CONFIG
    )
    screening = report.screening
    limitations = "".join(f"<li>{escape(sentence)}</li>" for sentence in screening.limitations)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gaze report</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(data.headline(report))}</h1>
<p>{escape(data.verdict_line(report))}</p>
<p class="disclaimer">{escape(data.footer(report))}</p>
{figure}
<h1>Evidence</h1>
<table>
<tr><th>Domain</th><th>Measure</th><th>Value</th><th>Finding</th><th>Reliability</th><th>Reference</th></tr>
{"".join(_row(item) for item in screening.evidence)}
</table>
<h1>What this recording does not show</h1>
<ul>{limitations}</ul>
</body>
</html>
"""


def _row(item: Evidence) -> str:
    value = "not measurable" if item.value is None else f"{item.value:.3g} {item.unit}"
    cells = (item.domain, item.name, value, item.finding, f"{item.reliability.replace('_', ' ')}. {item.why}")
    reference = f"{escape(item.reference)} <small>({escape(item.source)})</small>"
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{reference}</td></tr>\n"


def _figure(shown: data.FigureData) -> Figure:
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.05)
    apertures = data.limits([shown.left_aperture, shown.right_aperture], 0.1)
    low, high = min(apertures[0], 0.0), apertures[1]
    ranges = [
        (low, high + 0.13 * (high - low)),
        data.limits([shown.vertical_deg], 5.0),
        data.limits([shown.horizontal_deg], 5.0),
    ]
    for row, limits in enumerate(ranges, 1):
        for band, opacity in _bands(shown, masked=row > 1):
            figure.add_trace(Scatter(**_boxes(band, opacity, limits), showlegend=row == 2), row=row, col=1)
        figure.update_yaxes(range=limits, row=row, col=1)
    for trace in _lid_traces(shown, high + 0.06 * (high - low)):
        figure.add_trace(Scatter(**trace), row=1, col=1)
    for row, values in ((2, shown.vertical_deg), (3, shown.horizontal_deg)):
        for trace in _gaze_traces(shown, values, named=row == 2):
            figure.add_trace(Scatter(**trace), row=row, col=1)
    figure.update_yaxes(title_text="lid opening (of the eye's width)", row=1, col=1)
    figure.update_yaxes(title_text="vertical gaze (°), up positive", row=2, col=1)
    figure.update_yaxes(title_text="horizontal gaze (°), right of picture positive", row=3, col=1)
    figure.update_xaxes(range=shown.axis_s, showspikes=True, spikemode="across")
    figure.update_xaxes(title_text="time (s)", row=3, col=1)
    figure.update_layout(
        template="plotly_white", height=900, margin={"l": 70, "r": 20, "t": 20, "b": 50}, hovermode="x",
        legend={"orientation": "h", "y": -0.07},
    )  # fmt: skip
    return figure


def _bands(shown: data.FigureData, *, masked: bool) -> list[tuple[data.Gap, float]]:
    """What is shaded from top to bottom, and how strongly: targets, the masked time where gaze is shown, gaps."""
    targets: dict[str, list[Span]] = {}
    for name, start, end in shown.targets:
        targets.setdefault(name, []).append((start, end))
    bands = [
        (data.Gap(f"target {name}", colour, "", tuple(targets[name])), 0.16)
        for name, colour in data.TARGET_COLOURS.items()
        if name in targets
    ]
    if masked:
        bands += [(gap, 1.0) for gap in shown.masked]
    return bands + [(replace(gap, reason=f"gap: {gap.reason}"), 0.85) for gap in shown.gaps]


def _boxes(band: data.Gap, opacity: float, limits: Span) -> dict[str, Any]:
    """Boxes as high as the panel, as one trace: hundreds of shapes would be slow."""
    corners = [
        (x, y) for start, end in band.spans for x, y in ((start, 0), (start, 1), (end, 1), (end, 0), (None, None))
    ]
    return {
        "x": [x for x, _ in corners],
        "y": [None if y is None else limits[y] for _, y in corners],
        "fill": "toself",
        "mode": "none",
        "fillcolor": band.colour,
        "fillpattern": {"shape": band.pattern, "fgcolor": "white", "bgcolor": band.colour, "fillmode": "overlay"},
        "opacity": opacity,
        "name": band.reason,
        "legendgroup": band.reason,
        "hoverinfo": "skip",
    }


def _line(shown: data.FigureData, values: data.Floats) -> dict[str, Any]:
    time, line = data.thinned(shown.time_s, values, shown.usual_s, _MOST_POINTS)
    return {"x": np.round(time, 4), "y": line.astype(np.float32), "mode": "lines", "connectgaps": False}


def _lid_traces(shown: data.FigureData, row: float) -> list[dict[str, Any]]:
    traces = []
    for values, (name, colour), dash in (
        (shown.left_aperture, data.LEFT_EYE, "solid"),
        (shown.right_aperture, data.RIGHT_EYE, "dash"),
    ):
        style = {"color": colour, "width": 1.2, "dash": dash}
        traces.append(_line(shown, values) | {"name": f"{name} (participant's)", "line": style})
    for partial, symbol in ((False, "triangle-down"), (True, "triangle-down-open")):
        moments = [moment for moment, is_partial in shown.blinks if is_partial == partial]
        if moments:
            name = "partial blink" if partial else "blink"
            marker = {"symbol": symbol, "color": data.BLACK, "size": 9}
            traces.append({"x": moments, "y": [row] * len(moments), "mode": "markers", "name": name, "marker": marker})
    if shown.closures:
        x = [moment for start, end in shown.closures for moment in (start, end, None)]
        y = [height for _ in shown.closures for height in (row, row, None)]
        style = {"color": data.BLACK, "width": 6}
        traces.append({"x": x, "y": y, "mode": "lines", "name": "long closure", "line": style})
    return traces


def _gaze_traces(shown: data.FigureData, values: data.Floats, *, named: bool) -> list[dict[str, Any]]:
    moving = np.where(data.within(shown.time_s, shown.saccades), values, np.nan)
    lines = [("gaze, mean of both eyes", values, {"color": data.BLACK, "width": 1.2})]
    if shown.saccades:
        lines.append(("saccade", moving, {"color": data.VERMILION, "width": 2.6}))
    return [
        _line(shown, line) | {"name": name, "legendgroup": name, "showlegend": named, "line": style}
        for name, line, style in lines
    ]
