// Blocks that hold others: cards, a row of cards, containers; and alerts.

import { h } from "./dom.js";
import { drawElement } from "./elements.js";
import { textNodes, textWords } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { richText } from "./rich_text.js";

const LEVELS = { default: "Note", info: "Info", warning: "Warning", error: "Error", success: "Success" };
const WIDTHS = ["narrow", "standard", "wide", "full"];

/** The functions for these blocks; a container draws its children with *drawBlocks*. */
export function cards(drawBlocks) {
  return { card, carousel, alert, container: (block, ctx) => container(block, ctx, drawBlocks) };
}

function words(sort, text, world) {
  return text ? h("div", { class: `text ${sort}` }, ...textNodes(text, world)) : null;
}

function card(block, ctx) {
  const icon = block.icon && picture(block.icon, { small: true });
  const buttons = (block.actions ?? []).map((item) => drawElement(block, item, ctx));
  return h("div", { class: "card", role: "group", "aria-label": textWords(block.title, ctx.world) || "Card" },
    block.hero_image && h("div", { class: "card-hero" }, picture(block.hero_image)),
    h("div", { class: "card-words" },
      h("div", { class: "card-head" }, icon,
        h("div", {}, words("card-title", block.title, ctx.world), words("soft", block.subtitle, ctx.world))),
      words("", block.body, ctx.world),
      words("soft small", block.subtext, ctx.world),
      buttons.length > 0 ? h("div", { class: "actions" }, ...buttons) : null));
}

/** Cards side by side; the row scrolls by itself, by its buttons and by keyboard. */
function carousel(block, ctx) {
  const named = (block.elements ?? []).map((item) => ({ block_id: block.block_id, ...item }));
  const drawn = named.map((item) => h("li", {}, card(item, ctx)));
  const name = `${drawn.length} cards`;
  const row = h("ul", { class: "carousel-row", tabindex: 0, "aria-label": name }, ...drawn);
  const width = () => row.firstChild?.offsetWidth ?? 0;
  const turn = (name, way, sign) => h("button", {
    type: "button", class: "turn", "aria-label": `${name} card`,
    on: { click: () => row.scrollBy({ left: way * width() }) },
  }, sign);
  const turns = drawn.length > 1 ? [turn("Previous", -1, "‹"), turn("Next", 1, "›")] : [];
  return h("div", { class: "carousel", role: "group", "aria-label": "Cards" }, row,
    h("div", { class: "pages" }, ...turns));
}

function alert(block, ctx) {
  const level = Object.hasOwn(LEVELS, block.level) ? block.level : "default";
  return h("div", { class: `alert alert-${level}`, role: "note", "aria-label": LEVELS[level] },
    h("div", { class: "text" }, ...textNodes(block.text, ctx.world)));
}

function container(block, ctx, drawBlocks) {
  const { title: plain, rich_text_title: rich } = block;
  const title = rich ? richText(rich, ctx.world) : textNodes(plain, ctx.world);
  const head = h("div", { class: "card-head" },
    block.icon && picture(block.icon, { small: true }),
    h("div", {}, h("div", { class: "card-title" }, ...title), words("soft", block.subtitle, ctx.world)));
  const body = h("div", { class: "container-body" }, drawBlocks(block.child_blocks, ctx));
  const width = WIDTHS.includes(block.width) ? block.width : "standard";
  const sort = `container ${width}${block.has_header_divider ? " ruled" : ""}`;
  if (!block.is_collapsible) return h("section", { class: sort }, head, body);
  return h("details", { class: sort, open: !block.default_collapsed }, h("summary", {}, head), body);
}
