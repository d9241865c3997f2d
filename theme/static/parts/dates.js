// SPDX-License-Identifier: AGPL-3.0-or-later
import { add, all } from "./dom.js";

// The pages are built once a day: what has passed since then goes, and what stands in for it comes.
for (const element of all("[data-ends]")) {
  element.hidden = Date.parse(element.dataset.ends) < Date.now();
}
for (const element of all(".empty")) {
  element.hidden = element.closest("section,main").querySelector("[data-ends]:not([hidden])");
}

// The visitor's own time, where the clock there shows another than California's; lists say once whose time it is, and
// leave out the day where it is the same.
const language = document.documentElement.lang;
for (const element of all("[data-starts]")) {
  const starts = new Date(element.dataset.starts);
  const part = (options, timeZone) => starts.toLocaleString(language, { ...options, timeZone });
  const time = { hour: "numeric", minute: "2-digit", hour12: true };
  const day = { weekday: "short" };
  const there = "America/Los_Angeles";
  const label = element.closest("[data-local]")?.dataset.local;
  if (part({ ...day, ...time }) != part({ ...day, ...time }, there)) {
    const own = part(label || part(day) != part(day, there) ? { ...day, ...time } : time);
    const words = own.replace(/([AP])M/, (_, half) => half.toLowerCase() + ".m.");
    add(element.querySelector(".at"), "small", `(${label ? label + " " : ""}${words})`);
    for (const line of all(".local")) {
      line.hidden = false;
    }
  }
}
