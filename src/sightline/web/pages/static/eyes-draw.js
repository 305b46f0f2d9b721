// Eyes, irises and gaze over a frame, as in the overlay that the command line writes.

/** @typedef {import("./eyes-data.js").Frames} Frames */
/** @typedef {import("./eyes-data.js").Eye} Eye */
/** @typedef {[number, number]} Point */

const WIDTHS_PER_DEG = 1 / 15; // length of the arrow: one width of the eye for 15 degrees
const UPPER_SHARE = 2 / 3; // an open eye's upper lid stands about twice as far from the corners' line as the lower one
const LID_POINTS = 13;

/** Okabe and Ito's colours, which the colour-blind tell apart; bright enough on skin in both themes. */
export const COLOURS = { eye: "#56b4e9", iris: "#f0e442", gaze: "#ff7a1a", closed: "#e58fc0" };

/** Draw one row; the canvas shows the picture's pixels as they are.
 * @param {CanvasRenderingContext2D} context
 * @param {Frames} frames
 * @param {number} row */
export function drawRow(context, frames, row) {
  for (const eye of [frames.left, frames.right]) {
    const measured = eyeAt(eye, row);
    if (measured) drawEye(context, measured, ((frames.roll[row] ?? 0) * Math.PI) / 180, frames.blink[row] === 1);
  }
}

/** @param {Eye} eye @param {number} row */
function eyeAt(eye, row) {
  const [x, y, dx, dy, width, opening] = [eye.iris_x, eye.iris_y, eye.offset_x, eye.offset_y, eye.width, eye.opening].map((column) => column[row]);
  if (x === null || y === null || dx === null || dy === null || width === null || opening === null) return null;
  return { x, y, dx, dy, width, opening, diameter: eye.diameter[row], h: eye.gaze_h[row], v: eye.gaze_v[row] };
}

/** @param {CanvasRenderingContext2D} context @param {NonNullable<ReturnType<typeof eyeAt>>} eye @param {number} roll @param {boolean} masked */
function drawEye(context, eye, roll, masked) {
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  /** From the eye's own axes, along the line of its corners and down from it, to the picture.
   * @param {Point} from @param {number} along @param {number} down @returns {Point} */
  const at = ([x, y], along, down) => [x + along * cos - down * sin, y + along * sin + down * cos];
  const middle = at([eye.x, eye.y], -eye.dx, -eye.dy);
  const places = Array.from({ length: LID_POINTS }, (_, i) => (2 * i) / (LID_POINTS - 1) - 1);
  /** @param {number} share */
  const lid = (share) => places.map((place) => at(middle, (place * eye.width) / 2, share * (1 - place * place) * eye.opening));
  const line = Math.max(1, eye.width / 40);
  stroke(context, [...lid(-UPPER_SHARE), ...lid(1 - UPPER_SHARE).reverse()], masked ? COLOURS.closed : COLOURS.eye, line, true);
  if (masked) return;
  if (eye.diameter !== null) {
    shaded(context, COLOURS.iris, line, () => context.arc(eye.x, eye.y, (eye.diameter ?? 0) / 2, 0, 2 * Math.PI));
  }
  if (eye.h === null || eye.v === null) return;
  const scale = WIDTHS_PER_DEG * eye.width;
  const end = at([eye.x, eye.y], eye.h * scale, -eye.v * scale);
  const length = Math.hypot(eye.h, eye.v) * scale;
  const barb = eye.width / 8;
  if (length < barb / 4) return; // too short to point anywhere
  const [bx, by] = [((eye.x - end[0]) / length) * Math.min(barb, length), ((eye.y - end[1]) / length) * Math.min(barb, length)];
  stroke(context, [[eye.x, eye.y], end], COLOURS.gaze, line * 1.4);
  stroke(context, [[end[0] + bx - by / 2, end[1] + by + bx / 2], end, [end[0] + bx + by / 2, end[1] + by - bx / 2]], COLOURS.gaze, line * 1.4);
}

/** @param {CanvasRenderingContext2D} context @param {Point[]} points @param {string} colour @param {number} width @param {boolean} [closed] */
function stroke(context, points, colour, width, closed = false) {
  shaded(context, colour, width, () => {
    for (const [x, y] of points) context.lineTo(x, y);
    if (closed) context.closePath();
  });
}

/** Draw a line with a shade around it, so that it shows on skin and on hair.
 * @param {CanvasRenderingContext2D} context @param {string} colour @param {number} width @param {() => void} path */
function shaded(context, colour, width, path) {
  context.lineJoin = context.lineCap = "round";
  for (const [style, wide] of /** @type {[string, number][]} */ ([["rgb(0 0 0 / 55%)", width * 2.4], [colour, width]])) {
    context.beginPath();
    path();
    context.strokeStyle = style;
    context.lineWidth = wide;
    context.stroke();
  }
}
