// Whether a recording can be any good: light, distance and frame rate, looked at again and again while the camera runs.
import { number } from "./texts.js";
import { send } from "./api.js";

/** @typedef {"light" | "distance" | "rate"} Check */
/** What to tell of a check: `text` is a key below `eyes.record`.
 * @typedef {{state: "good" | "bad", text: string, values?: Record<string, string>}} Told */

const LIGHT_EVERY_MS = 700;
const FACE_EVERY_MS = 2000; // a look at a picture keeps the server busy for a tenth of a second
const RATE_OVER_MS = 2000;

// Mean brightness of the picture's middle, 0..255. A face by a window has 90 to 180; under 60 a camera's grain hides the
// edge of a dark iris, over 225 the picture is burnt out.
const LEAST_LIGHT = 60;
const MOST_LIGHT = 225;

const LEAST_IRIS_PX = 16; // narrower, and one pixel is more than the 3.5 degrees that a statement needs
const LEAST_RATE = 24.5; // quick movements last from one picture to the next at 25 a second

/** The server's words for a picture that cannot be used, in ours.
 * @type {Record<string, string>} */
const GATES = {
  doubtful_face: "distance_doubtful",
  face_too_small: "distance_far",
  turned_away: "distance_turned",
  too_dark: "light_dark",
  blurred: "distance_blurred",
};

/** Begin to look.
 * @param {HTMLVideoElement} video shows the camera
 * @param {(check: Check, told: Told) => void} tell
 * @returns {() => void} ends it */
export function startChecks(video, tell) {
  const ended = new AbortController();
  const { signal } = ended;
  repeat(() => tell("light", light(video)), LIGHT_EVERY_MS, signal);
  repeat(async () => tell("distance", await distance(video, signal)), FACE_EVERY_MS, signal);
  repeat(async () => {
    const rate = await frameRate(video);
    const values = { rate: number(rate, { maximumFractionDigits: 0 }) };
    tell("rate", rate >= LEAST_RATE ? { state: "good", text: "rate_good", values } : { state: "bad", text: "rate_low", values });
  }, RATE_OVER_MS, signal);
  return () => ended.abort();
}

/** Do something again and again, each time after the last one has ended.
 * @param {() => void | Promise<void>} work
 * @param {number} everyMs
 * @param {AbortSignal} signal */
async function repeat(work, everyMs, signal) {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) console.error(error);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** @param {HTMLVideoElement} video @returns {Told} */
function light(video) {
  const [width, height] = [64, 48];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || !video.videoWidth) return { state: "bad", text: "waiting" };
  const { videoWidth, videoHeight } = video; // its middle half: where the face is
  context.drawImage(video, videoWidth / 4, videoHeight / 8, videoWidth / 2, (videoHeight * 3) / 4, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
  const mean = sum / (width * height);
  if (mean < LEAST_LIGHT) return { state: "bad", text: "light_dark" };
  return mean > MOST_LIGHT ? { state: "bad", text: "light_bright" } : { state: "good", text: "light_good" };
}

/** Ask the server, which looks at one picture and keeps nothing of it.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal
 * @returns {Promise<Told>} */
async function distance(video, signal) {
  if (!video.videoWidth) return { state: "bad", text: "waiting" };
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const body = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
  let seen;
  try {
    seen = await send("POST", "/app/eyes/check", { body, headers: { "Content-Type": "image/jpeg" }, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    return { state: "bad", text: "distance_unknown" };
  }
  if (!seen.face) return { state: "bad", text: "distance_face" };
  if (seen.gate) return { state: "bad", text: GATES[seen.gate] ?? "distance_doubtful" };
  if (seen.faces > 1) return { state: "bad", text: "distance_several" };
  return seen.iris_px >= LEAST_IRIS_PX ? { state: "good", text: "distance_good" } : { state: "bad", text: "distance_far" };
}

/** Pictures a second that really arrive.
 * @param {HTMLVideoElement} video
 * @returns {Promise<number>} */
function frameRate(video) {
  if (!("requestVideoFrameCallback" in video)) {
    const stream = /** @type {HTMLVideoElement} */ (video).srcObject;
    const track = stream instanceof MediaStream ? stream.getVideoTracks()[0] : undefined;
    return Promise.resolve(track?.getSettings().frameRate ?? 0);
  }
  return new Promise((resolve) => {
    const start = performance.now();
    let first = -1;
    let firstAt = 0;
    /** @param {number} now @param {VideoFrameCallbackMetadata} seen */
    const count = (now, { presentedFrames }) => {
      if (first < 0) [first, firstAt] = [presentedFrames, now];
      if (now - start < RATE_OVER_MS) video.requestVideoFrameCallback(count);
      else resolve(((presentedFrames - first) / Math.max(now - firstAt, 1)) * 1000);
    };
    video.requestVideoFrameCallback(count);
    setTimeout(() => resolve(0), 2 * RATE_OVER_MS); // no picture came
  });
}
