"use strict";
// Lays the right picture of each marked pair upon the left one, with a handle that says how much of it is seen.
// Without scripts the pair stays side by side.
for (const pair of document.querySelectorAll(".slider")) {
  const range = document.createElement("input");
  range.type = "range";
  range.min = "0";
  range.max = "100";
  range.step = "0.1";
  range.value = "50";
  range.setAttribute("aria-label", pair.dataset.label);
  const handle = document.createElement("div");
  handle.className = "handle";
  range.addEventListener("input", () => pair.style.setProperty("--at", `${range.value}%`));
  pair.append(range, handle);
  pair.classList.add("live");
}
