// Asks before a page is left on which something would be lost.
import { t } from "./texts.js";

/** @param {() => boolean} wouldLose whether something was chosen or recorded that is not sent yet */
export function askBeforeLeaving(wouldLose) {
  let agreed = false;
  addEventListener("pageshow", () => (agreed = false)); // somebody came back
  addEventListener("beforeunload", (event) => {
    if (wouldLose() && !agreed) event.preventDefault();
  });
  // Browsers on iPhones do not ask by themselves, and nobody expects to lose a photo by changing the language.
  document.querySelector("form.language")?.addEventListener("submit", (event) => {
    if (!wouldLose()) return;
    agreed = confirm(t("common.leave"));
    if (!agreed) event.preventDefault();
  });
}
