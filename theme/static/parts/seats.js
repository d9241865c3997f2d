// SPDX-License-Identifier: AGPL-3.0-or-later
import { all } from "./dom.js";

// Seats as the sign-up function knows them; the words are those of <main>, by state. The answer comes after the page
// is painted, so nothing may move: each text takes the place of another, or a place that was kept for it. Where there
// is no good answer, the page stays as it was built.
const FEW = 5;
const places = all("[id^=s-] .seats");
const words = document.querySelector("main").dataset;

// A row of a list has room for a word, and says nothing while there are seats enough.
const tellRow = (place, { state, seats_left: left }) => {
  const known = state == "open" ? left > 0 && left <= FEW && "few" : state;
  const text = words[`row_${known}`];
  if (text) {
    place.textContent = text;
    place.dataset.state = known;
  }
};

// The page of one session says how many are left, and what the form leads to.
const tell = (place, { state, seats_left: left, waiting }) => {
  const text =
    words[state == "open" ? (left == 1 ? "one" : left > 1 && state) : state == "full" && !waiting ? "line" : state];
  if (text) {
    const values = { left, waiting, seats: place.textContent };
    place.textContent = text.replace(/{(\w+)}/g, (_, name) => values[name]);
    place.classList.toggle("no", state == "cancelled");
    // site.css keeps the room of what is hidden here.
    for (const part of all("[data-if]")) {
      part.hidden = !part.dataset.if.includes(state);
    }
  }
};

if (places.length) {
  fetch(words.status, { signal: AbortSignal.timeout?.(9000) })
    .then((answer) => answer.json())
    .then(({ sessions }) => {
      for (const place of places) {
        const said = sessions[place.closest("[id^=s-]").id.slice(2)] ?? {};
        (place.matches(".tag") ? tellRow : tell)(place, said);
      }
    })
    .catch(() => {});
}
