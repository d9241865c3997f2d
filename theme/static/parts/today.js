// SPDX-License-Identifier: AGPL-3.0-or-later
import { all } from "./dom.js";

// Today in California, in the calendar of the schedule.
const [month, day] = new Date(Date.now())
  .toLocaleDateString("sv", { timeZone: "America/Los_Angeles" })
  .split(/-(?=\d+$)/);
for (const cell of all(`[data-month="${month}"] td`)) {
  if (parseInt(cell.textContent) == day) {
    cell.className = "today";
    cell.ariaCurrent = "date";
  }
}
