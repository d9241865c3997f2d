// SPDX-License-Identifier: AGPL-3.0-or-later
import { all } from "./dom.js";
import { tellEach, words } from "./status.js";

// A row of a list has room for a word, and says nothing while there are seats enough.
const FEW = 5;

tellEach(all(".tag.seats"), (place, { state, seats_left: left }) => {
  const known = state == "open" ? left > 0 && left <= FEW && "few" : state;
  const text = words[`row_${known}`];
  if (text) {
    place.textContent = text;
    place.dataset.state = known;
  }
});
