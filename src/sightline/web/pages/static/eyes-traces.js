// What Plotly draws: three panels over one axis of time, with targets and gaps behind the curves.
import { t } from "./texts.js";
import { gapName } from "./eyes-player.js";
import { within } from "./eyes-data.js";

/** @typedef {import("./eyes-data.js").Frames} Frames */
/** @typedef {import("./eyes-data.js").Span} Span */
/** @typedef {import("./eyes-data.js").Column} Column */
/** @typedef {Record<string, string>} Colours */
/** @typedef {Record<string, any>} Part  of what Plotly reads; it brings no types */

/** From the bottom to the top, as parts of the height. */
const PANELS = { y: [0.7, 0.97], y2: [0.36, 0.63], y3: [0.0, 0.27] };

const LEAST_GAZE_DEG = 12; // a steady gaze is drawn as a line, and not its noise as mountains
const NAMED_SHARE = 0.05; // of the whole time: a shorter gap has no room for its reason
const LONGEST_STEP = 2.5; // usual intervals; as in the figures

/** Patterns tell the reasons apart without colour.
 * @type {Record<string, string>} */
const PATTERNS = { no_frames: "x", no_face: "/", doubtful_face: "\\", face_too_small: ".", turned_away: "|", too_dark: "-", blurred: "+" };

/** Everything to draw.
 * @param {Frames} frames
 * @param {Colours} colours
 * @returns {{data: Part[], layout: Part}} */
export function panels(frames, colours) {
  const lids = limits([frames.left.aperture, frames.right.aperture], 0.1);
  const low = Math.min(lids[0], 0);
  const ranges = { y: [low, lids[1] + 0.16 * (lids[1] - low)], y2: limits([frames.gaze_v], LEAST_GAZE_DEG), y3: limits([frames.gaze_h], LEAST_GAZE_DEG) };
  const marks = lids[1] + 0.08 * (lids[1] - low);
  const data = [
    ...Object.entries(ranges).flatMap(([axis, range]) => bands(frames, colours, axis, range)),
    ...lidTraces(frames, colours, marks),
    ...gazeTraces(frames, colours, "y2", frames.gaze_v),
    ...gazeTraces(frames, colours, "y3", frames.gaze_h),
    reasons(frames, colours, ranges.y[0] + 0.5 * (ranges.y[1] - ranges.y[0])),
  ];
  return { data, layout: layout(ranges, colours) };
}

/** @param {Record<string, number[]>} ranges @param {Colours} colours @returns {Part} */
function layout(ranges, colours) {
  const font = { family: "inherit", size: 12, color: colours.quiet };
  const axis = { fixedrange: true, zeroline: false, gridcolor: colours.grid, linecolor: colours.grid, nticks: 5, tickfont: font };
  const titles = { y: "lids", y2: "vertical", y3: "horizontal" };
  return {
    xaxis: { anchor: "y3", zeroline: false, gridcolor: colours.grid, tickfont: font, title: { text: t("eyes.chart.time"), font, standoff: 6 } },
    yaxis: { ...axis, domain: PANELS.y, range: ranges.y },
    yaxis2: { ...axis, domain: PANELS.y2, range: ranges.y2, ticksuffix: "°" },
    yaxis3: { ...axis, domain: PANELS.y3, range: ranges.y3, ticksuffix: "°" },
    annotations: Object.entries(titles).map(([name, title]) => ({
      text: t(`eyes.chart.${title}`), font: { ...font, color: colours.ink }, showarrow: false, xref: "paper", yref: "paper", x: 0,
      y: PANELS[/** @type {keyof typeof PANELS} */ (name)][1], xanchor: "left", yanchor: "bottom", borderpad: 2,
    })),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font,
    showlegend: false,
    hoverlabel: { bgcolor: colours.card, bordercolor: colours.grid, font: { ...font, color: colours.ink } },
  };
}

/** What is shaded behind one panel: targets, where gaze is not read around blinks, gaps.
 * @param {Frames} frames @param {Colours} colours @param {string} axis @param {number[]} range @returns {Part[]} */
function bands(frames, colours, axis, range) {
  const tints = { up: colours.up, down: colours.down, left: colours.sideways, right: colours.sideways };
  const made = Object.entries(tints).map(([target, colour]) => {
    const spans = frames.targets.filter((one) => one.target === target).map((one) => /** @type {Span} */ ([one.start_s, one.end_s]));
    return boxes(spans, axis, range, { fillcolor: colour, opacity: 0.22 });
  });
  if (axis !== "y") made.push(boxes(frames.masked, axis, range, { fillcolor: colours.masked, opacity: 0.8 }));
  for (const gap of frames.gaps) {
    const fillpattern = { shape: PATTERNS[gap.code] ?? "", fgcolor: colours.hatch, bgcolor: colours.gap, fillmode: "replace", size: 7, solidity: 0.25 };
    made.push(boxes(gap.spans, axis, range, { fillcolor: colours.gap, fillpattern, opacity: 0.9 }));
  }
  return made.filter((trace) => trace.x.length);
}

/** Boxes as high as a panel, as one trace: hundreds of shapes would be slow.
 * @param {Span[]} spans @param {string} axis @param {number[]} range @param {Part} style @returns {Part} */
function boxes(spans, axis, [low, high], style) {
  return {
    x: spans.flatMap(([start, end]) => [start, start, end, end, null]),
    y: spans.flatMap(() => [low, high, high, low, null]),
    yaxis: axis, fill: "toself", mode: "none", hoverinfo: "skip", ...style,
  };
}

/** @param {Frames} frames @param {Colours} colours @param {number} height of the marks @returns {Part[]} */
function lidTraces(frames, colours, height) {
  const traces = [
    line(frames, frames.left.aperture, "y", { color: colours.left, width: 1.5 }, t("eyes.chart.left_eye"), "%{y:.2f}"),
    line(frames, frames.right.aperture, "y", { color: colours.right, width: 1.5, dash: "dot" }, t("eyes.chart.right_eye"), "%{y:.2f}"),
  ];
  for (const [kind, symbol] of [["blink", "triangle-down"], ["partial_blink", "triangle-down-open"]]) {
    const moments = frames.blinks.filter((one) => one.kind === kind).map((one) => one.closed_s);
    const marker = { symbol, color: colours.ink, size: 9, line: { width: 1.5, color: colours.ink } };
    if (moments.length) traces.push({ x: moments, y: moments.map(() => height), mode: "markers", marker, cliponaxis: false, hovertemplate: `${t(`eyes.chart.${kind}`)}<extra></extra>` });
  }
  const long = frames.blinks.filter((one) => one.kind === "long_closure");
  if (long.length) {
    const x = long.flatMap((one) => [one.onset_s, one.offset_s, null]);
    traces.push({ x, y: x.map((value) => (value === null ? null : height)), mode: "lines", line: { color: colours.ink, width: 5 }, hovertemplate: `${t("eyes.chart.long_closure")}<extra></extra>` });
  }
  return traces;
}

/** @param {Frames} frames @param {Colours} colours @param {string} axis @param {Column} values @returns {Part[]} */
function gazeTraces(frames, colours, axis, values) {
  /** @type {Span[]} */
  const spans = frames.saccades.map((one) => [one.onset_s - frames.step_s / 2, one.offset_s + frames.step_s]);
  const moving = values.map((value, row) => (within(spans, frames.time[row]) ? value : null));
  return [
    line(frames, values, axis, { color: colours.gaze, width: 1.5 }, t("eyes.chart.gaze"), "%{y:.1f}°"),
    { ...line(frames, moving, axis, { color: colours.saccade, width: 3 }, t("eyes.chart.saccade"), ""), hoverinfo: "skip", hovertemplate: null },
  ];
}

/** A curve that is broken where frames are missing.
 * @param {Frames} frames @param {Column} values @param {string} axis @param {Part} style @param {string} name @param {string} form
 * @returns {Part} */
function line(frames, values, axis, style, name, form) {
  /** @type {(number | null)[]} */
  const x = [];
  /** @type {Column} */
  const y = [];
  frames.time.forEach((time, row) => {
    if (row && time - frames.time[row - 1] > LONGEST_STEP * frames.step_s) {
      x.push(frames.time[row - 1] + frames.step_s);
      y.push(null);
    }
    x.push(time);
    y.push(values[row]);
  });
  return { x, y, yaxis: axis, mode: "lines", connectgaps: false, line: style, name, hovertemplate: `${form}<extra>${name}</extra>` };
}

/** The reason of each gap that is long enough, in words over it.
 * @param {Frames} frames @param {Colours} colours @param {number} height @returns {Part} */
function reasons(frames, colours, height) {
  const named = frames.gaps.flatMap((gap) => gap.spans.filter(([start, end]) => end - start > NAMED_SHARE * frames.end_s).map((span) => ({ span, name: gapName(gap.code) })));
  return {
    x: named.map(({ span: [start, end] }) => (start + end) / 2), y: named.map(() => height), text: named.map(({ name }) => name),
    mode: "text", textfont: { color: colours.ink, size: 12 }, hoverinfo: "skip",
  };
}

/** A range that shows all but single outliers, and at least so much to either side of its middle.
 * @param {Column[]} columns @param {number} least @returns {number[]} */
function limits(columns, least) {
  const values = columns.flat().filter((value) => value !== null).sort((one, other) => one - other);
  if (!values.length) return [-least, least];
  const at = (/** @type {number} */ share) => values[Math.min(values.length - 1, Math.round(share * (values.length - 1)))];
  const [low, high] = [at(0.002), at(0.998)];
  const [middle, half] = [(low + high) / 2, Math.max(((high - low) / 2) * 1.15, least)];
  return [middle - half, middle + half];
}
