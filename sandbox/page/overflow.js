// The overflow menu: a button with three dots and what hangs from it.

import { openTab } from "./button.js";
import { h } from "./dom.js";
import { textNodes } from "./mrkdwn.js";
import { Popup } from "./popup.js";

/** The menu; choosing in it tells the app, and opens the option's address if it has one. */
export function drawOverflow(field) {
  const { element, ctx } = field;
  const items = element.options.map((option) => menuItem(option, ctx.world, () => choose(option)));
  const menu = h("div", { class: "overflow-menu", role: "menu", on: { keydown: onKey } }, items);
  const button = h(
    "button",
    {
      type: "button",
      class: "button button-plain button-overflow",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": element.accessibility_label ?? "More options",
      on: { click: () => (popup.isOpen ? popup.hide() : open(0)), keydown: onButtonKey },
    },
    "\u22ef",
  );
  const popup = new Popup(button, menu, () => (button.ariaExpanded = "false"));

  function open(index) {
    if (button.ariaBusy === "true") return;
    popup.show();
    button.ariaExpanded = "true";
    items.at(index).focus();
  }

  function close() {
    popup.hide();
    button.focus();
  }

  async function choose(option) {
    close();
    const report = await field.send(option, button);
    if (report.status !== "cancelled") openTab(option.url);
  }

  function onButtonKey(event) {
    const index = { ArrowDown: 0, ArrowUp: -1 }[event.key];
    if (index === undefined) return;
    event.preventDefault();
    open(index);
  }

  function onKey(event) {
    const now = items.indexOf(document.activeElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") close();
    if (event.key === "Escape") close();
    if (event.key === "Escape" || to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (to !== undefined) items.at(to % items.length).focus();
  }

  return h("span", { class: "overflow" }, button, menu);
}

function menuItem(option, world, click) {
  return h(
    "button",
    { type: "button", class: "menu-item", role: "menuitem", tabindex: "-1", on: { click } },
    h("span", {}, ...textNodes(option.text, world)),
    !option.description ? null : h("span", { class: "option-note" }, ...textNodes(option.description, world)),
  );
}
