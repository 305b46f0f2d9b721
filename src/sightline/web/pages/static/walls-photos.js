// The form that photos of a wall are chosen in: on the page for a new wall, and on one's page for further photos.
import { ChosenPhoto } from "./walls-chosen.js";
import { explain } from "./api.js";
import { askBeforeLeaving } from "./leaving.js";
import { t } from "./texts.js";
import { announce, byId, element } from "./ui.js";

/** @typedef {{begin: () => Promise<string>, kept: (inspectionId: string) => void, hasPhotos: boolean}} Wishes
 *  `begin` gives the inspection that photos go to; `kept` is called with every photo that was kept */

const NAMED = 4; // of files that were left out; more nobody reads

/** @param {Wishes} wishes */
export function photosForm({ begin, kept, hasPhotos }) {
  const form = byId("walls-form", HTMLFormElement);
  const zone = byId("dropzone", HTMLElement);
  const rows = byId("chosen", HTMLOListElement);
  const send = byId("send", HTMLButtonElement);
  const note = byId("form-note", HTMLElement);
  const toResult = byId("to-result", HTMLAnchorElement);
  const dropError = byId("drop-error", HTMLElement);
  const sendText = send.textContent ?? "";
  const maxPhotos = Number(form.dataset.maxPhotos);
  const maxBytes = Number(form.dataset.maxBytes);
  /** @type {ChosenPhoto[]} */
  let photos = [];
  let isSending = false;
  let isThrough = false; // what failed is left behind on purpose

  /** @param {Iterable<File>} files @param {string[]} [folders] that were among them */
  function add(files, folders = []) {
    /** @type {Record<"folders" | "no_pictures" | "empty_files" | "already" | "too_many", string[]>} */
    const leftOut = { folders, no_pictures: [], empty_files: [], already: [], too_many: [] };
    for (const file of files) {
      if (folders.includes(file.name)) continue;
      if (!mayBePhoto(file)) leftOut.no_pictures.push(file.name);
      else if (file.size === 0) leftOut.empty_files.push(file.name);
      else if (photos.some((photo) => photo.isOf(file))) leftOut.already.push(file.name);
      else if (photos.length >= maxPhotos) leftOut.too_many.push(file.name);
      else {
        const photo = new ChosenPhoto(file, { isFirst: !hasPhotos && photos.length === 0, maxBytes, removed: leaveOut });
        photos.push(photo);
        rows.append(photo.row);
      }
    }
    const most = maxPhotos + Number(form.dataset.hasPhotos ?? 0);
    const problems = Object.entries(leftOut).filter(([, names]) => names.length);
    dropError.replaceChildren(
      ...problems.map(([why, names]) => element("p", { text: t(`walls.script.${why}`, { names: listed(names), most }) })),
    );
    dropError.hidden = problems.length === 0;
    update();
  }

  /** @param {ChosenPhoto} photo */
  function leaveOut(photo) {
    const place = photos.indexOf(photo);
    photos = photos.filter((other) => other !== photo);
    (photos[place] ?? photos[place - 1])?.focus();
    if (photos.length === 0) byId("choose", HTMLInputElement).focus();
    if (photos.every((other) => !other.hasFailed)) note.hidden = true;
    update();
  }

  function update() {
    const left = photos.filter((photo) => !photo.isDone);
    send.disabled = isSending || left.length === 0;
    send.textContent = left.some((photo) => photo.hasFailed) ? t("walls.script.again") : sendText;
    const done = photos.length - left.length;
    toResult.hidden = isSending || done === 0;
    toResult.textContent = t("walls.script.to_result", { count: done });
  }

  /** @param {Event} event */
  async function submitted(event) {
    event.preventDefault();
    const left = photos.filter((photo) => !photo.isDone);
    const wrong = left.filter((photo) => !photo.check());
    if (wrong.length || left.length === 0) {
      wrong[0]?.focusWrong();
      return;
    }
    isSending = true;
    note.hidden = true;
    update();
    try {
      const inspectionId = await begin();
      toResult.href = `/app/walls/${inspectionId}`;
      for (const photo of left) photo.wait();
      // One after the other: in the order of the list, and the server looks at one at a time anyway.
      for (const photo of left) {
        if (photos.includes(photo) && (await photo.send(inspectionId))) kept(inspectionId);
      }
      finished();
    } catch (error) {
      fail(explain(error, "walls.failure"));
    } finally {
      isSending = false;
      update();
    }
  }

  function finished() {
    const failed = photos.filter((photo) => photo.hasFailed).length;
    if (failed) fail(t("walls.script.some_failed", { count: failed }));
    else if (photos.length && photos.every((photo) => photo.isDone)) {
      announce(t("walls.script.all_done"));
      isSending = false; // the page may be left
      const result = new URL(toResult.href);
      if (result.pathname === location.pathname) location.reload();
      else location.assign(result);
    }
  }

  /** @param {string} text */
  function fail(text) {
    note.textContent = text;
    note.hidden = false;
  }

  for (const id of ["choose", "take"]) {
    const input = byId(id, HTMLInputElement);
    input.addEventListener("change", () => {
      add(input.files ?? []);
      input.value = ""; // the same file may be chosen again
    });
  }
  // Anywhere on the page: beside the zone, the browser would leave the page and show the file.
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) zone.classList.remove("over"); // it left the window
  });
  addEventListener("drop", (event) => {
    zone.classList.remove("over");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry());
    add(event.dataTransfer.files, entries.flatMap((entry) => (entry?.isDirectory ? [entry.name] : [])));
    zone.scrollIntoView({ block: "nearest" });
  });
  addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) add(event.clipboardData.files);
  });
  toResult.addEventListener("click", () => (isThrough = true));
  askBeforeLeaving(() => isSending || (!isThrough && photos.some((photo) => !photo.isDone)));
  addEventListener("pageshow", ({ persisted }) => {
    isThrough = false;
    if (persisted && photos.length && photos.every((photo) => photo.isDone)) location.reload(); // an empty form again
  });
  form.addEventListener("submit", submitted);
}

/** @param {string[]} names */
function listed(names) {
  const shown = names.slice(0, NAMED).join(", ");
  return names.length > NAMED ? t("walls.script.and_more", { names: shown, count: names.length - NAMED }) : shown;
}

/** Whether a file may be a photo: some systems do not know the types of HEIC and TIFF.
 * @param {File} file */
function mayBePhoto(file) {
  return file.type === "" || file.type === "application/octet-stream" || file.type.startsWith("image/");
}
