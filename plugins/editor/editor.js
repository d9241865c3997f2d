// SPDX-License-Identifier: AGPL-3.0-or-later
// Starts the browser editor on /edit/ and /es/edit/: what it edits is in the page's own config.json.

import { keyValueFormat } from "./format.js";

const PREFERENCES = "sveltia-cms.prefs";

async function start() {
  const page = document.documentElement;
  const answer = await fetch("config.json");
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  const { formats, config } = await answer.json();
  // The program's own words are in the page's language, whatever language the browser has.
  const preferences = JSON.parse(localStorage.getItem(PREFERENCES) ?? "{}");
  localStorage.setItem(PREFERENCES, JSON.stringify({ ...preferences, locale: page.dataset.words }));
  const { default: editor } = await import(page.dataset.program);
  for (const [name, told] of Object.entries(formats)) {
    editor.registerCustomFormat(name, "md", keyValueFormat(told));
  }
  await editor.init({ config: { load_config_file: false, ...config } });
}

start().catch((error) => {
  const told = document.getElementById("problem");
  told.textContent = `${told.dataset.words} (${error.message})`;
  told.hidden = false;
  throw error;
});
