// Deletes a video with all that was made of it, after a question.
import { Failure, explain, getJson, send } from "./api.js";
import { remove } from "./history.js";
import { t } from "./texts.js";
import { announce, byId, confirmDialog, element } from "./ui.js";

let isGone = false;

/** Make the page's button delete its video, and tell where another window did.
 * @param {() => void} [before] called when its place is about to be cleared */
export function wireRemoval(before = () => {}) {
  const button = byId("remove", HTMLButtonElement);
  const wrong = byId("remove-error", HTMLElement);
  button.addEventListener("click", async () => {
    if (!(await confirmDialog(byId("remove-dialog", HTMLDialogElement)))) return;
    wrong.textContent = "";
    button.disabled = true;
    button.textContent = t("eyes.remove.removing");
    try {
      await send("DELETE", `/gaze/jobs/${jobId()}`);
      before();
      showGone(t("eyes.remove.gone"));
    } catch (error) {
      if (tellIfGone(error)) return;
      wrong.textContent = explain(error);
      button.disabled = false;
      button.textContent = t("eyes.remove.button");
    }
  });

  /** @param {unknown} error */
  function tellIfGone(error) {
    if (!(error instanceof Failure && error.code === "not_found")) return false;
    before();
    showGone(t("eyes.remove.gone_elsewhere"));
    return true;
  }

  // A window that is looked at again, or comes back by the back button, may show what was deleted in the meantime.
  const look = () => isGone || getJson(`/gaze/jobs/${jobId()}`).catch(tellIfGone);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("pageshow", (event) => event.persisted && look());
}

/** The job that the page is about. */
export function jobId() {
  return byId("video", HTMLElement).dataset.job ?? "";
}

/** Put a word in the place of what is not there any more.
 * @param {string} text */
export function showGone(text) {
  isGone = true;
  remove("video", jobId());
  const heading = element("h1", { text, attributes: { tabindex: "-1" } });
  const link = element("a", { class: "button primary", text: t("eyes.remove.new"), attributes: { href: "/app/eyes" } });
  byId("video", HTMLElement).replaceChildren(element("div", { class: "page-head" }, [heading]), element("p", {}, [link]));
  heading.focus();
  announce(text);
}
