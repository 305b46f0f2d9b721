// Everything that happened, as a list of buttons: what a click on the chart does, for the keyboard and for those who hear the page.
import { number, t } from "./texts.js";
import { byId, element } from "./ui.js";
import { gapName } from "./eyes-player.js";

/** @typedef {import("./eyes-data.js").Frames} Frames */
/** @typedef {{kind: "blinks" | "saccades" | "gaps" | "targets", at: number, until: number, what: string}} Happening */

/** Fill the list.
 * @param {Frames} frames
 * @param {(time_s: number) => void} seek */
export function listEvents(frames, seek) {
  const all = happenings(frames);
  const list = byId("events", HTMLUListElement);
  const filters = [...document.querySelectorAll("[data-filter]")];
  /** @param {string} kind */
  const show = (kind) => {
    const chosen = all.filter((one) => kind === "all" || one.kind === kind);
    list.replaceChildren(...(chosen.length ? chosen.map((one) => row(one, seek)) : [element("li", { class: "muted", text: t("eyes.events.none") })]));
    for (const filter of filters) filter.setAttribute("aria-pressed", String(filter.getAttribute("data-filter") === kind));
  };
  for (const filter of filters) filter.addEventListener("click", () => show(filter.getAttribute("data-filter") ?? "all"));
  show("all");
}

/** @param {Happening} one @param {(time_s: number) => void} seek */
function row(one, seek) {
  const text = t("eyes.events.jump", { time: seconds(one.at), what: one.what });
  const button = element("button", { class: `eyes-event ${one.kind}`, text, attributes: { type: "button" } });
  button.addEventListener("click", () => seek(one.at));
  return element("li", {}, [button]);
}

/** @param {Frames} frames @returns {Happening[]} */
function happenings(frames) {
  /** @type {Happening[]} */
  const found = [
    ...frames.blinks.map((one) => ({ kind: /** @type {const} */ ("blinks"), at: one.closed_s, until: one.offset_s, what: t(`eyes.chart.${one.kind}`) })),
    ...frames.saccades.map((one) => ({
      kind: /** @type {const} */ ("saccades"),
      at: one.onset_s,
      until: one.offset_s,
      what: t("eyes.events.saccade", { direction: t(`eyes.events.direction_${direction(one.direction_deg)}`), degrees: `${number(one.amplitude_deg, { maximumFractionDigits: 0 })}°` }),
    })),
    ...frames.targets.map((one) => ({
      kind: /** @type {const} */ ("targets"),
      at: one.start_s,
      until: one.end_s,
      what: t("eyes.events.target", { target: t(`eyes.events.${one.target}`) }),
    })),
    ...frames.gaps.flatMap((gap) =>
      gap.spans.map(([at, until]) => ({ kind: /** @type {const} */ ("gaps"), at, until, what: t("eyes.events.gap", { seconds: seconds(until - at), reason: gapName(gap.code) }) })),
    ),
  ];
  return found.sort((one, other) => one.at - other.at);
}

/** @param {number} value */
function seconds(value) {
  return number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** The nearest of the four: 0 degrees is the right of the picture, 90 up.
 * @param {number} degrees */
function direction(degrees) {
  if (Math.abs(degrees) <= 45) return "right";
  if (Math.abs(degrees) >= 135) return "left";
  return degrees > 0 ? "up" : "down";
}
