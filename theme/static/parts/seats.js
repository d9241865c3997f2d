// SPDX-License-Identifier: AGPL-3.0-or-later
import { all } from "./dom.js";
import { tellEach, words } from "./status.js";

// The page of one session says how many are left, and what the form leads to.
tellEach(all(".seats:not(.tag)"), (place, { state, seats_left: left, waiting }) => {
  const text =
    words[state == "open" ? (left == 1 ? "one" : left > 1 && state) : state == "full" && !waiting ? "line" : state];
  if (text) {
    const values = { left, waiting, seats: place.textContent };
    place.textContent = text.replace(/{(\w+)}/g, (_, name) => values[name]);
    place.dataset.state = state;
    // site.css keeps the room of what is hidden here.
    for (const part of all("[data-if]")) {
      part.hidden = !part.dataset.if.includes(state);
    }
  }
});
