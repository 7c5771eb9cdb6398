// Buttons.

import { h } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

const SAFE_ADDRESS = /^(https?|mailto):/i;

/** An address an app gave, if a page may open it. */
export function safeAddress(url) {
  return url && SAFE_ADDRESS.test(url) ? url : null;
}

/** Open an address in a new tab that knows nothing of this one. */
export function openTab(url) {
  if (safeAddress(url)) window.open(url, "_blank", "noopener");
}

/** A button; one with an address opens it in a new tab and tells the app as well. */
export function drawButton(field) {
  const { element, ctx } = field;
  const style = ["primary", "danger"].includes(element.style) ? element.style : "plain";
  const url = safeAddress(element.url);
  const shared = {
    class: `button button-${style}`,
    "aria-label": element.accessibility_label,
    on: { click: (event) => press(field, event) },
  };
  const text = h("span", {}, ...textNodes(element.text, ctx.world));
  if (!url) return h("button", { type: "button", ...shared }, text);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...shared }, text);
}

/** Tell a press once: while it is being answered, another one does nothing. */
async function press(field, event) {
  const button = event.currentTarget;
  const { confirm, url } = field.element;
  if (button.ariaBusy === "true") return event.preventDefault();
  if (confirm) event.preventDefault(); // the address opens once it is confirmed
  const report = await field.send(undefined, button);
  if (confirm && report.status !== "cancelled") openTab(url);
}
