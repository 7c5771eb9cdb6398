// Block Kit on the page: one function for each type of block.

import { cards } from "./cards.js";
import { chart } from "./chart.js";
import { h } from "./dom.js";
import { drawElement, drawInput } from "./elements.js";
import { markdown } from "./markdown.js";
import { textNodes, textWords } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { richText } from "./rich_text.js";
import { dataTable, table } from "./table.js";

// These are wide or tall, and stand below the text they belong to.
const BELOW = ["checkboxes", "radio_buttons"];

const KINDS = {
  section,
  actions: elementsOf("actions"),
  context_actions: elementsOf("actions context-actions"),
  context,
  divider: () => h("hr", {}),
  header,
  image,
  input: drawInput,
  rich_text: (block, ctx) => h("div", { class: "text" }, ...richText(block, ctx.world)),
  markdown: (block, ctx) => h("div", { class: "text" }, ...markdown(block.text ?? "", ctx.world)),
  table: (block, ctx) => table(block, ctx.world),
  data_table: (block, ctx) => dataTable(block, ctx.world),
  data_visualization: chart,
  ...cards(drawBlocks),
  video: (block, ctx) => note("Video", textWords(block.title, ctx.world)),
  file: (block) => note("File", block.external_id),
  call: (block) => note("Call", block.call?.v1?.name ?? block.call_id),
};

/** All blocks of a message or view, in order. */
export function drawBlocks(blocks, ctx) {
  const drawn = document.createDocumentFragment();
  for (const block of blocks ?? []) drawn.append(drawBlock(block ?? {}, ctx));
  return drawn;
}

function drawBlock(block, ctx) {
  const draw = Object.hasOwn(KINDS, block.type) ? KINDS[block.type] : undefined;
  const node = draw ? draw(block, ctx) : h("div", { class: "not-drawn" }, `not drawn: ${block.type}`);
  node.classList.add("block", `block-${String(block.type).replace(/\W/g, "")}`);
  if (block.block_id !== undefined) node.dataset.blockId = block.block_id;
  return node;
}

const note = (sort, name) => h("div", { class: "not-drawn" }, name ? `${sort}: ${name}` : sort);

function section(block, ctx) {
  const beside = block.accessory && !BELOW.includes(block.accessory.type);
  const accessory = block.accessory && h("div", { class: "accessory" }, element(block, block.accessory, ctx));
  const fields = (block.fields ?? []).map((field) => textBox(field, ctx));
  return h("div", { class: beside ? "beside" : "" },
    h("div", { class: "section-words" },
      block.text && textBox(block.text, ctx),
      fields.length > 0 ? h("div", { class: "fields" }, ...fields) : null),
    accessory ?? null);
}

const textBox = (text, ctx) => h("div", { class: "text" }, ...textNodes(text, ctx.world));

function element(block, item, ctx) {
  return item.type === "image" ? picture(item, { small: true }) : drawElement(block, item, ctx);
}

function elementsOf(sort) {
  return (block, ctx) => h("div", { class: sort },
    ...(block.elements ?? []).map((item) => element(block, item, ctx)));
}

function context(block, ctx) {
  return h("div", {}, ...(block.elements ?? []).map((item) => (
    item.type === "image" ? picture(item, { small: true })
      : h("span", { class: "text" }, ...textNodes(item, ctx.world)))));
}

/** A heading; the page itself has h1 and h2. */
function header(block, ctx) {
  const level = Math.min(Math.max(block.level ?? 1, 1), 4);
  return h(`h${level + 2}`, { dataset: { level } }, ...textNodes(block.text, ctx.world));
}

function image(block, ctx) {
  const title = textWords(block.title, ctx.world);
  return h("figure", {}, title ? h("figcaption", {}, title) : null, picture(block, { title }));
}
