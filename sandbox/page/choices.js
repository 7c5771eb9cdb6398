// Radio buttons and checkboxes.

import { h } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

/** Radio buttons: one of the options, or none yet. */
export function drawRadioButtons(field) {
  return group(field, "radio", (boxes, options) => options.find((_, index) => boxes[index].checked) ?? null);
}

/** Checkboxes: any of the options. */
export function drawCheckboxes(field) {
  return group(field, "checkbox", (boxes, options) => options.filter((_, index) => boxes[index].checked));
}

function group(field, type, read) {
  const { element, ctx } = field;
  let told = [field.value].flat().filter(Boolean).map((one) => one.value);
  const boxes = element.options.map((option, index) =>
    h("input", {
      type,
      id: `${field.id}-${index}`,
      name: field.id,
      checked: told.includes(option.value),
      autofocus: Boolean(element.focus_on_load) && index === 0,
      "aria-describedby": option.description ? `${field.id}-${index}-note` : null,
    }),
  );

  async function changed() {
    const value = read(boxes, element.options);
    const report = await field.send(value);
    if (report.status !== "cancelled") told = [value].flat().filter(Boolean).map((one) => one.value);
    else boxes.forEach((box, index) => (box.checked = told.includes(element.options[index].value)));
  }

  const role = type === "radio" ? "radiogroup" : "group";
  const rows = element.options.map((option, index) => row(option, boxes[index], ctx.world));
  return h("div", { class: "choices", role, ...field.groupAttributes(), on: { change: changed } }, rows);
}

function row(option, box, world) {
  const note = textNodes(option.description, world);
  return h(
    "div",
    { class: "choice" },
    box,
    h("label", { for: box.id }, ...textNodes(option.text, world)),
    note.length ? h("div", { class: "option-note", id: `${box.id}-note` }, note) : null,
  );
}
