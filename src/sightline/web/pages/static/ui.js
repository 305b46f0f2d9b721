// Small things that every page's script needs.

/** An element of the page that has to be there.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T} */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`no ${type.name} with the id ${id}`);
  return found;
}

/** Make an element; text stays text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{class?: string, text?: string, attributes?: Record<string, string>}} [more]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[K]} */
export function element(tag, more = {}, children = []) {
  const made = document.createElement(tag);
  if (more.class) made.className = more.class;
  if (more.text !== undefined) made.textContent = more.text;
  for (const [name, value] of Object.entries(more.attributes ?? {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Say something to those who hear the page. Said twice, it is heard twice.
 * @param {string} text */
export function announce(text) {
  const region = byId("announcer", HTMLElement);
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

/** Ask with a dialog of the page, whose buttons have the values `yes` and `no`; Escape is a no.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<boolean>} */
export function confirmDialog(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}
