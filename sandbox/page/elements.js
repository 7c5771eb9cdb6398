// The elements of Block Kit that people click, choose from and type into.

import { drawButton } from "./button.js";
import { drawCheckboxes, drawRadioButtons } from "./choices.js";
import { h } from "./dom.js";
import { Field } from "./field.js";
import { drawFileInput, drawMoment, drawRichText, drawText } from "./fields.js";
import { textNodes } from "./mrkdwn.js";
import { drawOverflow } from "./overflow.js";
import { drawSelect } from "./select.js";

const DRAW = {
  button: drawButton,
  workflow_button: drawButton,
  overflow: drawOverflow,
  radio_buttons: drawRadioButtons,
  checkboxes: drawCheckboxes,
  plain_text_input: drawText,
  number_input: drawText,
  email_text_input: drawText,
  url_text_input: drawText,
  rich_text_input: drawRichText,
  datepicker: drawMoment,
  timepicker: drawMoment,
  datetimepicker: drawMoment,
  file_input: drawFileInput,
};
const SELECT = /^(multi_)?(static|external|users|conversations|channels)_select$/;

/** An element of a block, ready to be used. */
export function drawElement(block, element, ctx) {
  return drawField(new Field(block, element, ctx));
}

function drawField(field) {
  const draw = DRAW[field.type] ?? (SELECT.test(field.type) ? drawSelect : null);
  return field.wrap(draw ? draw(field) : h("span", { class: "not-drawn" }, `not drawn: ${field.type}`));
}

/** An input block: label, element, what is wrong with it, and its hint. */
export function drawInput(block, ctx) {
  const field = new Field(block, block.element, ctx);
  const optional = h("span", { class: "input-optional", "aria-hidden": "true" }, " (optional)");
  const label = { id: `${field.id}-label`, class: "input-label", for: field.id };
  const node = h(
    "div",
    { class: "input-block" },
    h("label", label, ...textNodes(block.label, ctx.world), block.optional ? optional : null),
    drawField(field),
    h("p", { class: "input-error", role: "alert", id: `${field.id}-error` }),
    h("p", { class: "input-hint", id: `${field.id}-hint` }, ...textNodes(block.hint, ctx.world)),
  );
  showError(node, ctx.errors?.[block.block_id] ?? "");
  return node;
}

/** Say under an input what is wrong with it; "" when nothing is. */
export function showError(node, sentence) {
  const error = node?.querySelector(".input-error");
  if (!error || error.textContent === sentence) return;
  error.textContent = sentence;
  node.classList.toggle("invalid", Boolean(sentence));
  const control = node.querySelector("[aria-describedby]");
  if (sentence) control?.setAttribute("aria-invalid", "true");
  else control?.removeAttribute("aria-invalid");
}
