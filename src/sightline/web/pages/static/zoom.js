// A picture in a frame that can be enlarged and moved: by wheel, fingers, mouse, keys and buttons.

/** @typedef {{x: number, y: number, width: number, height: number}} Box  in pixels of the picture */

const MOST = 6; // CSS pixels to a pixel of the picture: beyond it one sees pixels and no wall
const STEP = 1.6;
const ARROW_PX = 60;

export class Zoom {
  /**
   * @param {HTMLElement} frame what is seen; it can have the focus
   * @param {HTMLElement} stage the picture, with all that lies on it
   * @param {{width: number, height: number}} size of the picture, in its pixels
   * @param {(zoom: Zoom) => void} changed called whenever the picture lies elsewhere */
  constructor(frame, stage, size, changed = () => {}) {
    this.frame = frame;
    this.stage = stage;
    this.size = size;
    this.changed = changed;
    /** CSS pixels per pixel of the picture. */
    this.scale = 0;
    /** The picture's upper left corner in the frame, CSS pixels. */
    this.x = 0;
    this.y = 0;
    this.isWhole = true;
    /** Whether somebody else (a handle) has the pointer now. */
    this.isHeld = false;
    /** @type {Map<number, {x: number, y: number}>} */
    this.pointers = new Map();
    frame.classList.add("live");
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    frame.addEventListener("keydown", (event) => this.#key(event));
    frame.addEventListener("dblclick", (event) => this.#twice(event));
    frame.addEventListener("pointerdown", (event) => this.#down(event));
    frame.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
      frame.addEventListener(name, (event) => {
        // What lies on the photo loses a finger to the frame when that begins to move: nothing has ended then.
        if (name !== "lostpointercapture" || event.target === frame) this.pointers.delete(event.pointerId);
      });
    }
    new ResizeObserver(() => this.#resized()).observe(frame);
    this.#resized();
  }

  get whole() {
    return Math.min(this.frame.clientWidth / this.size.width, this.frame.clientHeight / this.size.height);
  }

  get most() {
    return Math.max(this.whole * 4, MOST);
  }

  /** Show all of the picture. */
  fit() {
    this.isWhole = true;
    this.#put(this.whole, 0, 0);
  }

  /** Enlarge (over 1) or make smaller; the place at x, y of the frame stays where it is.
   * @param {number} factor @param {number} [x] @param {number} [y] */
  by(factor, x = this.frame.clientWidth / 2, y = this.frame.clientHeight / 2) {
    const scale = Math.min(Math.max(this.scale * factor, this.whole), this.most);
    this.isWhole = scale <= this.whole * 1.001;
    const grown = scale / this.scale;
    this.#put(scale, x - (x - this.x) * grown, y - (y - this.y) * grown);
  }

  /** Move the picture.
   * @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.#put(this.scale, this.x + dx, this.y + dy);
  }

  /** Show a part of the picture with some of what is around it.
   * @param {Box} box */
  show(box) {
    const { clientWidth: width, clientHeight: height } = this.frame;
    const margin = Math.max(box.width, box.height) * 0.35 + 0.03 * Math.max(this.size.width, this.size.height);
    const fitting = Math.min(width / (box.width + 2 * margin), height / (box.height + 2 * margin));
    const scale = Math.min(Math.max(fitting, this.whole), Math.max(this.whole, MOST / 2));
    this.isWhole = scale <= this.whole * 1.001;
    this.#put(scale, width / 2 - (box.x + box.width / 2) * scale, height / 2 - (box.y + box.height / 2) * scale);
  }

  /** @param {number} scale @param {number} x @param {number} y */
  #put(scale, x, y) {
    if (!(scale > 0)) return; // the frame is not shown
    this.scale = scale;
    const width = this.size.width * scale;
    const height = this.size.height * scale;
    this.x = kept(x, width, this.frame.clientWidth);
    this.y = kept(y, height, this.frame.clientHeight);
    this.stage.style.width = `${width}px`;
    this.stage.style.height = `${height}px`;
    this.stage.style.transform = `translate(${this.x}px, ${this.y}px)`;
    this.frame.classList.toggle("enlarged", !this.isWhole);
    this.changed(this);
  }

  #resized() {
    if (this.isWhole || !this.scale) this.fit();
    else this.by(1);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (this.isWhole && event.deltaY > 0) return; // the page scrolls on
    event.preventDefault();
    const { x, y } = this.#place(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    this.by(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018)), x, y);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.frame || event.ctrlKey || event.altKey || event.metaKey) return;
    /** @type {Record<string, [number, number]>} */
    const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = arrows[event.key];
    if (event.key === "+" || event.key === "=") this.by(STEP);
    else if (event.key === "-" || event.key === "_") this.by(1 / STEP);
    else if (event.key === "0") this.fit();
    else if (arrow && !this.isWhole) this.pan(arrow[0] * ARROW_PX, arrow[1] * ARROW_PX);
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  #twice(event) {
    const { x, y } = this.#place(event);
    if (this.isWhole) this.by(3, x, y);
    else this.fit();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.isHeld || (event.pointerType === "mouse" && event.button !== 0)) return;
    this.pointers.set(event.pointerId, this.#place(event));
    if (this.pointers.size > 1) for (const id of this.pointers.keys()) this.frame.setPointerCapture(id);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    if (event.pointerType === "mouse" && !event.buttons) {
      this.pointers.delete(event.pointerId);
      return;
    }
    const now = this.#place(event);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    if (other) {
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      this.by(apart(now, other) / Math.max(apart(before, other), 1), middle.x, middle.y);
      this.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    } else if (!this.isWhole) {
      if (!this.frame.hasPointerCapture(event.pointerId)) this.frame.setPointerCapture(event.pointerId);
      this.pan(now.x - before.x, now.y - before.y);
    }
  }

  /** @param {MouseEvent} event */
  #place(event) {
    const box = this.frame.getBoundingClientRect();
    return { x: event.clientX - box.left - this.frame.clientLeft, y: event.clientY - box.top - this.frame.clientTop };
  }
}

/** Connect the buttons below a frame.
 * @param {ParentNode} tools
 * @param {Zoom} zoom */
export function connectButtons(tools, zoom) {
  const acts = { in: () => zoom.by(STEP), out: () => zoom.by(1 / STEP), fit: () => zoom.fit() };
  for (const [name, act] of Object.entries(acts)) {
    tools.querySelector(`[data-zoom="${name}"]`)?.addEventListener("click", act);
  }
}

/** Where a picture begins so that it fills the frame, or lies in its middle where it is smaller.
 * @param {number} at @param {number} length @param {number} room */
function kept(at, length, room) {
  return length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at));
}

/** @param {{x: number, y: number}} one @param {{x: number, y: number}} other */
function apart(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
