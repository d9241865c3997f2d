// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages gain from a script; each part does nothing where its elements are missing.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const add = (parent, name, text) => {
  const child = document.createElement(name);
  child.textContent = text;
  parent.append(" ", child);
  return child;
};
const { lang } = document.documentElement;

// The pages are built once a day: what has passed since then goes.
for (const element of all("[data-ends]")) {
  element.hidden = Date.parse(element.dataset.ends) < Date.now();
}

// The visitor's own time, where the clock there shows another than California's.
for (const element of all("[data-starts]")) {
  const start = new Date(element.dataset.starts);
  const clock = (timeZone) =>
    start.toLocaleString(lang + "-US", { weekday: "short", hour: "numeric", minute: "2-digit", timeZone });
  const own = clock();
  if (own !== clock("America/Los_Angeles")) {
    const place = element.querySelector("time span, dd");
    add(place, "small", `(${element.closest("[data-local]").dataset.local} ${own})`);
  }
}

// The schedule's filter; it also takes away months that have no date left.
const filter = document.querySelector("#filter");
const dates = all(".dates li");
const passed = dates.map((date) => date.hidden);
const show = () => {
  const wanted = filter ? [...new FormData(filter)].filter(([, value]) => value) : [];
  dates.forEach((date, at) => {
    date.hidden = passed[at] || wanted.some(([name, value]) => date.dataset[name] !== value);
  });
  for (const month of all(".month")) {
    month.hidden = !month.querySelector("li:not([hidden])");
    month.querySelector("table").hidden = wanted.length;
  }
  if (filter) {
    filter.querySelector("output").value = dates.filter((date) => !date.hidden).length;
  }
};
if (filter) {
  filter.hidden = false;
  filter.oninput = show;
  filter.onsubmit = (event) => event.preventDefault();
}
show();
for (const element of all(".empty")) {
  element.hidden = Boolean(element.parentElement.querySelector("[data-ends]:not([hidden])")
    || (filter && passed.includes(false)));
}

for (const code of all("[data-copy]")) {
  const button = add(code.parentElement, "button", code.dataset.copy);
  button.className = "btn alt";
  const said = add(code.parentElement, "span", "");
  said.role = "status";
  button.onclick = async () => {
    await navigator.clipboard.writeText(code.textContent);
    said.textContent = code.dataset.done;
  };
}
