// SPDX-License-Identifier: AGPL-3.0-or-later
import { all } from "./dom.js";

// What the filter shows can be subscribed to: the panel's addresses hold the feed's path, as it is or quoted.
const choices = document.querySelector("#filter");
const everything = choices.dataset.feed;
const ways = all("#subscribe>.links a,#subscribe>p code").map((way) => [way, way.href ?? way.textContent]);
choices.addEventListener("input", () => {
  const chosen = [...new FormData(choices).values()].map((value) => value || "any").join("/");
  const feed = everything.replace(/all(?=\.ics$)/, chosen == "any/any/any" ? "all" : "filtered/" + chosen);
  for (const [way, address] of ways) {
    const replaced = [(path) => path, encodeURIComponent].reduce(
      (text, quoted) => text.replace(quoted(everything), quoted(feed)),
      address,
    );
    way[way.href ? "href" : "textContent"] = replaced;
  }
});
