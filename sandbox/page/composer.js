// Where a person writes: messages, slash commands with completion, and shortcuts behind "+".

import { act } from "./api.js";
import { h, replace } from "./dom.js";

/** The field under a conversation. */
export class Composer {
  #chosen = -1;
  #found = [];

  constructor(page, where) {
    Object.assign(this, { page, where, world: page.world });
    const name = where.kind === "im" ? page.world.app.name : where.kind === "mpim" ? "the group" : `#${where.name}`;
    this.field = h("textarea", {
      id: "composer",
      rows: "1",
      placeholder: `Message ${name}, or type / for commands`,
      "aria-label": `Message ${name}`,
      "aria-autocomplete": "list",
      "aria-controls": "completions",
      on: { input: () => this.#complete(), keydown: (event) => this.#key(event), blur: () => this.#offer([]) },
    });
    this.list = h("ul", { id: "completions", class: "completions", role: "listbox", "aria-label": "Commands", hidden: true });
    this.note = h("p", { class: "composer-note", role: "status" });
    const send = h("button", { type: "submit", class: "send", "aria-label": "Send" }, "➤");
    const form = h("form", { class: "composer", on: { submit: (event) => this.#submit(event) } }, this.#shortcuts(), this.field, send);
    this.node = h("div", { class: "composer-place" }, this.list, form, this.note);
  }

  #shortcuts() {
    const all = this.world.shortcuts.filter((one) => one.type === "global");
    const menu = h(
      "div",
      { id: "shortcuts", class: "menu-panel", popover: "auto", role: "menu", "aria-label": "Shortcuts" },
      all.map((one) =>
        h(
          "button",
          { type: "button", role: "menuitem", on: { click: () => this.#shortcut(one, menu) } },
          h("b", {}, one.name),
          h("small", {}, one.description),
        ),
      ),
    );
    const plus = h("button", { type: "button", class: "icon", "aria-label": "Shortcuts", popovertarget: "shortcuts" }, "+");
    return [plus, menu];
  }

  #shortcut(one, menu) {
    menu.hidePopover();
    this.#do(act("shortcut", { user: this.world.me.handle, name: one.callback_id }));
  }

  #submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    const spot = { user: this.world.me.handle, channel: this.where.id, text };
    this.field.value = "";
    this.#complete();
    this.#do(text.startsWith("/") ? act("slash", spot) : act("say", spot), text);
  }

  // What was typed comes back when it could not be sent.
  async #do(doing, text = "") {
    replace(this.note);
    this.node.setAttribute("aria-busy", "true");
    try {
      const told = await doing;
      if (told.status === "unknown_command") this.#tell(told.text, text);
      await this.page.after();
    } catch (refusal) {
      this.#tell(refusal.message, text);
    }
    this.node.removeAttribute("aria-busy");
  }

  #tell(sentence, text) {
    replace(this.note, sentence);
    this.field.value ||= text;
    this.#complete();
  }

  #complete() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 200)}px`;
    const typed = this.field.value;
    const known = this.world.commands.flatMap((one) => completions(one));
    this.#offer(typed.startsWith("/") && !typed.includes("\n") ? known.filter((one) => one.text.startsWith(typed)) : []);
  }

  #offer(found, chosen = found.length ? 0 : -1) {
    this.#found = found;
    this.#chosen = chosen;
    this.list.hidden = !found.length;
    replace(
      this.list,
      found.map((one, index) =>
        h(
          "li",
          {
            role: "option",
            id: `completion-${index}`,
            "aria-selected": String(index === chosen),
            // a press, not a click: the field must not lose the focus first
            on: { pointerdown: (event) => this.#take(event, one) },
          },
          h("b", {}, one.text),
          h("small", {}, one.hint),
        ),
      ),
    );
    this.field.setAttribute("aria-activedescendant", found.length ? `completion-${chosen}` : "");
  }

  #take(event, one) {
    event.preventDefault();
    this.field.value = `${one.text} `;
    this.#complete();
    this.field.focus();
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const one = this.#found[this.#chosen];
    if (event.isComposing) return;
    if (step && this.#found.length) {
      event.preventDefault();
      this.#offer(this.#found, (this.#chosen + step + this.#found.length) % this.#found.length);
    } else if (event.key === "Escape") {
      this.#offer([]);
    } else if (one && one.text !== this.field.value.trim() && (event.key === "Tab" || event.key === "Enter")) {
      this.#take(event, one);
    } else if (event.key === "Enter" && !event.shiftKey) {
      this.field.form.requestSubmit();
      event.preventDefault();
    }
  }
}

/** A command by itself, and with each word that its usage hint offers: "schedule | list | help". */
function completions({ command, hint, description }) {
  const words = hint.split("|").map((word) => word.trim());
  const plain = words.filter((word) => /^[a-z][a-z -]*$/.test(word));
  return [{ text: command, hint: description || hint }, ...plain.map((word) => ({ text: `${command} ${word}`, hint: "" }))];
}
