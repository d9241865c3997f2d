// SPDX-License-Identifier: AGPL-3.0-or-later
import { all } from "./dom.js";

// The schedule's filter; months without a date go, too.
const filter = document.querySelector("#filter");
const dates = all(".month li").filter((date) => !date.hidden);
const output = filter.querySelector("output");
const show = () => {
  const wanted = [...new FormData(filter)].filter(([, value]) => value);
  for (const date of dates) {
    date.hidden = wanted.some(([name, value]) => date.dataset[name] != value);
  }
  for (const month of all(".month")) {
    month.hidden = !month.querySelector("li:not([hidden])");
    month.querySelector("table").hidden = wanted.length;
  }
  filter.hidden = !dates.length;
  const count = dates.filter((date) => !date.hidden).length;
  const { one, many } = output.dataset;
  output.value = count == 1 ? one : many.replace("{count}", count);
};
filter.oninput = show;
show();
