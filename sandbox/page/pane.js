// One modal: title, body, and the buttons below.

import { act } from "./api.js";
import { h } from "./dom.js";
import { showError } from "./elements.js";
import { ViewForm } from "./view_form.js";

const FIRST = "input, textarea, select, button";

let count = 0;

/** One view of the stack. */
export class Pane {
  constructor(layer, view) {
    this.layer = layer;
    this.id = view.id;
    this.titleId = `modal-title-${++count}`;
    this.form = new ViewForm(layer.world, { view: view.id }, "modal", () => this.#dress());
    this.#build();
  }

  #build() {
    const button = (props, ...children) => h("button", { type: "button", ...props }, ...children);
    const close = (how) => ({ click: () => this.layer.close(how) });
    this.title = h("h1", { id: this.titleId });
    this.back = button({ class: "modal-back", "aria-label": "Back", on: close() }, "\u2190");
    const leave = close({ everything: true });
    const cross = button({ class: "modal-cross", "aria-label": "Close", on: leave }, "\u00d7");
    this.body = h("div", { class: "modal-body" }, this.form.node);
    this.trouble = h("p", { class: "modal-trouble", role: "alert" });
    this.closer = button({ class: "button button-plain", on: close() });
    this.submitter = h("button", { type: "submit", class: "button button-primary" });
    this.node = h(
      "form",
      { class: "modal-pane", novalidate: true, tabindex: "-1" },
      h("header", {}, this.back, this.title, cross),
      this.body,
      h("footer", {}, this.trouble, this.closer, this.submitter),
    );
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Draw the view as it is now; only the one on top is seen. */
  show(view, depth, onTop) {
    if (!onTop && !this.node.hidden) this.left = document.activeElement;
    this.view = view;
    this.title.textContent = view.title;
    this.back.hidden = depth === 0;
    this.closer.textContent = view.close ?? (view.submit ? "Cancel" : "Close");
    this.submitter.textContent = view.submit ?? "";
    this.submitter.hidden = !view.submit;
    this.trouble.textContent = view.trouble;
    this.form.show(view);
    this.node.hidden = !onTop;
    this.#dress();
  }

  /** Put the focus where it was left, where the app wants it, or on the modal itself. */
  enter() {
    const left = this.node.contains(this.left) ? this.left : null;
    (left ?? this.node.querySelector("[autofocus]") ?? this.node).focus();
  }

  async #submit() {
    if (this.submitter.ariaDisabled === "true" || !this.view.submit || this.#isHalfTyped()) return;
    this.busy = true;
    this.#dress();
    const { user } = this.layer;
    const told = await act("submit", { user, view: this.id, values: this.form.values }).catch((refusal) => ({
      trouble: refusal.message,
    }));
    await this.layer.refresh().catch(() => {});
    this.busy = false;
    this.#dress();
    if (told.trouble) this.trouble.textContent = told.trouble;
    this.node.querySelector(".invalid")?.querySelector(FIRST)?.focus();
  }

  // Half a date is no value to the browser, but its writer did not mean to send nothing.
  #isHalfTyped() {
    const half = [...this.body.querySelectorAll("input")].find((input) => input.validity.badInput);
    if (!half) return false;
    showError(half.closest(".input-block"), "Please complete this date or time.");
    half.focus();
    return true;
  }

  #dress() {
    if (!this.view) return;
    const waits = this.view.submit_disabled && !this.form.values.length;
    this.submitter.ariaBusy = this.busy ? "true" : null;
    this.submitter.ariaDisabled = this.busy || waits ? "true" : null;
  }
}
