// The page of a wall: its photos with their outlines, what changed between them, further photos, removal.
import { explain, Failure, getJson, pause, send } from "./api.js";
import { add, remove } from "./history.js";
import { tie } from "./lines.js";
import { part, slider } from "./slider.js";
import { lang, t } from "./texts.js";
import { announce, byId, confirmDialog } from "./ui.js";
import { wallHistory } from "./walls-history.js";
import { photosForm } from "./walls-photos.js";
import { connectButtons, Zoom } from "./zoom.js";

/** @typedef {import("./lines.js").Item} Item */
/** @typedef {import("./lines.js").Lines} Lines */

const FIRST = 12; // entries of a list that are shown at once
const head = byId("inspection", HTMLElement);
const inspectionId = head.dataset.inspection ?? "";
const address = `/app/walls/${inspectionId}`;

/** @param {HTMLElement} holder */
function sizeOf(holder) {
  return { width: Number(holder.dataset.width), height: Number(holder.dataset.height) };
}

/** Let the button below a picture switch its lines.
 * @param {HTMLElement} viewer @param {() => Lines | undefined} lines */
function switchLines(viewer, lines) {
  const button = part(viewer, "[data-lines]", HTMLButtonElement);
  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    lines()?.show(shown);
  });
}

/** Show the first entries of a long list, and a button for the rest.
 * @param {HTMLElement} holder */
function shorten(holder) {
  const list = holder.querySelector(".crack-list");
  if (!list || list.children.length <= FIRST + 2) return;
  const rest = [...list.children].slice(FIRST);
  for (const entry of rest) entry.toggleAttribute("hidden", true);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small show-all";
  button.textContent = t("walls.script.show_all", { count: list.children.length });
  button.addEventListener("click", () => {
    for (const entry of rest) entry.toggleAttribute("hidden", false);
    button.remove();
    rest[0]?.querySelector("button")?.focus();
  });
  list.after(button);
}

/** A photo that is enlarged beyond what the first picture shows gets the full one.
 * @param {HTMLImageElement} image @param {string} full @param {number} width of the full photo */
function sharpener(image, full, width) {
  let asked = width <= Number(image.getAttribute("width"));
  return async (/** @type {Zoom} */ zoom) => {
    if (asked || zoom.isWhole || width * zoom.scale * devicePixelRatio < Number(image.getAttribute("width")) * 1.15) return;
    asked = true;
    const finer = new Image();
    finer.src = full;
    try {
      await finer.decode();
      image.src = full;
    } catch {
      asked = false; // the next step asks again
    }
  };
}

/** @param {HTMLElement} panel */
async function showPhoto(panel) {
  if (panel.dataset.live) return;
  panel.dataset.live = "yes";
  const size = sizeOf(panel);
  const viewer = part(panel, ".viewer", HTMLElement);
  const stage = part(viewer, ".viewer-stage", HTMLElement);
  const sharpen = sharpener(part(stage, "img", HTMLImageElement), `${panel.dataset.address}/view.jpg?size=full`, size.width);
  /** @type {Lines | undefined} */
  let lines;
  const zoom = new Zoom(part(viewer, ".viewer-frame", HTMLElement), stage, size, (at) => {
    lines?.arrange(at);
    sharpen(at);
  });
  connectButtons(viewer, zoom);
  switchLines(viewer, () => lines);
  shorten(panel);
  try {
    const { cracks } = await getJson(`${address}/photos/${panel.dataset.photo}/outlines`);
    const severities = [...panel.querySelectorAll(".crack-number")].map((mark) => mark.classList.item(1) ?? "low");
    const items = cracks.map((/** @type {Item} */ crack, /** @type {number} */ place) => ({
      ...crack, number: place + 1, group: severities[place] ?? "low",
    }));
    lines = tie(panel, stage, size, items, zoom);
    lines.arrange(zoom);
    lines.show(part(viewer, "[data-lines]", HTMLElement).getAttribute("aria-pressed") === "true");
  } catch (error) {
    delete panel.dataset.live;
    announce(t("walls.script.outlines_failed"));
  }
}

/** @param {HTMLElement} pair @param {Item[]} items */
function showPair(pair, items) {
  const viewer = pair.querySelector(".viewer");
  if (!(viewer instanceof HTMLElement)) return; // the photos were not compared
  const size = sizeOf(pair);
  /** @type {Lines | undefined} */
  let lines;
  const zoom = slider(viewer, size, (at) => lines?.arrange(at));
  connectButtons(viewer, zoom);
  switchLines(viewer, () => lines);
  shorten(pair);
  lines = tie(pair, part(viewer, ".viewer-stage", HTMLElement), size, items, zoom);
  lines.arrange(zoom);
}

/** Of several things one is shown: the buttons say which.
 * @param {HTMLElement[]} buttons @param {string} attribute @param {(button: HTMLElement) => void} chosen */
function chooser(buttons, attribute, chosen) {
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute(attribute, String(other === button));
      chosen(button);
    });
  }
}

/** @param {Element} holder @param {string} selector */
function all(holder, selector) {
  return /** @type {HTMLElement[]} */ ([...holder.querySelectorAll(selector)]);
}

function photos() {
  const panels = all(document.body, ".photo-panel");
  const tabs = all(document.body, ".photo-tab");
  chooser(tabs, "aria-selected", (tab) => {
    for (const each of tabs) each.tabIndex = each === tab ? 0 : -1;
    for (const panel of panels) panel.hidden = panel.id !== tab.getAttribute("aria-controls");
    showPhoto(panels[tabs.indexOf(tab)]);
  });
  for (const [place, tab] of tabs.entries()) {
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
      if (!step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
  }
  if (panels[0]) showPhoto(panels[0]);
  for (const panel of panels) {
    part(panel, ".remove-photo", HTMLButtonElement).addEventListener("click", async () => {
      if (!(await confirmDialog(byId("remove-photo-dialog", HTMLDialogElement)))) return;
      await removal(panel.dataset.address ?? "", () => location.reload());
    });
  }
}

async function changes() {
  const place = document.getElementById("changes");
  if (!place) return;
  const known = "known" in place.dataset;
  try {
    const answer = await askForChanges();
    if (!known) {
      place.innerHTML = answer.html; // a part of the page that the server made, as the rest of it
      place.removeAttribute("aria-busy");
      announce(t("walls.script.changes_ready"));
    }
    showChanges(place, answer.lines);
  } catch (error) {
    const note = document.getElementById("changes-error");
    if (!note) return;
    part(note, "p", HTMLElement).textContent = explain(error, "walls.failure");
    note.hidden = false;
    part(place, "progress", HTMLElement).hidden = true;
    part(note, "button", HTMLButtonElement).onclick = () => {
      note.hidden = true;
      part(place, "progress", HTMLElement).hidden = false;
      changes();
    };
  }
}

/** @param {HTMLElement} place @param {Record<string, Item[]>} lines */
function showChanges(place, lines) {
  const pairs = all(place, ".pair");
  /** @type {Set<HTMLElement>} */
  const live = new Set();
  const show = (/** @type {HTMLElement} */ pair) => {
    for (const other of pairs) other.hidden = other !== pair;
    if (!live.has(pair)) showPair(pair, lines[pair.id] ?? []);
    live.add(pair);
  };
  chooser(all(place, "[data-pair]"), "aria-pressed", (button) => show(byId(button.dataset.pair ?? "", HTMLElement)));
  if (pairs[0]) show(pairs[0]);
}

/** @returns {Promise<{html: string, lines: Record<string, Item[]>}>} */
async function askForChanges() {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await getJson(`${address}/changes?lang=${lang}`);
    } catch (error) {
      const isLater = error instanceof Failure && ["busy", "not_ready", "unavailable"].includes(error.code);
      if (!isLater || attempt === 6) throw error;
      await pause((error.retryAfterS ?? 2 * attempt) * 1000);
    }
  }
}

/** @param {string} url @param {() => void} done */
async function removal(url, done) {
  const note = byId("remove-error", HTMLElement);
  note.hidden = true;
  try {
    await send("DELETE", url);
    done();
  } catch (error) {
    if (error instanceof Failure && (error.code === "gone" || error.code === "not_found")) {
      done(); // somebody else was faster
      return;
    }
    note.textContent = explain(error, "walls.failure");
    note.hidden = false;
    note.scrollIntoView({ block: "center" });
  }
}

byId("remove-all", HTMLButtonElement).addEventListener("click", async () => {
  if (!(await confirmDialog(byId("remove-all-dialog", HTMLDialogElement)))) return;
  await removal(`/inspections/${inspectionId}`, () => {
    remove("inspection", inspectionId);
    location.replace("/app/walls"); // going back shows no photo of it
  });
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload(); // as the browser kept it, it may show what was deleted since
});
const shown = byId("address", HTMLInputElement);
shown.value = location.origin + location.pathname;
shown.addEventListener("focus", () => shown.select());
if (document.getElementById("walls-form")) {
  photosForm({
    hasPhotos: document.querySelector(".photo-panel") !== null,
    begin: async () => inspectionId,
    kept: () => add({ kind: "inspection", id: inspectionId, name: head.dataset.wall ?? "", href: address }),
  });
}
wallHistory();
photos();
changes();
