// Outlines on a photo as SVG, numbered, and tied to a list beside it: point at one, and see the other.

/** @typedef {import("./zoom.js").Box} Box */
/** @typedef {import("./zoom.js").Zoom} Zoom */
/** @typedef {[number, number][]} Polygon */
/** @typedef {{number: number, group: string, box: Box | null, outline: Polygon[], added?: Polygon[]}} Item
 *  `group` is a class of the style sheet; `added` are open lines: what came to a crack that was there before */

const SVG = "http://www.w3.org/2000/svg";
const AROUND_PX = 5; // of a line's middle that is left out, on its crack and to either side of its edge
const TAGS = 30; // more numbers hide the photo; the rest is outlined all the same
let made = 0;

export class Lines {
  /**
   * @param {HTMLElement} stage holds the photo
   * @param {{width: number, height: number}} size of the photo, in its pixels
   * @param {Item[]} items the most important first
   * @param {(number: number | null, isChosen: boolean) => void} pointed called when somebody points at one, or chooses it */
  constructor(stage, size, items, pointed) {
    this.items = items;
    /** @type {Map<number, Element[]>} */
    this.parts = new Map(items.map((item) => [item.number, []]));
    /** @type {HTMLElement[]} */
    this.tags = [];
    this.svg = drawn("svg", {
      viewBox: `0 0 ${size.width} ${size.height}`, preserveAspectRatio: "none", class: "lines", "aria-hidden": "true", focusable: "false",
    });
    this.cores = drawn("g", { fill: "#000", stroke: "#000" });
    this.layer = document.createElement("div");
    this.layer.className = "tags";
    this.layer.setAttribute("aria-hidden", "true");
    this.#draw(size);
    this.#number(size);
    stage.append(this.svg, this.layer);
    for (const holder of [this.svg, this.layer]) {
      holder.addEventListener("pointerover", (event) => pointed(numberOf(event.target), false));
      holder.addEventListener("pointerleave", () => pointed(null, false));
      holder.addEventListener("click", (event) => pointed(numberOf(event.target), true));
    }
  }

  /** @param {boolean} shown */
  show(shown) {
    this.svg.classList.toggle("off", !shown);
    this.layer.hidden = !shown;
  }

  /** Mark one of them, or none.
   * @param {number | null} number */
  mark(number) {
    this.svg.classList.toggle("pointing", number !== null);
    for (const [each, parts] of this.parts) for (const part of parts) part.classList.toggle("marked", each === number);
    const tag = this.tags.find((each) => each.dataset.crack === String(number));
    if (tag) tag.hidden = false;
  }

  /** Fit lines and numbers to how large the photo is shown: of numbers that would lie on each other, the less important
   * ones are hidden.
   * @param {Zoom} zoom */
  arrange(zoom) {
    if (!(zoom.scale > 0)) return;
    // Chromium does not work out `non-scaling-stroke` anew within a mask, so its widths are told in photo pixels.
    this.cores.setAttribute("stroke-width", String(AROUND_PX / zoom.scale));
    /** @type {{x: number, y: number}[]} */
    const taken = [];
    for (const tag of this.tags) {
      const x = Number(tag.dataset.x) * zoom.scale;
      const y = Number(tag.dataset.y) * zoom.scale;
      const isFree = taken.every((other) => Math.abs(other.x - x) > 26 || Math.abs(other.y - y) > 24);
      tag.hidden = !isFree && !tag.classList.contains("marked");
      if (isFree) taken.push({ x, y });
    }
  }

  /** @param {{width: number, height: number}} size */
  #draw(size) {
    // Lines run around a crack, not over it: a mask leaves out what lies on it and beside it.
    const id = `around-${++made}`;
    const mask = drawn("mask", { id, maskUnits: "userSpaceOnUse", x: 0, y: 0, width: size.width, height: size.height });
    mask.append(drawn("rect", { width: size.width, height: size.height, fill: "#fff" }), this.cores);
    const rings = drawn("g", { mask: `url(#${id})` });
    const touched = drawn("g", { class: "touched" });
    for (const item of [...this.items].reverse()) {
      const path = pathOf(item.outline, true);
      if (!path) continue;
      this.cores.append(drawn("path", { d: path, class: "core" }));
      const ring = drawn("g", { class: `ring ${item.group}` });
      ring.append(drawn("path", { d: path, class: "halo" }), drawn("path", { d: path, class: "line" }));
      if (item.added?.length) ring.append(drawn("path", { d: pathOf(item.added, false), class: "added" }));
      rings.append(ring);
      touched.append(drawn("path", { d: path, class: "touch", "data-crack": item.number }));
      this.parts.get(item.number)?.push(ring);
    }
    this.svg.append(mask, rings, touched);
  }

  /** @param {{width: number, height: number}} size */
  #number(size) {
    for (const item of this.items.slice(0, TAGS)) {
      const corner = topRight(item.outline);
      if (!corner) continue;
      const x = Math.min(corner[0], size.width);
      const y = Math.max(corner[1], 0);
      const tag = document.createElement("span");
      tag.className = `tag ${item.group}`;
      tag.textContent = String(item.number);
      Object.assign(tag.dataset, { crack: item.number, x, y });
      tag.style.left = within((x / size.width) * 100, "+");
      tag.style.top = within((y / size.height) * 100, "-");
      this.layer.append(tag);
      this.tags.push(tag);
      this.parts.get(item.number)?.push(tag);
    }
  }
}

/** Tie a list to its lines: what is pointed at in one is marked in both, and what is chosen is shown close by.
 * @param {HTMLElement} list holds a button with `data-crack` for each
 * @param {HTMLElement} stage
 * @param {{width: number, height: number}} size
 * @param {Item[]} items
 * @param {Zoom} zoom
 * @returns {Lines} */
export function tie(list, stage, size, items, zoom) {
  /** @type {Map<number, HTMLElement>} */
  const buttons = new Map();
  for (const button of list.querySelectorAll("[data-crack]")) {
    if (button instanceof HTMLElement) buttons.set(Number(button.dataset.crack), button);
  }
  /** @param {number | null} number */
  const mark = (number) => {
    lines.mark(number);
    for (const [each, button] of buttons) button.classList.toggle("marked", each === number);
    lines.arrange(zoom);
  };
  const lines = new Lines(stage, size, items, (number, isChosen) => {
    mark(number);
    const button = number === null ? undefined : buttons.get(number);
    if (!button) return;
    reveal(button);
    if (isChosen) {
      button.focus({ preventScroll: true });
      button.scrollIntoView({ block: "nearest" });
    }
  });
  for (const [number, button] of buttons) {
    const item = items.find((each) => each.number === number);
    for (const name of ["pointerenter", "focus"]) button.addEventListener(name, () => mark(number));
    for (const name of ["pointerleave", "blur"]) button.addEventListener(name, () => mark(null));
    button.addEventListener("click", () => {
      mark(number);
      if (item?.box) zoom.show(item.box);
    });
  }
  return lines;
}

/** Scroll a list, and nothing else, so that an entry is seen.
 * @param {HTMLElement} entry */
function reveal(entry) {
  const list = entry.closest(".crack-list");
  if (!list || list.scrollHeight <= list.clientHeight) return;
  const inside = list.getBoundingClientRect();
  const box = entry.getBoundingClientRect();
  if (box.top < inside.top) list.scrollTop += box.top - inside.top;
  else if (box.bottom > inside.bottom) list.scrollTop += box.bottom - inside.bottom;
}

/** The point of an outline that is nearest to the top right: its number stands there, not at the corner of a box that it may be far from.
 * @param {Polygon[]} polygons */
function topRight(polygons) {
  /** @type {[number, number] | undefined} */
  let best;
  for (const point of polygons.flat()) {
    if (!best || point[0] - point[1] > best[0] - best[1]) best = point;
  }
  return best;
}

/** A place along a side so that a number there is seen whole, a little further right or up than its crack.
 * @param {number} percent @param {"+" | "-"} way */
function within(percent, way) {
  return `clamp(0.9rem, ${percent}% ${way} 0.7rem, calc(100% - 0.9rem))`;
}

/** @param {EventTarget | null} target */
function numberOf(target) {
  const number = target instanceof Element ? target.getAttribute("data-crack") : null;
  return number === null ? null : Number(number);
}

/** @param {Polygon[]} polygons @param {boolean} isClosed */
function pathOf(polygons, isClosed) {
  return polygons
    .filter((polygon) => polygon.length > 1)
    .map((polygon) => `M${polygon.map(([x, y]) => `${x} ${y}`).join("L")}${isClosed ? "Z" : ""}`)
    .join("");
}

/** @template {keyof SVGElementTagNameMap} K
 * @param {K} tag @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[K]} */
function drawn(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
