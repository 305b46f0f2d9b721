// A video for the eyes: consent, then a file or the camera. What only comes later is loaded later.
import { fileSize, t } from "./texts.js";
import { byId } from "./ui.js";

/** @typedef {{start_s: number, end_s: number, target: string}} Target */
/** A video to send, with what was to be looked at in it.
 * @typedef {{file: Blob, name: string, targets: Target[], recorded: boolean}} Taken */

const EXAMPLE = '{"start_s": 2, "end_s": 5, "target": "up"}, …';
const ENDINGS = /\.(mp4|m4v|mov|webm|mkv|avi|gif)$/i;

const choosing = byId("choosing", HTMLElement);
const consent = byId("consent", HTMLInputElement);
const ways = byId("ways", HTMLFieldSetElement);
const file = byId("file", HTMLInputElement);
const drop = byId("drop", HTMLElement);
const protocol = byId("protocol", HTMLInputElement);
const maxBytes = Number(choosing.dataset.maxBytes);

/** @type {Target[]} */
let targets = [];

/** Show one of the page's steps, and let its heading have the focus.
 * @param {"choosing" | "recorder" | "review"} step */
function show(step) {
  for (const id of ["choosing", "recorder", "review"]) byId(id, HTMLElement).hidden = id !== step;
  if (step === "choosing") byId("record", HTMLButtonElement).focus();
  else byId(`${step}-title`, HTMLElement).focus();
}

function agreed() {
  ways.disabled = !consent.checked;
  byId("consent-needed", HTMLElement).dataset.done = String(consent.checked); // its place stays: nothing moves
}

/** @param {Taken} taken */
async function review(taken) {
  const { reviewVideo } = await import("./eyes-send.js");
  show("review");
  reviewVideo(taken, { discard: () => show("choosing"), again: openCamera });
}

async function openCamera() {
  const { openRecorder } = await import("./eyes-record.js");
  show("recorder");
  openRecorder({ recorded: review, closed: () => show("choosing") });
}

/** @param {FileList | null | undefined} files */
function take(files) {
  const chosen = files?.[0];
  const said = byId("upload-error", HTMLElement);
  said.textContent = "";
  if (!chosen || !consent.checked) return;
  const name = chosen.name;
  if (chosen.size === 0) said.textContent = t("eyes.send.empty", { name });
  else if (chosen.type ? !/^(video\/|image\/gif$)/.test(chosen.type) && !ENDINGS.test(name) : !ENDINGS.test(name)) {
    said.textContent = t("eyes.send.not_video", { name });
  } else if (chosen.size > maxBytes) {
    said.textContent = t("eyes.send.too_large", { name, size: fileSize(chosen.size), limit: fileSize(maxBytes) });
  } else {
    if ((files?.length ?? 0) > 1) said.textContent = t("eyes.send.one_only");
    review({ file: chosen, name, targets, recorded: false });
  }
}

/** @param {unknown} value @returns {value is Target[]} */
function areTargets(value) {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (item) =>
        typeof item === "object" && item !== null && typeof item.start_s === "number" && item.end_s > item.start_s &&
        ["up", "down", "left", "right", "center"].includes(item.target),
    )
  );
}

async function readTargets() {
  const said = byId("protocol-error", HTMLElement);
  said.textContent = "";
  protocol.removeAttribute("aria-invalid");
  targets = [];
  const chosen = protocol.files?.[0];
  if (!chosen) return;
  try {
    const value = JSON.parse(await chosen.text());
    if (!areTargets(value)) throw new SyntaxError("no targets");
    targets = value;
  } catch {
    protocol.setAttribute("aria-invalid", "true");
    protocol.value = "";
    said.textContent = t("eyes.send.bad_protocol", { example: EXAMPLE });
  }
}

consent.addEventListener("change", agreed);
byId("record", HTMLButtonElement).addEventListener("click", openCamera);
byId("pick", HTMLButtonElement).addEventListener("click", () => file.click());
file.addEventListener("change", () => {
  take(file.files);
  file.value = ""; // the same file chosen again is a change again
});
protocol.addEventListener("change", readTargets);
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    if (consent.checked) drop.dataset.over = "true";
  });
}
drop.addEventListener("dragleave", () => delete drop.dataset.over);
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  delete drop.dataset.over;
  if (!consent.checked) byId("upload-error", HTMLElement).textContent = "";
  take(event.dataTransfer?.files);
});
agreed();
