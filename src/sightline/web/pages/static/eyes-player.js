// The video with what was measured drawn over it, and the moment that it shows.
import { byId } from "./ui.js";
import { lang, number, t } from "./texts.js";
import { rowAt, within } from "./eyes-data.js";
import { drawRow } from "./eyes-draw.js";
import { knowDuration } from "./eyes-film.js";

/** @typedef {import("./eyes-data.js").Frames} Frames */

const SLOW = 0.25; // a saccade of three frames is seen as one then

const film = byId("film", HTMLVideoElement);
const canvas = byId("drawn", HTMLCanvasElement);
const slider = byId("position", HTMLInputElement);
const playButton = byId("play", HTMLButtonElement);
const slowButton = byId("slow", HTMLButtonElement);
const drawing = byId("drawing", HTMLInputElement);
const now = byId("now", HTMLElement);

/** Shows a moment in the video, and tells which one is shown. Where the video cannot be played, the moment is there all
 * the same. */
export class Player {
  /** @param {Frames | null} frames null where they could not be loaded */
  constructor(frames) {
    this.frames = frames;
    this.time = 0;
    this.playable = true;
    /** @type {((time: number, playing: boolean) => void)[]} */
    this.listeners = [];
    this.film();
    this.controls();
    new ResizeObserver(() => this.show(this.time)).observe(film);
    if (frames) slider.max = String(frames.end_s);
    this.show(0);
  }

  /** Show a moment.
   * @param {number} time_s */
  seek(time_s) {
    const until = this.frames?.end_s ?? (film.duration || 0);
    const time = Math.min(Math.max(time_s, 0), until);
    if (this.playable) film.currentTime = time;
    this.show(time);
  }

  /** Be told what is shown.
   * @param {(time: number, playing: boolean) => void} listener */
  follow(listener) {
    this.listeners.push(listener);
    listener(this.time, false);
  }

  film() {
    const ready = () => knowDuration(film).then(() => {
      if (!this.frames) slider.max = String(film.duration);
    });
    film.addEventListener("error", () => this.cannot());
    if (film.error) this.cannot(); // it was, before anybody listened
    else if (film.readyState >= HTMLMediaElement.HAVE_METADATA) ready();
    else film.addEventListener("loadedmetadata", ready, { once: true });
    film.addEventListener("loadedmetadata", () => {
      if (film.videoWidth === 0) this.cannot(); // sound alone can be played
    });
    for (const kind of ["play", "pause", "ended"]) film.addEventListener(kind, () => this.playing());
    film.addEventListener("seeked", () => film.paused && this.show(film.currentTime));
    film.addEventListener("click", () => this.toggle());
    this.watch();
  }

  /** Follow the frames that are really shown, where a browser tells; else the clock. */
  watch() {
    if ("requestVideoFrameCallback" in film) {
      /** @param {number} _ @param {VideoFrameCallbackMetadata} seen */
      const shown = (_, seen) => {
        if (!film.seeking && seen.mediaTime < 1e6) this.show(seen.mediaTime);
        film.requestVideoFrameCallback(shown);
      };
      film.requestVideoFrameCallback(shown);
      return;
    }
    const tick = () => {
      if (!(/** @type {HTMLVideoElement} */ (film).paused)) this.show(/** @type {HTMLVideoElement} */ (film).currentTime);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  controls() {
    playButton.addEventListener("click", () => this.toggle());
    slowButton.addEventListener("click", () => {
      const slow = slowButton.getAttribute("aria-pressed") !== "true";
      slowButton.setAttribute("aria-pressed", String(slow));
      film.playbackRate = slow ? SLOW : 1;
    });
    drawing.addEventListener("change", () => this.show(this.time));
    slider.addEventListener("input", () => this.seek(Number(slider.value)));
  }

  toggle() {
    if (!this.playable) return;
    if (film.paused) film.play().catch(() => this.cannot());
    else film.pause();
  }

  playing() {
    playButton.textContent = t(film.paused ? "eyes.player.play" : "eyes.player.pause");
    this.show(this.time);
  }

  async cannot() {
    if (!this.playable) return;
    this.playable = false;
    playButton.disabled = slowButton.disabled = true;
    this.show(this.time);
    // The element does not tell a file that it does not understand from one that it does not get.
    const there = await fetch(film.src, { headers: { Range: "bytes=0-0" } }).then((answer) => answer.ok, () => false);
    const note = byId("film-note", HTMLElement);
    note.textContent = there ? t("eyes.player.cannot", { type: film.dataset.type || "?" }) : t("eyes.player.lost");
    note.hidden = false;
  }

  /** @param {number} time_s */
  show(time_s) {
    this.time = time_s;
    if (document.activeElement !== slider || !film.paused) slider.value = String(time_s);
    slider.setAttribute("aria-valuetext", `${number(time_s, { maximumFractionDigits: 2 })} s`);
    const row = this.frames ? rowAt(this.frames, time_s) : -1;
    this.draw(row);
    if (this.frames) now.textContent = this.words(row);
    for (const listener of this.listeners) listener(time_s, !film.paused);
  }

  /** @param {number} row */
  draw(row) {
    const { clientWidth: width, clientHeight: height } = film;
    const density = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const context = canvas.getContext("2d");
    if (!context || !this.frames) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!drawing.checked || row < 0 || !width) return;
    // The picture lies in the middle of its element, as large as it fits (`object-fit: contain`).
    const [pixelsX, pixelsY] = [Number(film.getAttribute("width")), Number(film.getAttribute("height"))];
    const scale = Math.min(width / pixelsX, height / pixelsY) * density;
    context.setTransform(scale, 0, 0, scale, (width * density - pixelsX * scale) / 2, (height * density - pixelsY * scale) / 2);
    drawRow(context, this.frames, row);
  }

  /** What was measured in a row, in words.
   * @param {number} row */
  words(row) {
    const { frames, time } = this;
    const parts = [t("eyes.player.figures", { time: number(time, { minimumFractionDigits: 2, maximumFractionDigits: 2 }) })];
    if (!frames || row < 0) return parts[0];
    const openings = [frames.left.aperture[row], frames.right.aperture[row]].filter((value) => value !== null);
    if (openings.length) {
      const mean = openings.reduce((sum, value) => sum + value, 0) / openings.length;
      parts.push(t("eyes.player.opening", { value: number(mean, { minimumFractionDigits: 2, maximumFractionDigits: 2 }) }));
    }
    const [vertical, horizontal] = [frames.gaze_v[row], frames.gaze_h[row]];
    if (vertical !== null && horizontal !== null) {
      parts.push(t("eyes.player.vertical", { value: degrees(vertical) }), t("eyes.player.horizontal", { value: degrees(horizontal) }));
    }
    const blink = frames.blinks.find((one) => one.onset_s <= time && time <= one.offset_s);
    if (blink) parts.push(t(`eyes.player.${blink.kind}`));
    if (frames.saccades.some((one) => one.onset_s <= time && time <= one.offset_s)) parts.push(t("eyes.player.saccade"));
    const gap = frames.gaps.find((one) => within(one.spans, time));
    if (gap) parts.push(gapName(gap.code));
    return parts.join(" · ");
  }
}

/** @param {number} value */
function degrees(value) {
  return `${new Intl.NumberFormat(lang, { signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)}°`;
}

/** Why nothing was measured, in words.
 * @param {string} code */
export function gapName(code) {
  const known = ["no_frames", "no_face", "doubtful_face", "face_too_small", "turned_away", "too_dark", "blurred"];
  return t(`eyes.gap.${known.includes(code) ? code : "unknown"}`);
}
