// The question an app may put before a press counts.

import { h } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

/** Ask; true once it was confirmed, false when it was denied or closed. */
export function askConfirm(asked, world) {
  const style = asked.style === "danger" ? "danger" : "primary";
  const choice = (text, value, kind) => {
    const shared = { type: "submit", class: `button ${kind}`, autofocus: value === "yes" };
    return h("button", { ...shared, value }, textNodes(text, world));
  };
  const dialog = h(
    "dialog",
    { class: "confirm", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "confirm-title", class: "confirm-title" }, ...textNodes(asked.title, world)),
      h("div", { id: "confirm-text", class: "confirm-text" }, ...textNodes(asked.text, world)),
      h(
        "div",
        { class: "confirm-choices" },
        choice(asked.deny, "no", "button-plain"),
        choice(asked.confirm, "yes", `button-${style}`),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
