// The camera before a recording: its picture, the checks, the choices. The guided part itself is eyes-guide.js.
import { announce, byId } from "./ui.js";
import { has, lang, moment, t } from "./texts.js";
import { startChecks } from "./eyes-checks.js";
import { Stopped, durationOf, guide } from "./eyes-guide.js";
import { findVoice, hush } from "./eyes-voice.js";

/** @typedef {import("./eyes-checks.js").Check} Check */
/** @typedef {import("./eyes-checks.js").Told} Told */

// 720p holds irises of 16 pixels where the face fills half of the picture; more pixels cost phones their frame rate.
/** @type {MediaStreamConstraints} */
const WANTED = {
  audio: false,
  video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
};

/** What `getUserMedia` says, in our texts.
 * @type {Record<string, string>} */
const REFUSALS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "no_camera",
  OverconstrainedError: "no_camera",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

const preview = byId("preview", HTMLVideoElement);
const startButton = byId("start", HTMLButtonElement);
const spoken = byId("spoken", HTMLInputElement);
const longer = byId("longer", HTMLInputElement);
const stateLine = byId("recorder-state", HTMLElement);
const wrong = byId("recorder-error", HTMLElement);

/** @type {MediaStream | null} */
let stream = null;
let turn = 0; // of the camera: one that is closed while it is still being opened is not to go on afterwards
/** @type {(() => void) | null} */
let stopChecks = null;
/** @type {Map<Check, Told["state"]>} */
const checked = new Map();
/** @type {{recorded: (taken: import("./eyes-new.js").Taken) => void, closed: () => void}} */
let then = { recorded: () => {}, closed: () => {} };

/** Turn the camera on and show its picture.
 * @param {typeof then} actions what follows a recording, and what follows if there is none */
export async function openRecorder(actions) {
  then = actions;
  wrong.textContent = "";
  startButton.textContent = t("eyes.record.start");
  startButton.disabled = true;
  takes();
  const impossible = !isSecureContext ? "insecure" : !navigator.mediaDevices || !("MediaRecorder" in window) ? "unsupported" : "";
  if (impossible) {
    wrong.textContent = t(`eyes.record.${impossible}`);
    return;
  }
  stateLine.textContent = t("eyes.record.asking");
  const mine = ++turn;
  let given;
  try {
    given = await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    if (mine === turn) refused(REFUSALS[error instanceof DOMException ? error.name : ""] ?? "no_camera");
    return;
  }
  if (mine !== turn) {
    end(given);
    return;
  }
  stream = given;
  stateLine.textContent = "";
  preview.srcObject = stream;
  stream.getVideoTracks()[0]?.addEventListener("ended", () => {
    closeCamera();
    refused("camera_lost");
  });
  await preview.play().catch(() => {});
  if (mine !== turn) return;
  check();
  startButton.disabled = false;
}

/** @param {string} why */
function refused(why) {
  stateLine.textContent = "";
  wrong.textContent = t(`eyes.record.${why}`);
  startButton.textContent = t("eyes.record.again");
  startButton.disabled = false;
}

function check() {
  checked.clear();
  stopChecks?.();
  stopChecks = startChecks(preview, (name, told) => {
    const place = byId(`check-${name}`, HTMLElement);
    const text = t(`eyes.record.${told.text}`, told.values);
    const line = place.querySelector("dd");
    if (line && line.textContent !== text) line.textContent = text; // only what changes is read out
    place.dataset.state = told.state;
    checked.set(name, told.state);
    judge();
  });
}

function judge() {
  if (checked.size < 3) return;
  const good = [...checked.values()].every((state) => state === "good");
  stateLine.textContent = t(good ? "eyes.record.ready" : "eyes.record.not_all_good");
  startButton.textContent = t(good ? "eyes.record.start" : "eyes.record.start_anyway");
}

function takes() {
  const seconds = Math.round(durationOf(longer.checked) / 1000);
  byId("takes", HTMLElement).textContent = t("eyes.record.seconds", { seconds });
}

async function start() {
  if (!stream?.active) {
    openRecorder(then);
    return;
  }
  stopChecks?.();
  startButton.disabled = true;
  wrong.textContent = "";
  const camera = stream;
  try {
    const voice = spoken.checked ? await findVoice(lang) : null;
    if (stream !== camera) return; // closed in the meantime
    const made = await guide(camera, { voice, longer: longer.checked });
    closeCamera();
    const name = t("eyes.send.name_recording", { when: moment(new Date()) });
    then.recorded({ file: made.file, name: `${name.replaceAll(/[/\\]/g, "-")}.${made.ending}`, targets: made.targets, recorded: true });
  } catch (error) {
    const why = error instanceof Stopped ? error.why : "failed";
    const text = t(has(`eyes.record.${why}`) ? `eyes.record.${why}` : "eyes.record.failed");
    wrong.textContent = text;
    if (stream?.active) check();
    startButton.disabled = false;
    startButton.focus();
    announce(text);
  }
}

function closeCamera() {
  turn++;
  stopChecks?.();
  stopChecks = null;
  hush();
  if (stream) end(stream);
  stream = null;
  preview.srcObject = null;
}

/** @param {MediaStream} camera */
function end(camera) {
  for (const track of camera.getTracks()) track.stop();
}

startButton.addEventListener("click", start);
longer.addEventListener("change", takes);
byId("recorder-close", HTMLButtonElement).addEventListener("click", () => {
  closeCamera();
  then.closed();
});
addEventListener("pagehide", closeCamera);
findVoice(lang).then((voice) => {
  byId("no-voice", HTMLElement).hidden = voice !== null;
  spoken.disabled = voice === null;
  spoken.checked = voice !== null;
});
