// What stands in angle brackets: people, channels, groups, dates and links.

import { dateNode } from "./dates.js";
import { h } from "./dom.js";
import { emojiNodes } from "./emoji.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const EVERYBODY = ["here", "channel", "everyone"];
const SCHEMES = ["http:", "https:", "mailto:", "tel:"];

/** The three characters that Slack escapes, as people read them. */
export const unescaped = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);

/** A mention of a person; louder when it is the one who reads. */
export function personNode(id, label, world) {
  const name = world.person(id)?.name ?? (label || id);
  const sort = id === world.me?.id ? "mention me" : "mention";
  return h("span", { class: sort, dataset: { userId: id } }, `@${name}`);
}

/** A mention of a channel. */
export function channelNode(id, label, world) {
  const name = world.channel(id)?.name ?? (label || id);
  return h("span", { class: "mention", dataset: { channelId: id } }, `#${name}`);
}

/** A mention of a user group. */
export function groupNode(id, label, world) {
  const handle = world.usergroup(id)?.handle;
  return h("span", { class: "mention" }, handle ? `@${handle}` : label || `@${id}`);
}

/** A mention of everybody here. */
export function broadcastNode(range) {
  return h("span", { class: EVERYBODY.includes(range) ? "mention me" : "mention" }, `@${range}`);
}

/** A link that opens elsewhere; an address no browser should follow is only text. */
export function linkNode(url, ...label) {
  if (!URL.canParse(url) || !SCHEMES.includes(new URL(url).protocol)) return h("span", {}, ...label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

/** A date, linked when an address goes with it. */
export function momentNode(ts, template, url, fallback, world) {
  const date = dateNode(ts, template, fallback, world);
  return url ? linkNode(url, date) : date;
}

/** The node for what stands between `<` and `>`. */
export function angledNode(inside, world) {
  const bar = inside.indexOf("|");
  const target = unescaped(bar < 0 ? inside : inside.slice(0, bar));
  const label = bar < 0 ? "" : unescaped(inside.slice(bar + 1));
  if (target.startsWith("!date^")) {
    const [, ts, template = "", url = ""] = target.split("^");
    return momentNode(ts, template, url, label, world);
  }
  if (target.startsWith("@")) return personNode(target.slice(1), label, world);
  if (target.startsWith("#")) return channelNode(target.slice(1), label, world);
  if (target.startsWith("!subteam^")) return groupNode(target.slice("!subteam^".length), label, world);
  if (target.startsWith("!")) return broadcastNode(target.slice(1));
  return linkNode(target, ...emojiNodes(label || target.replace(/^mailto:/, "")));
}
