// What was measured, as the player and the chart use it.
import { getJson } from "./api.js";

/** @typedef {(number | null)[]} Column */
/** @typedef {[number, number]} Span */
/** @typedef {{onset_s: number, closed_s: number, offset_s: number, kind: "blink" | "partial_blink" | "long_closure", eyes: string}} Blink */
/** @typedef {{onset_s: number, offset_s: number, amplitude_deg: number, direction_deg: number}} Saccade */
/** @typedef {{target: "up" | "down" | "left" | "right" | "center", start_s: number, end_s: number, reached: boolean | null}} Target */
/** @typedef {{code: string, spans: Span[]}} Gap */
/** @typedef {{iris_x: Column, iris_y: Column, diameter: Column, opening: Column, width: Column, offset_x: Column,
 *             offset_y: Column, gaze_h: Column, gaze_v: Column, aperture: Column}} Eye */
/** Rows are frames; lengths in pixels of the upright picture, angles in degrees, up and right of the picture positive.
 * @typedef {{time: number[], roll: Column, gaze_h: Column, gaze_v: Column, blink: number[], left: Eye, right: Eye,
 *            step_s: number, gaps: Gap[], masked: Span[], blinks: Blink[], saccades: Saccade[], targets: Target[],
 *            end_s: number}} Frames */

const EYE = /** @type {const} */ (["iris_x", "iris_y", "diameter", "opening", "width", "offset_x", "offset_y", "gaze_h", "gaze_v", "aperture"]);

/** Fetch what was measured in a job's video.
 * @param {string} job
 * @returns {Promise<Frames>} */
export async function loadFrames(job) {
  const raw = await getJson(`/app/eyes/${job}/frames.json`);
  /** @param {"left" | "right"} side */
  const eye = (side) => /** @type {Eye} */ (Object.fromEntries(EYE.map((name) => [name, raw[`${side}_${name}`]])));
  const last = raw.time.length ? raw.time[raw.time.length - 1] + raw.step_s : 0;
  return { ...raw, left: eye("left"), right: eye("right"), end_s: Math.max(last, 0.1) };
}

/** The row of the frame that is shown at a moment; -1 where there is none.
 * @param {Frames} frames
 * @param {number} time_s */
export function rowAt(frames, time_s) {
  const { time, step_s } = frames;
  let [low, high] = [0, time.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (time[middle] <= time_s + step_s / 4) low = middle; // a player's clock and a file's differ by rounding
    else high = middle - 1;
  }
  return time.length && Math.abs(time[low] - time_s) <= 2.5 * step_s ? low : -1;
}

/** @param {Span[]} spans @param {number} time_s */
export function within(spans, time_s) {
  return spans.some(([start, end]) => start <= time_s && time_s < end);
}
