// "Act as": find somebody among hundreds by name and become them.

import { avatar } from "./avatar.js";
import { h, replace } from "./dom.js";

const SHOWN_AT_MOST = 50;

/** A button with the acting person's name, and behind it a search among everybody. */
export function personSwitch(world, choose) {
  const { me } = world;
  const list = h("ul", { role: "listbox", id: "people-found", "aria-label": "People" });
  const search = h("input", {
    type: "search",
    role: "combobox",
    "aria-label": "Find a person to act as",
    "aria-controls": "people-found",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    placeholder: "Find a person",
    autocomplete: "off",
    autofocus: true,
  });
  const panel = h("div", { class: "switch-panel", popover: "auto", id: "people-switch" }, search, list);
  const button = h(
    "button",
    { type: "button", class: "acting", popovertarget: "people-switch", "aria-label": `Act as: ${me.name}` },
    avatar(me),
    h("span", { class: "who" }, h("small", {}, "Acting as"), h("b", {}, me.name), h("small", {}, describe(me))),
    h("span", { class: "chevron", "aria-hidden": "true" }, "⌄"),
  );
  const finder = new Finder(world, search, list, choose);
  // before it is open, so that what is typed at once is not wiped; the field is focused by autofocus
  panel.addEventListener("beforetoggle", (event) => event.newState === "open" && finder.open());
  return h("div", { class: "switch" }, button, panel);
}

/** What to know of a person in a few words: role and zone. */
export const describe = (person) => [person.role, person.tz ?? "no time zone"].filter(Boolean).join(" · ");

// Without accents, which not every keyboard has.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The list behind the search field: arrows move, Enter chooses. */
class Finder {
  #chosen = 0;

  constructor(world, search, list, choose) {
    Object.assign(this, { world, search, list, choose });
    search.addEventListener("input", () => this.#draw(0));
    search.addEventListener("keydown", (event) => this.#key(event));
  }

  open() {
    this.search.value = "";
    this.#draw(0);
  }

  #draw(chosen) {
    const wanted = plain(this.search.value.trim());
    const able = this.world.people.filter((p) => !p.bot && !p.deleted);
    const fits = (p) => plain(`${p.name} ${p.handle} ${p.role}`).includes(wanted);
    this.found = able.filter(fits).slice(0, SHOWN_AT_MOST);
    this.#chosen = Math.max(0, Math.min(chosen, this.found.length - 1));
    const none = h("li", { class: "note" }, "Nobody here is called that.");
    replace(this.list, this.found.length ? this.found.map((p, i) => this.#option(p, i)) : none);
    this.search.setAttribute("aria-activedescendant", this.found.length ? `person-${this.#chosen}` : "");
  }

  #option(person, index) {
    const selected = index === this.#chosen;
    return h(
      "li",
      {
        role: "option",
        id: `person-${index}`,
        class: selected ? "chosen" : null,
        "aria-selected": String(selected),
        on: { click: () => this.choose(person.handle) },
      },
      avatar(person, "small"),
      h("span", { class: "name" }, person.name),
      h("small", {}, describe(person)),
    );
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.#draw(this.#chosen + step);
      this.list.children[this.#chosen]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && this.found.length) {
      this.choose(this.found[this.#chosen].handle);
    }
  }
}
