// The list that hangs from a select. Long lists are drawn as far as one looks.

import { h, replace } from "./dom.js";

const AT_ONCE = 60;

/** A listbox; *take* is called with the item that is chosen. */
export class OptionList {
  constructor(id, name, many, take) {
    Object.assign(this, { id, chosenHere: take, items: [], nodes: [], active: -1 });
    const multi = many ? "true" : null;
    this.box = h("div", { role: "listbox", id, "aria-label": name, "aria-multiselectable": multi });
    this.note = h("p", { class: "select-note", role: "status" });
    const events = { scroll: () => this.#onScroll(), mousedown: (event) => event.preventDefault() };
    this.node = h("div", { class: "select-list", on: events }, this.box, this.note);
  }

  /** Draw items anew; the first one chosen, else the first, is active. */
  draw(items, note, chosen, full) {
    Object.assign(this, { items, nodes: [], active: -1, marked: chosen, full });
    replace(this.box);
    this.node.scrollTop = 0;
    this.say(note);
    this.#more();
    const first = items.findIndex((item) => chosen.some((one) => one.key === item.key));
    if (items.length) this.#go(Math.max(0, first));
  }

  /** Show a sentence below the list; "" for none. */
  say(note) {
    this.note.textContent = note;
    this.note.hidden = !note;
  }

  /** Mark what is chosen; when *full*, nothing more can be. */
  mark(chosen, full) {
    Object.assign(this, { marked: chosen, full });
    this.nodes.forEach((node, index) => this.#dress(node, this.items[index]));
  }

  /** The id of the active option, if any. */
  get activeId() {
    return this.nodes[this.active]?.id;
  }

  /** Move by *steps*; round the ends by one, to an end by more. */
  move(steps) {
    const last = this.items.length - 1;
    if (last < 0) return;
    const to = this.active + steps;
    const round = Math.abs(steps) === 1;
    if (to > last) this.#go(round ? 0 : last);
    else this.#go(to < 0 ? (round ? last : 0) : to);
  }

  /** Take the active option. */
  take() {
    if (this.active >= 0) this.chosenHere(this.items[this.active]);
  }

  #go(index) {
    while (this.nodes.length <= index) this.#more();
    this.nodes[this.active]?.classList.remove("active");
    this.active = index;
    this.nodes[index].classList.add("active");
    this.nodes[index].scrollIntoView({ block: "nearest" });
  }

  #more() {
    const from = this.nodes.length;
    for (const [at, item] of this.items.slice(from, from + AT_ONCE).entries()) {
      const node = this.#option(item, from + at);
      this.nodes.push(node);
      this.#place(item.group).append(node);
    }
  }

  /** Where the next option goes: under its group's heading, which is made with its first option. */
  #place(group) {
    if (!group) return this.box;
    const last = this.box.lastElementChild;
    if (last?.dataset.group === group) return last;
    const heading = h("div", { class: "select-group", "aria-hidden": "true" }, group);
    const node = h("div", { role: "group", "aria-label": group, dataset: { group } }, heading);
    this.box.append(node);
    return node;
  }

  #option(item, index) {
    const note = item.note ? h("span", { class: "option-note" }, item.note) : null;
    const sign = item.sign ? h("span", { class: "option-note", "aria-hidden": "true" }, item.sign) : null;
    const words = [sign, h("span", {}, item.text), note];
    const node = h("div", { role: "option", class: "option", id: `${this.id}-${index}` }, words);
    node.addEventListener("click", () => this.chosenHere(item));
    this.#dress(node, item);
    return node;
  }

  #dress(node, item) {
    const chosen = this.marked.some((one) => one.key === item.key);
    node.setAttribute("aria-selected", String(chosen));
    if (this.full && !chosen) node.setAttribute("aria-disabled", "true");
    else node.removeAttribute("aria-disabled");
  }

  #onScroll() {
    const { scrollTop, clientHeight, scrollHeight } = this.node;
    if (scrollTop + clientHeight > scrollHeight - clientHeight) this.#more();
  }
}
