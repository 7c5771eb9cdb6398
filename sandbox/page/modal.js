// The modals of the one who acts: one dialog, in which the view on top covers those below.

import { act, see } from "./api.js";
import { h } from "./dom.js";
import { Pane } from "./pane.js";

/** Draws the stack of modals, and closes and submits them. */
export class ModalLayer {
  constructor(root, world) {
    Object.assign(this, { root, world });
    this.user = world.me.handle;
    this.panes = new Map();
  }

  /** Look at the stack and draw it. Several wishes at once are one more look, after the one on its way. */
  refresh() {
    this.again = true;
    this.looking ??= this.#look().finally(() => (this.looking = null));
    return this.looking;
  }

  async #look() {
    while (this.again) {
      this.again = false;
      this.#draw(await see("modals", { user: this.user }));
    }
  }

  #draw(stack) {
    const before = this.panes;
    this.panes = new Map(stack.map((view) => [view.id, before.get(view.id) ?? new Pane(this, view)]));
    if (!stack.length) return this.#leave();
    const dialog = this.#dialog();
    for (const [id, pane] of before) if (!this.panes.has(id)) pane.node.remove();
    stack.forEach((view, depth) => {
      const pane = this.panes.get(view.id);
      if (!before.has(view.id)) dialog.append(pane.node);
      pane.show(view, depth, depth === stack.length - 1);
    });
    const top = this.panes.get(stack.at(-1).id);
    dialog.setAttribute("aria-labelledby", top.titleId);
    if (!dialog.open) dialog.showModal();
    if (top !== this.top) top.enter();
    this.top = top;
  }

  #dialog() {
    if (this.root.firstElementChild) return this.root.firstElementChild;
    const dialog = h("dialog", { class: "modal" });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.close({ everything: true });
    });
    // The browser may close it by itself, as phones do with their Back.
    dialog.addEventListener("close", () => dialog.isConnected && this.close({ everything: true }));
    this.root.replaceChildren(dialog);
    return dialog;
  }

  #leave() {
    const dialog = this.root.firstElementChild;
    this.top = null;
    dialog?.close(); // gives the focus back
    dialog?.remove();
  }

  /** Close the modal on top, or all of them. */
  async close({ everything = false } = {}) {
    const view = this.top?.id;
    if (!view || this.closing === view) return;
    this.closing = view;
    await act("close", { user: this.user, view, everything }).catch(() => {}); // it was gone already
    await this.refresh();
    this.closing = null;
  }
}
