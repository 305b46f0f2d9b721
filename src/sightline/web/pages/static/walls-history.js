// The walls that were photographed in this browser, as a list on the pages about walls.
import { list, remove, subscribe } from "./history.js";
import { moment, t } from "./texts.js";
import { announce, byId, element } from "./ui.js";

/** @typedef {import("./history.js").Entry} Entry */

/** Show the list and keep it up to date. */
export function wallHistory() {
  const rows = byId("history-list", HTMLUListElement);
  const empty = byId("history-empty", HTMLElement);
  const show = () => {
    const entries = list().filter((entry) => entry.kind === "inspection");
    rows.replaceChildren(...entries.map(row));
    rows.hidden = entries.length === 0;
    empty.hidden = entries.length > 0;
  };
  subscribe(show);
  show();
}

/** @param {Entry} entry */
function row(entry) {
  const link = element("a", { attributes: { href: entry.href } }, [
    element("span", { class: "history-name", text: entry.name }),
    element("time", { text: moment(entry.at), attributes: { datetime: entry.at } }),
  ]);
  if (entry.href === location.pathname) link.setAttribute("aria-current", "page");
  const label = t("walls.script.remove_history", { name: entry.name });
  const button = element("button", {
    class: "button quiet icon", text: "×", attributes: { type: "button", "aria-label": label, title: label },
  });
  button.addEventListener("click", () => {
    remove(entry.kind, entry.id);
    byId("history-title", HTMLElement).focus();
    announce(t("walls.script.removed"));
  });
  return element("li", {}, [link, button]);
}
