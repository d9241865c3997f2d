// SPDX-License-Identifier: AGPL-3.0-or-later
import { all } from "./dom.js";

// The schedule's filter; months without a date go, too, and a day of the calendar leads to dates that are there.
const filter = document.querySelector("#filter");
const dates = all(".month li").filter((date) => !date.hidden);
const output = filter.querySelector("output");
const target = (link) => document.getElementById(link.hash.slice(1));
const show = () => {
  const wanted = [...new FormData(filter)].filter(([, value]) => value);
  for (const date of dates) {
    date.hidden = wanted.some(([name, value]) => date.dataset[name] != value);
  }
  for (const month of all(".month")) {
    month.hidden = !month.querySelector("li:not([hidden])");
  }
  for (const link of all(".jump a")) {
    link.parentElement.hidden = target(link).hidden;
  }
  for (const link of all(".calendar a")) {
    link.inert = target(link).hidden;
  }
  filter.hidden = !dates.length;
  const count = dates.filter((date) => !date.hidden).length;
  const { one, many } = output.dataset;
  output.value = count == 1 ? one : many.replace("{count}", count);
};
filter.oninput = show;
show();
