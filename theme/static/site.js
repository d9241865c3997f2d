// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages gain from a script; each part does nothing where its elements are missing.

const all = (selector) => [...document.querySelectorAll(selector)];
const add = (parent, name, text) => {
  const child = document.createElement(name);
  child.textContent = text;
  parent.append(" ", child);
  return child;
};

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

// The schedule's filter; months without a date go, too.
const filter = document.querySelector("#filter");
const dates = all(".month li").filter((date) => !date.hidden);
const show = () => {
  const wanted = filter ? [...new FormData(filter)].filter(([, value]) => value) : [];
  for (const date of dates) {
    date.hidden = wanted.some(([name, value]) => date.dataset[name] != value);
  }
  for (const month of all(".month")) {
    month.hidden = !month.querySelector("li:not([hidden])");
    month.querySelector("table").hidden = wanted.length;
  }
  if (filter) {
    filter.hidden = !dates.length;
    filter.querySelector("output").value = dates.filter((date) => !date.hidden).length;
  }
};
if (filter) {
  filter.oninput = show;
}
show();

for (const code of all("[data-copy]")) {
  const button = add(code.parentElement, "button", code.dataset.copy);
  const said = add(code.parentElement, "span", "");
  button.className = "btn alt";
  said.role = "status";
  button.onclick = () => {
    navigator.clipboard.writeText(code.textContent).then(() => {
      said.textContent = code.dataset.done;
    });
  };
}
