// Two photos of a wall laid on each other, with a handle that says how much of either is seen.
import { Zoom } from "./zoom.js";

/** Make a pair of photos live: handle, range and zoom.
 * @param {HTMLElement} viewer
 * @param {{width: number, height: number}} size of the later photo, in its pixels
 * @param {(zoom: Zoom) => void} changed
 * @returns {Zoom} */
export function slider(viewer, size, changed) {
  const frame = part(viewer, ".viewer-frame", HTMLElement);
  const first = part(viewer, ".slider-first", HTMLElement);
  const handle = part(viewer, ".slider-handle", HTMLElement);
  const range = part(viewer, "input[type=range]", HTMLInputElement);
  let share = Number(range.value) / 100; // of what is seen of the photos, from the left

  const zoom = new Zoom(frame, part(viewer, ".viewer-stage", HTMLElement), size, (changedZoom) => {
    lay(changedZoom);
    changed(changedZoom);
  });
  handle.classList.add("live");

  /** @param {Zoom} at */
  function lay(at) {
    const { left, width } = seen(at);
    const cut = left + share * width;
    const whole = size.width * at.scale;
    first.style.clipPath = `inset(0 ${Math.max(0, whole - (cut - at.x))}px 0 0)`;
    handle.style.transform = `translateX(${cut}px)`;
  }

  /** What the photos take of the frame.
   * @param {Zoom} at */
  function seen(at) {
    const left = Math.max(0, at.x);
    const right = Math.min(frame.clientWidth, at.x + size.width * at.scale);
    return { left, width: Math.max(1, right - left) };
  }

  /** @param {PointerEvent} event */
  function follow(event) {
    const { left, width } = seen(zoom);
    const x = event.clientX - frame.getBoundingClientRect().left - frame.clientLeft;
    put((x - left) / width);
    range.value = String(Math.round(share * 100));
  }

  /** @param {number} to */
  function put(to) {
    share = Math.min(Math.max(to, 0), 1);
    lay(zoom);
  }

  range.addEventListener("input", () => put(Number(range.value) / 100));
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // nothing is selected
    zoom.isHeld = true;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) follow(event);
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    handle.addEventListener(name, () => (zoom.isHeld = false));
  }
  lay(zoom);
  return zoom;
}

/** @template {Element} T
 * @param {ParentNode} holder @param {string} selector @param {new () => T} type
 * @returns {T} */
export function part(holder, selector, type) {
  const found = holder.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`no ${selector}`);
  return found;
}
