// One photo that was chosen: what is said about it, how far it is sent, and what went wrong with it.
import { explain, Failure, pause, upload } from "./api.js";
import { part } from "./slider.js";
import { fileSize, t } from "./texts.js";
import { announce } from "./ui.js";

/** @typedef {"chosen" | "waiting" | "sending" | "done" | "failed"} State */

const STAGE = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?$/;
const AT_LAST_ATTEMPT = 5;

export class ChosenPhoto {
  /**
   * @param {File} file
   * @param {{isFirst: boolean, maxBytes: number, removed: (photo: ChosenPhoto) => void}} wishes */
  constructor(file, { isFirst, maxBytes, removed }) {
    this.file = file;
    this.maxBytes = maxBytes;
    /** @type {State} */
    this.state = "chosen";
    this.leaving = new AbortController();
    const template = document.getElementById("chosen-template");
    if (!(template instanceof HTMLTemplateElement)) throw new Error("no template");
    this.row = part(document.importNode(template.content, true), ".chosen", HTMLLIElement);
    this.stage = part(this.row, ".chosen-stage", HTMLSelectElement);
    this.own = part(this.row, ".chosen-own input", HTMLInputElement);
    this.taken = part(this.row, ".chosen-taken", HTMLInputElement);
    this.reference = part(this.row, ".chosen-reference", HTMLSelectElement);
    this.fields = part(this.row, ".chosen-fields", HTMLFieldSetElement);
    this.bar = part(this.row, "progress", HTMLProgressElement);
    this.status = part(this.row, ".chosen-status", HTMLElement);
    this.error = part(this.row, ".chosen-error", HTMLElement);
    this.remove = part(this.row, ".chosen-remove", HTMLButtonElement);
    this.#fill(isFirst);
    this.remove.addEventListener("click", () => {
      this.leaving.abort();
      this.row.remove();
      removed(this);
    });
  }

  get isDone() {
    return this.state === "done";
  }

  get hasFailed() {
    return this.state === "failed";
  }

  /** @param {File} file */
  isOf(file) {
    return file.name === this.file.name && file.size === this.file.size && file.lastModified === this.file.lastModified;
  }

  focus() {
    this.remove.focus();
  }

  /** Whether what is said about the photo can be sent; what cannot is marked. */
  check() {
    const isOwnRight = this.stage.value !== "" || STAGE.test(this.own.value.trim());
    const isTakenRight = this.taken.validity.valid;
    this.own.setAttribute("aria-invalid", String(!isOwnRight));
    this.taken.setAttribute("aria-invalid", String(!isTakenRight));
    if (!isOwnRight) this.#fail(t("walls.script.own_stage_wrong"));
    else if (!isTakenRight) this.#fail(t("walls.script.taken_wrong"));
    return isOwnRight && isTakenRight;
  }

  focusWrong() {
    const wrong = [this.own, this.taken].find((input) => input.getAttribute("aria-invalid") === "true");
    wrong?.closest("details")?.setAttribute("open", "");
    wrong?.focus();
  }

  /** It will be sent, after others. */
  wait() {
    this.state = "waiting";
    this.error.hidden = true;
    this.fields.disabled = true;
    this.status.textContent = t("walls.script.waiting");
  }

  /** Send the photo, and have it looked at.
   * @param {string} inspectionId
   * @returns {Promise<boolean>} whether it was kept */
  async send(inspectionId) {
    this.state = "sending";
    this.bar.hidden = false;
    this.bar.setAttribute("aria-label", this.file.name);
    try {
      const found = await this.#sendPatiently(`/inspections/${inspectionId}/photos`);
      this.state = "done";
      this.remove.hidden = true;
      this.status.textContent = t("walls.script.found", { count: found.crack_count });
      announce(`${this.file.name}: ${this.status.textContent}`);
      return true;
    } catch (error) {
      if (!this.leaving.signal.aborted) this.#fail(explain(error, "walls.failure"));
      return false;
    } finally {
      this.bar.hidden = true;
    }
  }

  /** @param {string} url @returns {Promise<any>} */
  async #sendPatiently(url) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await upload(url, this.#form(), {
          maxBytes: this.maxBytes,
          signal: this.leaving.signal,
          onProgress: (share) => this.#progress(share),
        });
      } catch (error) {
        const isLater = error instanceof Failure && (error.code === "busy" || error.code === "not_ready");
        if (!isLater || attempt === AT_LAST_ATTEMPT) throw error;
        const seconds = Math.min(error.retryAfterS ?? 2 * attempt, 30);
        this.status.textContent = t("walls.script.busy", { seconds });
        await pause(seconds * 1000, this.leaving.signal);
      }
    }
  }

  #form() {
    const form = new FormData();
    form.append("stage", this.stage.value || this.own.value.trim());
    form.append("reference", this.reference.value);
    if (this.taken.value) form.append("taken_at", withOffset(this.taken.value));
    form.append("file", this.file, this.file.name);
    return form;
  }

  /** @param {number} share */
  #progress(share) {
    if (share < 1) {
      this.bar.value = share;
      this.status.textContent = t("walls.script.sending", { percent: Math.floor(share * 100) });
    } else {
      this.bar.removeAttribute("value");
      this.status.textContent = t("walls.script.looking");
    }
  }

  /** @param {string} text */
  #fail(text) {
    this.state = "failed";
    this.fields.disabled = false;
    this.status.textContent = "";
    this.error.textContent = text;
    this.error.hidden = false;
  }

  /** @param {boolean} isFirst */
  #fill(isFirst) {
    const { name, size } = this.file;
    const title = part(this.row, ".chosen-name", HTMLElement);
    const bytes = document.createElement("span");
    bytes.className = "small muted nowrap";
    bytes.textContent = fileSize(size);
    title.append(name, " ", bytes);
    const words = t("walls.script.remove_chosen", { name });
    this.remove.setAttribute("aria-label", words);
    this.remove.title = words;
    this.stage.selectedIndex = isFirst ? 0 : 1;
    this.stage.addEventListener("change", () => {
      part(this.row, ".chosen-own", HTMLElement).hidden = this.stage.value !== "";
    });
    this.#preview(part(this.row, "img", HTMLImageElement));
  }

  /** @param {HTMLImageElement} image */
  #preview(image) {
    const address = URL.createObjectURL(this.file);
    image.addEventListener("load", () => {
      image.hidden = false;
      URL.revokeObjectURL(address);
    });
    image.addEventListener("error", () => URL.revokeObjectURL(address)); // HEIC, TIFF: seen once it is sent
    image.src = address;
  }
}

/** A local time with its offset from UTC, as ISO 8601 has it.
 * @param {string} local */
function withOffset(local) {
  const minutes = -new Date(local).getTimezoneOffset();
  const two = (/** @type {number} */ value) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  return `${local.length === 16 ? `${local}:00` : local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
