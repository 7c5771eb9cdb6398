// Selects: a combobox with a list to type into; with several values, each is a chip.

import { h, replace } from "./dom.js";
import { OptionList } from "./option_list.js";
import { Popup } from "./popup.js";
import { sourceOf } from "./sources.js";

const PAUSE = 200; // milliseconds after the last letter before the app is asked

/** Any select, of one value or of several. */
export function drawSelect(field) {
  return new Select(field).node;
}

class Select {
  constructor(field) {
    this.field = field;
    this.many = field.many;
    this.source = sourceOf(field);
    this.chosen = [field.value].flat().filter(Boolean).map(this.source.read);
    this.typed = "";
    this.asked = 0;
    this.#build();
    this.#show();
  }

  #build() {
    const { field } = this;
    this.list = new OptionList(`${field.id}-list`, field.name, this.many, (item) => this.#choose(item));
    this.input = h("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      ...field.attributes(),
      on: { input: () => this.#type(), keydown: (event) => this.#onKey(event), blur: () => this.#leave() },
    });
    this.clear = h("button", { type: "button", class: "select-clear", "aria-label": "Clear" }, "\u00d7");
    this.clear.addEventListener("click", () => this.#commit([]));
    this.chips = h("span", { class: "select-chips" });
    const arrow = h("span", { class: "select-arrow", "aria-hidden": "true" });
    this.box = h("div", { class: "select-box" }, this.chips, this.input, this.clear, arrow);
    this.box.addEventListener("mousedown", (event) => this.#onPress(event));
    this.popup = new Popup(this.box, this.list.node, () => this.#hidden());
    this.node = h("div", { class: `select${this.many ? " select-many" : ""}` }, this.box, this.list.node);
  }

  /** Draw what is chosen. */
  #show() {
    const { field, chosen, input } = this;
    const placeholder = field.placeholder || `Choose ${this.source.noun ?? "an option"}`;
    input.placeholder = this.many && chosen.length ? "" : placeholder;
    input.value = this.many ? "" : (chosen[0]?.text ?? "");
    this.typed = "";
    this.clear.hidden = this.many || !field.optional || !chosen.length;
    replace(this.chips, this.many ? chosen.map((item) => this.#chip(item)) : []);
    this.list.mark(chosen, this.#isFull);
  }

  get #isFull() {
    return this.many && this.chosen.length >= (this.field.element.max_selected_items ?? Infinity);
  }

  #chip(item) {
    const remove = h("button", { type: "button", "aria-label": `Remove ${item.text}` }, "\u00d7");
    remove.addEventListener("click", () => this.#drop(item));
    return h("span", { class: "chip" }, item.text, remove);
  }

  #drop(item) {
    this.input.focus();
    this.#commit(this.chosen.filter((one) => one !== item));
  }

  #open() {
    if (this.popup.isOpen) return;
    this.#unfold();
    if (!this.many) this.input.select();
    this.#find();
  }

  #unfold() {
    this.popup.show();
    this.input.ariaExpanded = "true";
  }

  #hidden() {
    clearTimeout(this.planned);
    this.asked += 1; // an answer still on its way is not wanted any more
    this.input.ariaExpanded = "false";
    this.input.removeAttribute("aria-activedescendant");
    this.#show();
  }

  #type() {
    this.typed = this.input.value;
    this.#unfold();
    if (!this.typed && !this.clear.hidden) this.#commit([]);
    clearTimeout(this.planned);
    if (this.source.waits) this.planned = setTimeout(() => this.#find(), PAUSE);
    else this.#find();
  }

  async #find() {
    const { source, typed } = this;
    const turn = (this.asked += 1);
    if (typed.length < source.least) {
      const letters = source.least === 1 ? "a letter" : `at least ${source.least} letters`;
      return this.#draw([], `Type ${letters} to search.`);
    }
    if (!source.waits) return this.#draw(source.find(typed), "No results");
    this.#draw([], "Loading \u2026");
    const [items, note] = await source.find(typed).then(
      (found) => [found, "No results"],
      (error) => [[], error.message],
    );
    if (turn === this.asked) this.#draw(items, note);
  }

  #draw(items, note) {
    this.list.draw(items, items.length ? "" : note, this.chosen, this.#isFull);
    if (this.#isFull) this.list.say(`You can choose ${this.chosen.length} at most.`);
    this.#point();
    this.popup.place();
  }

  #point() {
    const active = this.list.activeId;
    if (active) this.input.setAttribute("aria-activedescendant", active);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #choose(item) {
    const chosen = this.chosen.find((one) => one.key === item.key);
    if (!this.many) {
      this.popup.hide();
      if (!chosen) this.#commit([item]);
      return;
    }
    if (!chosen && this.#isFull) return;
    this.#commit(chosen ? this.chosen.filter((one) => one !== chosen) : [...this.chosen, item]);
    if (!this.source.waits) this.#find();
  }

  async #commit(chosen) {
    const before = this.chosen;
    this.chosen = chosen;
    this.#show();
    this.popup.place();
    const value = this.many ? chosen.map((one) => one.value) : (chosen[0]?.value ?? null);
    const report = await this.field.send(value);
    if (report.status === "cancelled" && this.chosen === chosen) {
      this.chosen = before;
      this.#show();
    }
  }

  #leave() {
    this.popup.hide();
    if (this.typed) this.#show();
  }

  #onPress(event) {
    if (event.target.closest("button")) return;
    if (event.target !== this.input) event.preventDefault();
    this.input.focus();
    if (!this.popup.isOpen) this.#open();
    else if (event.target !== this.input) this.popup.hide();
  }

  #onKey(event) {
    const open = this.popup.isOpen;
    const { key } = event;
    if (key === "Backspace" && this.many && !this.input.value && this.chosen.length) {
      return this.#drop(this.chosen.at(-1));
    }
    if (key === "Escape" && open) event.stopPropagation();
    if (!(key === "Enter" || (key === "Escape" && open) || key in MOVES) || event.isComposing) return;
    if (["Home", "End"].includes(key) && !open) return;
    event.preventDefault();
    if (key === "Escape") this.popup.hide();
    else if (!open) this.#open();
    else if (key === "Enter") this.list.take();
    else this.list.move(MOVES[key]);
    this.#point();
  }
}

const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
