// Until when a video is kept.
import { moment, t } from "./texts.js";
import { byId } from "./ui.js";

/** Tell the day as it is where the reader is; the server told that of UTC. */
export function tellExpiry() {
  const line = byId("kept", HTMLElement);
  const at = line.dataset.expires;
  if (at) line.textContent = t("eyes.kept.until", { day: moment(at, { dateStyle: "long" }) });
}
