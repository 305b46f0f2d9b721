// The video before it is sent, and its sending: it is not lost where the connection is.
import { Failure, explain, upload } from "./api.js";
import { add } from "./history.js";
import { askBeforeLeaving } from "./leaving.js";
import { number, t } from "./texts.js";
import { announce, byId } from "./ui.js";
import { knowDuration } from "./eyes-film.js";

/** @typedef {import("./eyes-new.js").Taken} Taken */

const shown = byId("review-video", HTMLVideoElement);
const sendButton = byId("send", HTMLButtonElement);
const cancelButton = byId("cancel", HTMLButtonElement);
const againButton = byId("again", HTMLButtonElement);
const discardButton = byId("discard", HTMLButtonElement);
const bar = byId("sending-bar", HTMLProgressElement);
const said = byId("sending-text", HTMLElement);
const wrong = byId("send-error", HTMLElement);

/** @type {Taken | null} */
let taken = null;
let onceKey = "";
/** @type {AbortController | null} */
let sending = null;
let actions = { discard: () => {}, again: () => {} };

/** Show a video and offer to send it.
 * @param {Taken} video
 * @param {{discard: () => void, again: () => void}} then */
export function reviewVideo(video, then) {
  taken = video;
  actions = then;
  onceKey = newKey();
  wrong.textContent = said.textContent = "";
  bar.value = 0;
  byId("sending", HTMLElement).dataset.active = "false";
  byId("review-note", HTMLElement).hidden = true;
  sendButton.textContent = t("eyes.send.send");
  byId("review-title", HTMLElement).textContent = t(video.recorded ? "eyes.record.review_title" : "eyes.send.title");
  const counted = video.targets.length ? t("eyes.send.with_targets", { count: video.targets.length }) : "";
  const about = [video.recorded ? t("eyes.record.review_text") : video.name, counted].filter(Boolean).join(" · ");
  byId("review-text", HTMLElement).textContent = about;
  againButton.hidden = !video.recorded;
  shown.src = URL.createObjectURL(video.file);
  busy(false);
}

/** A name for this upload: sent again, it makes no second job. Pages without https have no `randomUUID`. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {boolean} on */
function busy(on) {
  sendButton.disabled = againButton.disabled = discardButton.disabled = on;
  cancelButton.hidden = !on;
}

async function send() {
  if (!taken) return;
  const { file, name, targets } = taken;
  const form = new FormData();
  form.append("file", file, name);
  if (targets.length) form.append("protocol", JSON.stringify(targets));
  const keep = document.getElementById("keep"); // only where there is a choice
  if (keep instanceof HTMLSelectElement && keep.value) form.append("keep_days", keep.value);
  sending = new AbortController();
  wrong.textContent = "";
  byId("sending", HTMLElement).dataset.active = "true";
  progress(0);
  busy(true);
  cancelButton.focus();
  try {
    const maxBytes = Number(byId("choosing", HTMLElement).dataset.maxBytes);
    const headers = { "Idempotency-Key": onceKey };
    const job = await upload("/gaze/videos", form, { onProgress: progress, signal: sending.signal, headers, maxBytes });
    const href = `/app/eyes/${job.job_id}`;
    add({ kind: "video", id: job.job_id, name, href, expires: job.expires_at ?? undefined });
    said.textContent = t("eyes.send.sent");
    announce(t("eyes.send.sent"));
    taken = null;
    location.assign(href);
  } catch (error) {
    const cancelled = error instanceof Failure && error.code === "aborted";
    said.textContent = "";
    bar.value = 0;
    byId("sending", HTMLElement).dataset.active = "false";
    wrong.textContent = cancelled ? t("eyes.send.cancelled") : explain(error, "eyes.failure");
    sendButton.textContent = t(cancelled ? "eyes.send.send" : "eyes.send.retry");
    busy(false);
    sendButton.focus();
  } finally {
    sending = null;
  }
}

/** @param {number} share */
function progress(share) {
  bar.value = share;
  const percent = number(share, { style: "percent" });
  said.textContent = share < 1 ? t("eyes.send.sending", { percent }) : t("eyes.send.received");
}

function forget() {
  URL.revokeObjectURL(shown.src);
  shown.removeAttribute("src");
  shown.load();
  taken = null;
}

sendButton.addEventListener("click", send);
cancelButton.addEventListener("click", () => sending?.abort());
discardButton.addEventListener("click", () => {
  forget();
  actions.discard();
});
againButton.addEventListener("click", () => {
  forget();
  actions.again();
});
shown.addEventListener("error", () => {
  if (taken) byId("review-note", HTMLElement).hidden = false;
});
shown.addEventListener("loadedmetadata", () => knowDuration(shown));
askBeforeLeaving(() => taken !== null);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && said.textContent && !taken) location.reload(); // back from the result: what was sent is no more to be sent
});
