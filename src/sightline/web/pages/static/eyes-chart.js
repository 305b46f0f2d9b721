// The chart: lid opening, vertical and horizontal gaze over time, in step with the video. Drawn by Plotly.
import { t } from "./texts.js";
import { byId, element } from "./ui.js";
import { gapName } from "./eyes-player.js";
import { panels } from "./eyes-traces.js";

/** @typedef {import("./eyes-data.js").Frames} Frames */
/** @typedef {import("./eyes-player.js").Player} Player */

const ZOOM = 0.5; // of what is shown
const LEAST_SHOWN_S = 0.3; // a dozen frames: closer, and there is nothing more to see
const CLICK_PX = 6; // a pointer that moves further drags
const FOLLOWED_SHARE = 0.9; // played beyond it, the part that is shown moves on

const MARGIN = { l: 44, r: 12, t: 8, b: 40 };

const box = byId("chart-box", HTMLElement);
const place = byId("chart", HTMLElement);
const cursor = byId("cursor", HTMLElement);

/** Load the library and draw.
 * @param {Frames} frames
 * @param {Player} player */
export async function openChart(frames, player) {
  summarise(frames);
  explainMarks(frames);
  let library;
  try {
    library = await load(place.dataset.library ?? "");
    if (place.isConnected) await new Chart(library, frames, player).draw();
  } catch (error) {
    if (!place.isConnected) return; // deleted in the meantime
    console.error(error);
    byId("chart-note", HTMLElement).textContent = t("eyes.chart.unavailable");
    byId("chart-note", HTMLElement).hidden = false;
  }
}

class Chart {
  /** @param {any} library @param {Frames} frames @param {Player} player */
  constructor(library, frames, player) {
    this.library = library;
    this.frames = frames;
    this.player = player;
    /** @type {[number, number]} */
    this.range = this.whole();
  }

  /** @returns {[number, number]} */
  whole() {
    return [0, Math.max(this.frames.end_s, ...this.frames.targets.map((target) => target.end_s))];
  }

  async draw() {
    await this.render();
    /** @type {any} */ (place).on("plotly_relayout", (/** @type {Record<string, unknown>} */ changed) => this.moved(changed));
    this.wireClicks();
    this.wireZoom();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.render());
    new ResizeObserver(() => this.point(this.player.time)).observe(place);
    this.player.follow((time, playing) => this.follow(time, playing));
  }

  render() {
    const coarse = matchMedia("(pointer: coarse)").matches; // a finger scrolls the page and taps the chart
    const config = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false };
    const { data, layout } = panels(this.frames, colours());
    layout.xaxis.range = this.range;
    layout.margin = MARGIN;
    layout.dragmode = coarse ? false : "zoom";
    layout.hovermode = coarse ? false : "x";
    return this.library.react(place, data, layout, config);
  }

  /** @param {Record<string, unknown>} changed what Plotly says that a person or we have moved */
  moved(changed) {
    const [low, high] = [changed["xaxis.range[0]"], changed["xaxis.range[1]"]];
    if (typeof low === "number" && typeof high === "number") this.range = [low, high];
    this.point(this.player.time);
  }

  /** @param {[number, number]} range */
  show(range) {
    const [first, last] = this.whole();
    const length = Math.min(Math.max(range[1] - range[0], LEAST_SHOWN_S), last - first);
    const start = Math.min(Math.max(range[0], first), last - length);
    this.range = [start, start + length];
    this.library.relayout(place, { "xaxis.range": [...this.range] });
    this.point(this.player.time);
  }

  /** @param {number} factor on the length of what is shown, around the moment in the video if that is shown */
  zoom(factor) {
    const [start, end] = this.range;
    const time = this.player.time;
    const centre = start <= time && time <= end ? time : (start + end) / 2;
    this.show([centre - (centre - start) * factor, centre + (end - centre) * factor]);
  }

  /** @param {number} time @param {boolean} playing */
  follow(time, playing) {
    const [start, end] = this.range;
    const outside = time < start || time > start + (end - start) * (playing ? FOLLOWED_SHARE : 1);
    if (outside && end - start < this.whole()[1]) this.show([time - (end - start) * 0.1, time + (end - start) * 0.9]);
    else this.point(time);
  }

  /** Put the cursor at a moment. It is no part of the figure: to draw that anew sixty times a second is too much.
   * @param {number} time */
  point(time) {
    const [start, end] = this.range;
    const width = place.clientWidth - MARGIN.l - MARGIN.r;
    cursor.hidden = time < start || time > end || width <= 0;
    cursor.style.transform = `translateX(${MARGIN.l + ((time - start) / (end - start)) * width}px)`;
  }

  /** A click anywhere in the chart, also where no curve is near. */
  wireClicks() {
    /** @type {{x: number, y: number} | null} */
    let pressed = null;
    place.addEventListener("pointerdown", (event) => (pressed = event.button === 0 ? { x: event.clientX, y: event.clientY } : null), { capture: true });
    addEventListener("pointercancel", () => (pressed = null), { capture: true });
    addEventListener("pointerup", (event) => {
      const from = pressed;
      pressed = null;
      if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_PX) return;
      const left = place.getBoundingClientRect().left + MARGIN.l;
      const share = (event.clientX - left) / (place.clientWidth - MARGIN.l - MARGIN.r);
      if (share >= 0 && share <= 1) this.player.seek(this.range[0] + share * (this.range[1] - this.range[0]));
    }, { capture: true });
  }

  wireZoom() {
    const actions = { "zoom-in": () => this.zoom(ZOOM), "zoom-out": () => this.zoom(1 / ZOOM), whole: () => this.show(this.whole()) };
    for (const [id, act] of Object.entries(actions)) {
      const button = byId(id, HTMLButtonElement);
      button.disabled = false;
      button.addEventListener("click", act);
    }
  }
}

/** What the chart shows, in a sentence.
 * @param {Frames} frames */
function summarise(frames) {
  const counts = {
    blinks: frames.blinks.filter((one) => one.kind === "blink").length,
    saccades: frames.saccades.length,
    gaps: frames.gaps.reduce((sum, gap) => sum + gap.spans.length, 0),
  };
  const told = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, t(`eyes.chart.${name}`, { count })]));
  const text = t("eyes.chart.summary", { seconds: Math.round(frames.end_s), ...told });
  byId("chart-summary", HTMLElement).textContent = text;
  box.setAttribute("aria-label", `${t("eyes.chart.title")}. ${text}`);
}

/** What each mark means, of those that the chart has.
 * @param {Frames} frames */
function explainMarks({ blinks, saccades, targets, masked, gaps }) {
  /** @type {[string, boolean][]} */
  const marks = [
    ["left_eye", true], ["right_eye", true], ["gaze", true], ["saccade", saccades.length > 0],
    ...["blink", "partial_blink", "long_closure"].map((kind) => /** @type {[string, boolean]} */ ([kind, blinks.some((one) => one.kind === kind)])),
    ["target_up", targets.some((one) => one.target === "up")], ["target_down", targets.some((one) => one.target === "down")],
    ["target_side", targets.some((one) => one.target === "left" || one.target === "right")], ["masked", masked.length > 0],
  ];
  const rows = marks.filter(([, there]) => there).map(([name]) => element("li", { class: name.replace("_eye", ""), text: t(`eyes.chart.${name}`) }));
  rows.push(...gaps.map(({ code }) => element("li", { class: `gap ${code}`, text: t("eyes.chart.gap", { reason: gapName(code) }) })));
  byId("keys", HTMLUListElement).replaceChildren(...rows);
}

/** The page's colours, as they are in this theme.
 * @returns {Record<string, string>} by the names of `--eyes-*` in eyes.css */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "quiet", "grid", "left", "right", "gaze", "saccade", "up", "down", "sideways", "gap", "hatch", "masked", "card"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--eyes-${name}`).trim()]));
}

/** The library is no module: it is loaded as a script of the page, and puts its name into the window.
 * @param {string} address @returns {Promise<any>} */
function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => reject(new Error("the chart library could not be loaded"));
    document.head.append(script);
  });
}
