// The guided recording: a dot that leads the gaze, and the true times at which it was where.
import { byId } from "./ui.js";
import { t } from "./texts.js";
import { hush, speak } from "./eyes-voice.js";

/** @typedef {import("./eyes-new.js").Target} Target */

/** @type {("center" | "up" | "down" | "left" | "right")[]} */
export const STEPS = ["center", "up", "center", "down", "center", "left", "center", "right", "center"];

const STEP_MS = 3000; // two seconds are needed at each target, and one passes until an instruction is understood
const REST_MS = 30_000;
const COUNTDOWN_S = 3;
const TAIL_MS = 300; // what an encoder still has in hand when it is stopped

const BITS_PER_S = 5_000_000; // 720p in which the edge of an iris stays sharp; half a minute has 20 MB

/** In the order of what costs a phone least beside its camera, of what browsers write and our decoder reads. */
const TYPES = ["video/webm;codecs=vp8", "video/webm;codecs=vp9", "video/webm", "video/mp4;codecs=avc1.42E01F", "video/mp4"];

const stage = byId("stage", HTMLDialogElement);
const dot = byId("dot", HTMLElement);
const say = byId("stage-say", HTMLElement);

/** Ended before its end; `why` is a text below `eyes.record`. */
export class Stopped extends Error {
  /** @param {string} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** How long the targets take.
 * @param {boolean} longer with the quiet time at the end */
export function durationOf(longer) {
  return STEPS.length * STEP_MS + (longer ? REST_MS : 0);
}

/** Count down, record, and lead the gaze.
 * @param {MediaStream} stream
 * @param {{voice: SpeechSynthesisVoice | null, longer: boolean}} wishes
 * @returns {Promise<{file: Blob, targets: Target[], ending: string}>} times are seconds since the recording began */
export async function guide(stream, { voice, longer }) {
  const stopped = new AbortController();
  const { signal } = stopped;
  const unwatch = watchForEnd(stream, stopped);
  const awake = await navigator.wakeLock?.request("screen").catch(() => null);
  try {
    await document.documentElement.requestFullscreen?.({ navigationUI: "hide" }).catch(() => {});
    stage.showModal();
    byId("stage-stop", HTMLButtonElement).blur(); // no ring around it while the gaze is elsewhere; the keyboard finds it
    for (let count = COUNTDOWN_S; count > 0; count--) {
      place("center", t("eyes.record.countdown", { count }));
      await wait(1000, signal);
    }
    return await recorded(stream, voice, longer, signal);
  } finally {
    unwatch();
    hush();
    stage.close();
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    awake?.release().catch(() => {});
  }
}

/** @param {MediaStream} stream @param {SpeechSynthesisVoice | null} voice @param {boolean} longer @param {AbortSignal} signal */
async function recorded(stream, voice, longer, signal) {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: BITS_PER_S });
  /** @type {Blob[]} */
  const pieces = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  const began = new Promise((resolve) => recorder.addEventListener("start", resolve, { once: true }));
  const ended = new Promise((resolve, reject) => {
    recorder.addEventListener("stop", resolve, { once: true });
    recorder.addEventListener("error", () => reject(new Stopped("failed")), { once: true });
  });
  // The recording's time counts from this call: the event comes 0.1 to 0.3 s later (bench/recording_times.py).
  const beganMs = performance.now();
  recorder.start(1000);
  try {
    await unlessStopped(began, signal);
    const targets = await lead(beganMs, voice, longer, signal);
    await wait(TAIL_MS, signal);
    recorder.stop();
    await ended;
    const type = (recorder.mimeType || mimeType || "video/webm").split(";")[0];
    const file = new Blob(pieces, { type });
    if (file.size === 0) throw new Stopped("failed");
    return { file, targets, ending: type === "video/mp4" ? "mp4" : "webm" };
  } finally {
    ended.catch(() => {});
    if (recorder.state !== "inactive") recorder.stop();
  }
}

/** Move the dot, and note when it had moved.
 * @param {number} beganMs @param {SpeechSynthesisVoice | null} voice @param {boolean} longer @param {AbortSignal} signal
 * @returns {Promise<Target[]>} */
async function lead(beganMs, voice, longer, signal) {
  /** @type {Target[]} */
  const targets = [];
  const since = () => Math.round(performance.now() - beganMs) / 1000;
  let endsMs = beganMs;
  for (const [number, target] of STEPS.entries()) {
    const last = number === STEPS.length - 1;
    const text = t(`eyes.record.${last && longer ? "rest" : target}`);
    place(target, text, t("eyes.record.step", { step: number + 1, steps: STEPS.length }));
    await unlessStopped(painted(), signal);
    const start_s = since();
    const before = targets.at(-1);
    if (before) before.end_s = start_s;
    speak(voice, text);
    endsMs += STEP_MS + (last && longer ? REST_MS : 0);
    await wait(endsMs - performance.now(), signal);
    targets.push({ start_s, end_s: since(), target });
  }
  place("center", t("eyes.record.done"));
  return targets;
}

/** @param {"center" | "up" | "down" | "left" | "right"} at @param {string} text @param {string} [step] */
function place(at, text, step = "") {
  dot.dataset.at = say.dataset.at = at;
  say.textContent = text;
  byId("stage-step", HTMLElement).textContent = step;
}

/** Until what was changed can be seen. */
function painted() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

/** What ends a recording early: its button, Escape, another tab or window, the camera.
 * @param {MediaStream} stream @param {AbortController} stopped @returns {() => void} ends the watch */
function watchForEnd(stream, stopped) {
  const watch = new AbortController();
  const options = { signal: watch.signal };
  /** @param {string} why */
  const stop = (why) => stopped.abort(new Stopped(why));
  byId("stage-stop", HTMLButtonElement).addEventListener("click", () => stop("stopped"), options);
  stage.addEventListener("cancel", (event) => {
    event.preventDefault();
    stop("stopped");
  }, options);
  document.addEventListener("visibilitychange", () => document.hidden && stop("hidden"), options);
  document.addEventListener("fullscreenchange", () => !document.fullscreenElement && stop("stopped"), options);
  for (const track of stream.getTracks()) track.addEventListener("ended", () => stop("camera_lost"), options);
  return () => watch.abort();
}

/** @param {number} ms @param {AbortSignal} signal */
function wait(ms, signal) {
  return unlessStopped(new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0))), signal);
}

/** @template T @param {Promise<T>} work @param {AbortSignal} signal @returns {Promise<T>} */
function unlessStopped(work, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
