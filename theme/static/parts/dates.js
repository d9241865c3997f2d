// SPDX-License-Identifier: AGPL-3.0-or-later
import { add, all } from "./dom.js";

// The pages are built once a day: what has passed since then goes, and what stands in for it comes.
for (const element of all("[data-ends]")) {
  element.hidden = Date.parse(element.dataset.ends) < Date.now();
}
for (const element of all(".empty")) {
  element.hidden = element.closest("section,main").querySelector("[data-ends]:not([hidden])");
}

// The visitor's own time, where the clock there shows another than California's.
for (const element of all("[data-starts]")) {
  const clock = (timeZone) =>
    new Date(element.dataset.starts).toLocaleString(document.documentElement.lang + "-US", {
      weekday: "short",
      hour: "numeric",
      minute: "2-digit",
      timeZone,
    });
  const own = clock();
  if (own != clock("America/Los_Angeles")) {
    const label = element.closest("[data-local]").dataset.local;
    add(element.querySelector("time span,dd"), "small", `(${label} ${own})`);
  }
}
