// SPDX-License-Identifier: AGPL-3.0-or-later
// Seats as the sign-up function knows them; the words are those of <main>, by state. The answer comes after the page
// is painted, so nothing may move: each text takes the place of another, or a place that was kept for it. Where there
// is no good answer, the page stays as it was built.
export const words = document.querySelector("main").dataset;
let asked;

// Lets `tell` put into each of these places what is known of its session; the function is asked once a page.
export const tellEach = (places, tell) => {
  if (places.length) {
    asked ??= fetch(words.status, { signal: AbortSignal.timeout?.(9000) }).then((answer) => answer.json());
    asked
      .then(({ sessions }) => {
        for (const place of places) {
          tell(place, sessions[place.closest("[id^=s-]").id.slice(2)] ?? {});
        }
      })
      .catch(() => {});
  }
};
