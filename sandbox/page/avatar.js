// A square with initials; its colour comes from the id, so that a person looks the same everywhere.

import { h } from "./dom.js";

/** The picture of a person; decoration beside their name. */
export function avatar(person, size = "") {
  const hue = [...(person?.id ?? "?")].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  const node = h("span", { class: `avatar ${size}${person?.bot ? " app" : ""}`, "aria-hidden": "true" }, initials(person));
  if (!person?.bot) node.style.setProperty("--hue", hue);
  return node;
}

const initials = (person) =>
  (person?.name ?? "?").split(/\s+/).map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
