// Rich text: what people write in the composer, and apps send with every style spelled out.

import { h } from "./dom.js";
import { emoji, emojiNode } from "./emoji.js";
import { breaks } from "./mrkdwn.js";
import { broadcastNode, channelNode, groupNode, linkNode, momentNode, personNode } from "./tokens.js";

const STYLES = { code: "code", strike: "s", italic: "em", underline: "u", bold: "strong" };
const NUMBERS = ["1", "a", "i"];
const COLOR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

const PARTS = {
  rich_text_section: (part, world) => h("div", {}, ...leaves(part, world)),
  rich_text_quote: (part, world) => h("blockquote", {}, ...leaves(part, world)),
  rich_text_preformatted: (part, world) => h("pre", {}, ...leaves(part, world)),
  rich_text_list: list,
};

const LEAVES = {
  text: (leaf) => breaks(String(leaf.text ?? ""), (line) => (line ? [document.createTextNode(line)] : [])),
  link: (leaf) => linkNode(leaf.url ?? "", leaf.text || leaf.url || ""),
  user: (leaf, world) => personNode(leaf.user_id, "", world),
  usergroup: (leaf, world) => groupNode(leaf.usergroup_id, "", world),
  channel: (leaf, world) => channelNode(leaf.channel_id, "", world),
  team: (leaf) => h("span", { class: "mention" }, `@${leaf.team_id}`),
  broadcast: (leaf) => broadcastNode(leaf.range),
  date: (leaf, world) => momentNode(leaf.timestamp, leaf.format ?? "", leaf.url, leaf.fallback, world),
  emoji: (leaf) => emojiLeaf(leaf),
  color: (leaf) => colorLeaf(String(leaf.value ?? "")),
};

/** The elements of a rich_text block as nodes. */
export function richText(block, world) {
  return (block?.elements ?? []).map((part) => PARTS[part.type]?.(part, world) ?? unknown(part.type));
}

const unknown = (type) => h("span", { class: "not-drawn" }, `not drawn: ${type}`);

function leaves(part, world) {
  return (part.elements ?? []).flatMap((leaf) => {
    const drawn = [LEAVES[leaf.type]?.(leaf, world) ?? unknown(leaf.type)].flat();
    const tags = Object.keys(STYLES).filter((style) => leaf.style?.[style]);
    return tags.reduce((inner, style) => [h(STYLES[style], {}, ...inner)], drawn);
  });
}

/** A list at its depth; the one that goes on after a deeper one counts on from its offset. */
function list(part, world) {
  const ordered = part.style === "ordered";
  const depth = Math.min(Math.max(part.indent ?? 0, 0), 8);
  const items = (part.elements ?? []).map((item) => h("li", {}, ...leaves(item, world)));
  const look = `rich-list${ordered ? "" : ` look-${depth % 3}`}${part.border ? " ruled" : ""}`;
  const node = ordered
    ? h("ol", { class: look, type: NUMBERS[depth % 3], start: (part.offset ?? 0) + 1 }, ...items)
    : h("ul", { class: look }, ...items);
  node.style.setProperty("--depth", depth);
  return node;
}

function emojiLeaf({ name, unicode }) {
  const codes = /^[0-9a-f]{1,6}(-[0-9a-f]{1,6})*$/i.test(unicode ?? "") ? unicode.split("-") : [];
  const points = codes.map((code) => Number.parseInt(code, 16)).filter((point) => point <= 0x10ffff);
  const sign = points.length > 0 ? String.fromCodePoint(...points) : emoji(name);
  return sign ? emojiNode(String(name), sign) : document.createTextNode(`:${name}:`);
}

function colorLeaf(value) {
  const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
  if (COLOR.test(value)) swatch.style.backgroundColor = value;
  return h("span", { class: "color" }, swatch, value);
}
