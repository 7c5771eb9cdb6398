// JSON to read: folded by level, and copied whole.

import { h } from "./dom.js";

const OPEN_LEVELS = 3;
const SHORT = 12; // items; a longer list starts folded, except on the first level

/** A titled piece of JSON with a button that copies it. */
export function jsonPart(title, value) {
  const name = { type: "button", class: "quiet", "aria-label": `Copy ${title.toLowerCase()}` };
  const copy = h("button", name, "Copy");
  copy.addEventListener("click", async () => {
    const written = navigator.clipboard.writeText(JSON.stringify(value, null, 2));
    copy.textContent = await written.then(() => "Copied", () => "Not allowed");
  });
  return h("section", { "aria-label": title },
    h("div", { class: "json-head" }, h("h4", {}, title), copy),
    h("div", { class: "json" }, node(null, value, 0)));
}

/** The same value with JSON that travels as text, such as blocks in a form, read. */
export function unwrapped(value) {
  if (typeof value === "string" && /^\s*[[{]/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner)]));
}

function node(key, value, level) {
  const label = key === null ? null : h("span", { class: "json-key" }, `${key}: `);
  if (value === null || typeof value !== "object") {
    const text = h("span", { class: `json-${typeof value}` }, JSON.stringify(value));
    return h("div", { class: "json-leaf" }, label, text);
  }
  const inner = Object.entries(value);
  const [left, right] = Array.isArray(value) ? "[]" : "{}";
  if (!inner.length) return h("div", { class: "json-leaf" }, label, left + right);
  const count = h("span", { class: "json-count" }, `${left} ${inner.length} ${right}`);
  const open = level === 0 || (level < OPEN_LEVELS && inner.length <= SHORT);
  const branch = h("details", { open }, h("summary", {}, label, count));
  const grow = () => {
    if (branch.childElementCount > 1) return;
    branch.append(...inner.map(([name, one]) => node(name, one, level + 1)));
  };
  if (open) grow();
  branch.addEventListener("toggle", grow);
  return branch;
}
