// The page of a result: video, chart and list of events, all at the same moment.
import { explain } from "./api.js";
import { list } from "./history.js";
import { t } from "./texts.js";
import { byId } from "./ui.js";
import { loadFrames } from "./eyes-data.js";
import { listEvents } from "./eyes-events.js";
import { tellExpiry } from "./eyes-kept.js";
import { Player } from "./eyes-player.js";
import { jobId, wireRemoval } from "./eyes-remove.js";

const film = byId("film", HTMLVideoElement);

/** The name that this browser knows the video by, beside its day. */
function showName() {
  const known = list().find((entry) => entry.kind === "video" && entry.id === jobId());
  if (known?.name) byId("name", HTMLElement).textContent = `${known.name} · ${byId("name", HTMLElement).textContent}`;
}

async function open() {
  let frames = null;
  try {
    frames = await loadFrames(jobId());
  } catch (error) {
    const line = document.getElementById("now");
    if (line) line.textContent = `${t("eyes.player.data_lost")} ${explain(error)}`;
  }
  if (!film.isConnected) return; // deleted in the meantime
  const player = new Player(frames);
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => {
      player.seek(Number(button.getAttribute("data-jump")));
      byId("film", HTMLElement).scrollIntoView({ block: "center" });
    });
  }
  if (!frames) return;
  listEvents(frames, (time_s) => player.seek(time_s));
  const { openChart } = await import("./eyes-chart.js");
  await openChart(frames, player);
}

showName();
tellExpiry();
wireRemoval(() => {
  film.removeAttribute("src");
  film.load();
});
open();
