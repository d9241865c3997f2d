// SPDX-License-Identifier: AGPL-3.0-or-later
// Content files as the browser editor sees them: `Key: value` lines, an empty line, Markdown.
//
// What nobody changes stays as it is written, byte for byte: the file's own text goes along in a property that no
// field shows, and a key is written anew only where its value is another one than that text has.

const SOURCE = "_source";
const HEADER = /^([A-Za-z]+(?:[\s_-]+[A-Za-z]+)?)\s*[:：](?!\/\/)\s*(.*)$/s;
// As in plugins/trainings/frontmatter.py: they come from Word and from web pages, and nobody sees them.
const INVISIBLE = /[\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g;
const ITEM = /^\s*[-*•]\s+(?=\S)/;
const TIME = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T,]{1,2}(\d{1,2})[:.](\d{2})(?::00)?(?: ?([ap])\.? ?m\.?)?)?$/i;

const folded = (word) => word.trim().toLowerCase().replace(/[\s_]+/g, "-");
const padded = (number) => String(number).padStart(2, "0");

/** Return a day and a time of the day (empty: the whole day) as the editor's two fields take them. */
function moment(value) {
  const found = TIME.exec(value.replace(/\s+/g, " "));
  if (!found) return [value, ""];
  const [, year, month, day, hour, minute, half] = found;
  const date = `${year}-${padded(month)}-${padded(day)}`;
  if (hour === undefined) return [date, ""];
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0) : Number(hour);
  return [date, `${padded(hours)}:${minute}`];
}

/** How the values of each form stand in fields, and what a file has for them; any other form is a text. */
const FORMS = {
  date_and_time: {
    fields: (key, value) => {
      const [date, time] = moment(value);
      return { [key.name]: date, [`${key.name}-Time`]: time };
    },
    written: (key, content) =>
      [content[key.name], content[`${key.name}-Time`]].filter(Boolean).join(" "),
  },
  choice: {
    fields: (key, value) => listed(key, value, (word) => key.spellings[folded(word)] ?? word),
    written: unlisted,
  },
  reference: {
    fields: (key, value) => listed(key, value, (name) => folded(name).replace(/\.md$/, "")),
    written: unlisted,
  },
};
const TEXT = {
  fields: (key, value) => ({ [key.name]: value }),
  written: (key, content) => String(content[key.name] ?? "").trim(),
};

function listed(key, value, convert) {
  if (!key.several) return { [key.name]: convert(value) };
  const names = value.split(",").map((name) => name.trim()).filter(Boolean);
  return { [key.name]: names.map(convert) };
}

function unlisted(key, content) {
  return [content[key.name] ?? []].flat().filter(Boolean).join(", ");
}

const form = (key) => FORMS[key.form] ?? TEXT;

/** Take a text apart: parts of the head, each with the key that it gives (or none) and its lines, the gap, and the body. */
function parsed(text, keys) {
  const lines = text.split(/\r?\n/);
  const seen = lines.map((line) => line.replace(INVISIBLE, ""));
  const named = new Map(keys.map((key) => [key.name.toLowerCase(), key]));
  const header = (at) => {
    const found = HEADER.exec(seen[at]);
    const key = found && named.get(found[1].toLowerCase().replace(/[\s_-]+/g, "-"));
    return key && { key, value: found[2].trim(), lines: [lines[at]] };
  };
  const parts = [];
  let end = 0;
  if (header(0)) {
    let last = null;
    for (; end < lines.length && seen[end].trim(); end += 1) {
      const line = seen[end];
      if (last?.key && (/^\s/.test(line) || (last.list && ITEM.test(line)))) {
        const more = (last.list ? line.replace(ITEM, "") : line).trim();
        last.value = last.value ? `${last.value}\n${more}` : more;
        last.lines.push(lines[end]);
        continue;
      }
      last = header(end) ?? { key: null, value: "", lines: [lines[end]] };
      last.list = last.value === "";
      parts.push(last);
    }
  }
  const below = lines.slice(end);
  const first = seen.slice(end).findIndex((line) => line.trim());
  if (first < 0) return { parts, gap: [], body: "" };
  return { parts, gap: below.slice(0, first), body: below.slice(first).join("\n").trimEnd() };
}

function written(key, value) {
  // An empty line would end the head, and the keys below would become text.
  const lines = value.split("\n").map((line) => line.trim()).filter(Boolean);
  return key.form === "lines" || lines.length > 1
    ? [`${key.name}:`, ...lines.map((line) => `    ${line}`)]
    : [`${key.name}: ${value}`];
}

/**
 * Return how the files of a content type are read and written; `keys` are those that it has, in their order, and
 * `fixed` is what further fields show, which are never written.
 */
export function keyValueFormat({ keys, fixed }) {
  const place = new Map(keys.map((key, index) => [key.name, index]));

  function fromFile(text) {
    const { parts, body } = parsed(text, keys);
    const content = Object.assign({}, ...parts.filter(({ key }) => key).map(({ key, value }) => form(key).fields(key, value)));
    return { ...fixed, ...content, body, [SOURCE]: text };
  }

  function toFile(content) {
    const old = parsed(content[SOURCE] ?? "", keys);
    const given = new Set(old.parts.filter(({ key }) => key).map(({ key }) => key.name));
    const parts = old.parts.flatMap((part) => {
      if (!part.key) return [part];
      const { key } = part;
      const now = form(key).written(key, content);
      if (now === form(key).written(key, form(key).fields(key, part.value))) return [part];
      return now ? [{ key, lines: written(key, now) }] : [];
    });
    for (const key of keys) {
      const now = given.has(key.name) ? "" : form(key).written(key, content);
      if (!now) continue;
      const later = parts.findIndex((part) => part.key && place.get(part.key.name) > place.get(key.name));
      parts.splice(later < 0 ? parts.length : later, 0, { key, lines: written(key, now) });
    }
    const head = parts.flatMap((part) => part.lines);
    const body = (content.body ?? "").trim();
    const gap = old.parts.length && old.body ? old.gap : [""];
    const lines = body ? [...head, ...gap, body] : head;
    const text = lines.join("\n");
    // Git for Windows writes files so into folders.
    return whole(content[SOURCE]?.includes("\r\n") ? text.replace(/\r?\n/g, "\r\n") : text);
  }

  return { fromFile, toFile };
}

/** Return a text that stays whole: the editor trims what it is given, and a file without keys begins with an empty line. */
function whole(text) {
  return { trim: () => text };
}
