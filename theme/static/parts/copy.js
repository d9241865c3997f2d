// SPDX-License-Identifier: AGPL-3.0-or-later
import { add, all } from "./dom.js";

for (const code of all("[data-copy]")) {
  const button = add(code.parentElement, "button", code.dataset.copy);
  const said = add(code.parentElement, "span", "");
  button.className = "btn alt";
  said.role = "status";
  button.onclick = () => {
    navigator.clipboard.writeText(code.textContent).then(() => {
      said.textContent = code.dataset.done;
    });
  };
}
