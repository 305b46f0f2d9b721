// Deletes a video with all that was made of it, after a question.
import { Failure, explain, send } from "./api.js";
import { remove } from "./history.js";
import { t } from "./texts.js";
import { announce, byId, confirmDialog, element } from "./ui.js";

/** Make the page's button delete its video.
 * @param {() => void} [before] called when it is about to be deleted */
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
      if (error instanceof Failure && error.code === "not_found") {
        before();
        showGone(t("eyes.remove.gone_elsewhere"));
        return;
      }
      wrong.textContent = explain(error);
      button.disabled = false;
      button.textContent = t("eyes.remove.button");
    }
  });
}

/** The job that the page is about. */
export function jobId() {
  return byId("video", HTMLElement).dataset.job ?? "";
}

/** Put a word in the place of what is not there any more.
 * @param {string} text */
export function showGone(text) {
  remove("video", jobId());
  const heading = element("h1", { text, attributes: { tabindex: "-1" } });
  const link = element("a", { class: "button primary", text: t("eyes.remove.new"), attributes: { href: "/app/eyes" } });
  byId("video", HTMLElement).replaceChildren(element("div", { class: "page-head" }, [heading]), element("p", {}, [link]));
  heading.focus();
  announce(text);
}
