// How far an analysis is: told by the server as it goes; asked for where a connection does not let it tell.
import { Failure, getJson } from "./api.js";
import { number, t } from "./texts.js";
import { announce, byId } from "./ui.js";
import { tellExpiry } from "./eyes-kept.js";
import { jobId, showGone, wireRemoval } from "./eyes-remove.js";

/** @typedef {{state: string, progress: number, frames_done: number, frames_total: number, frames_per_s: number | null,
 *             attempts: number}} Standing */

const ASK_EVERY_MS = 2000;
const LOST_AFTER_MS = 3000; // a stream ends every ten seconds and comes back at once: that is no lost connection
const SILENT_AFTER_MS = 6000; // whoever connects is told at once; a proxy that collects events tells nothing

const bar = byId("bar", HTMLProgressElement);
const line = byId("state", HTMLElement);
const lostLine = byId("lost", HTMLElement);

/** @type {EventSource | null} */
let source = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let lostTimer;
let asking = false;
let over = false;
let saidTenth = -1;

/** @param {Standing} standing */
function show(standing) {
  if (over) return; // an answer from before its end
  connected();
  if (standing.state === "done" || standing.state === "failed") {
    finish(standing.state);
    return;
  }
  if (standing.state === "queued" || standing.frames_total === 0) {
    bar.removeAttribute("value"); // nothing is known: it moves, and says no figure
    line.textContent = t(standing.state === "queued" ? "eyes.wait.queued" : "eyes.wait.starting");
  } else {
    bar.value = standing.progress;
    line.textContent = sentence(standing);
    const tenth = Math.floor(standing.progress * 4);
    if (tenth > saidTenth) announce(number(standing.progress, { style: "percent" }));
    saidTenth = tenth;
  }
}

/** @param {Standing} standing */
function sentence({ frames_done, frames_total, frames_per_s, attempts }) {
  const parts = [t("eyes.wait.running", { done: number(frames_done), total: number(frames_total) })];
  if (frames_per_s) parts.push(t("eyes.wait.left", { seconds: number(Math.ceil((frames_total - frames_done) / frames_per_s)) }));
  if (attempts > 1) parts.push(t("eyes.wait.again", { attempt: attempts }));
  return parts.join(", ");
}

function connected() {
  clearTimeout(lostTimer);
  lostTimer = undefined;
  lostLine.textContent = "";
}

function lost() {
  lostTimer ??= setTimeout(() => (lostLine.textContent = t("eyes.wait.lost")), LOST_AFTER_MS);
}

/** The result is a page of its own; it is opened once the server can be reached.
 * @param {string} state */
async function finish(state) {
  stop();
  bar.value = 1;
  line.textContent = t(state === "done" ? "eyes.wait.done" : "eyes.wait.failed");
  announce(line.textContent);
  for (;;) {
    try {
      await fetch(location.pathname, { method: "HEAD" });
      location.reload();
      return;
    } catch {
      lost();
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  }
}

function gone() {
  stop();
  showGone(t("eyes.remove.gone_elsewhere"));
}

function stop() {
  over = true;
  source?.close();
  clearTimeout(lostTimer);
}

function listen() {
  if (!("EventSource" in window)) {
    ask();
    return;
  }
  source = new EventSource(`/app/eyes/${jobId()}/events`);
  const silent = setTimeout(ask, SILENT_AFTER_MS);
  source.addEventListener("job", (event) => {
    clearTimeout(silent);
    show(JSON.parse(event.data));
  });
  source.addEventListener("gone", gone);
  source.addEventListener("error", () => {
    if (over) return;
    if (source?.readyState === EventSource.CLOSED) ask(); // it was refused, and does not come back by itself
    else lost();
  });
}

/** Ask until the end. The stream goes on beside it, where it does. */
async function ask() {
  if (asking) return;
  asking = true;
  while (!over) {
    try {
      show(await getJson(`/gaze/jobs/${jobId()}`));
    } catch (error) {
      if (error instanceof Failure && error.code === "not_found") {
        gone();
        return;
      }
      lost();
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && !over && listen());
tellExpiry();
wireRemoval(stop);
listen();
