// SPDX-License-Identifier: AGPL-3.0-or-later
export const all = (selector) => [...document.querySelectorAll(selector)];

export const add = (parent, name, text) => {
  const child = document.createElement(name);
  child.textContent = text;
  parent.append(" ", child);
  return child;
};
