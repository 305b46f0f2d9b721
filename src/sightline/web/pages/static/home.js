// The start page: what was examined in this browser.
import { clear, list, remove, subscribe } from "./history.js";
import { moment, t } from "./texts.js";
import { announce, byId, confirmDialog, element } from "./ui.js";

/** @typedef {import("./history.js").Entry} Entry */

const FIRST = 8; // as many as a glance takes in
const rows = byId("history-list", HTMLUListElement);
const more = byId("history-more", HTMLButtonElement);
const clearButton = byId("history-clear", HTMLButtonElement);
let all = false;

function show() {
  const entries = list();
  rows.replaceChildren(...entries.slice(0, all ? entries.length : FIRST).map(row));
  rows.hidden = entries.length === 0;
  clearButton.hidden = entries.length === 0;
  byId("history-empty", HTMLElement).hidden = entries.length > 0;
  more.hidden = all || entries.length <= FIRST;
  more.textContent = t("home.history.more", { count: entries.length });
}

/** @param {Entry} entry */
function row(entry) {
  const name = entry.name || t(`home.history.unnamed_${entry.kind}`);
  const link = element("a", { attributes: { href: entry.href } }, [
    element("span", { class: `badge ${entry.kind === "video" ? "info" : "accent"}`, text: t(`home.history.kind_${entry.kind}`) }),
    element("span", { class: "history-name", text: name }),
    element("time", { text: moment(entry.at), attributes: { datetime: entry.at } }),
  ]);
  const label = t("home.history.remove", { name });
  const button = element("button", { class: "button quiet icon", text: "×", attributes: { type: "button", "aria-label": label, title: label } });
  button.addEventListener("click", () => {
    const next = button.closest("li")?.nextElementSibling ?? button.closest("li")?.previousElementSibling;
    const place = next ? [...rows.children].indexOf(next) - (next === button.closest("li")?.nextElementSibling ? 1 : 0) : -1;
    remove(entry.kind, entry.id);
    const neighbour = rows.children[place]?.querySelector("button");
    (neighbour ?? byId("history-title", HTMLElement)).focus();
    announce(t("home.history.removed", { name }));
  });
  return element("li", {}, [link, button]);
}

more.addEventListener("click", () => {
  all = true;
  show();
  rows.children[FIRST]?.querySelector("a")?.focus();
});

clearButton.addEventListener("click", async () => {
  if (!(await confirmDialog(byId("history-dialog", HTMLDialogElement)))) return;
  clear();
  byId("history-title", HTMLElement).focus();
  announce(t("home.history.cleared"));
});

subscribe(show);
show();
