// The messages of one conversation: the newest fifty, older ones on scroll, and what happens live.

import { see } from "./api.js";
import { h, replace } from "./dom.js";
import { drawMessage, sameBlock } from "./message.js";
import { day, dayName } from "./times.js";

const AT_ONCE = 50;
const NEAR = 80; // pixels from the end that still count as reading the newest

/** A list that keeps its place while it grows at both ends. */
export class Messages {
  #shown = new Map(); // ts -> {message, node, same}
  #missing = new Set();
  #fetching = false;
  #older = true;
  #follows = true; // somebody who reads the newest goes on doing so, whatever grows

  constructor(page, where) {
    Object.assign(this, { page, where, world: page.world });
    this.list = h("div", { class: "list" });
    this.more = h("button", { type: "button", class: "quiet older", on: { click: () => this.#loadOlder() } }, "Older messages");
    this.fresh = h("button", { type: "button", class: "fresh", hidden: true, on: { click: () => this.#toEnd() } }, "New messages ↓");
    this.node = h("div", { class: "messages", role: "log", tabindex: "0", "aria-label": "Messages" }, this.more, this.list, this.fresh);
    this.node.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#follows && this.#toEnd()).observe(this.list);
  }

  /** Show the newest messages. */
  async load() {
    const messages = await this.#see({ limit: AT_ONCE });
    if (this.left) return;
    this.#older = messages.length >= AT_ONCE;
    this.#put(messages);
    this.#toEnd();
  }

  /** Nothing is heard any more. */
  leave() {
    this.left = true;
  }

  /** Take entries of the journal: new and changed messages are read, deleted ones go. */
  happened(entries) {
    for (const entry of entries) {
      if (entry.kind === "clock") this.#arrange();
      if (entry.kind !== "effect" || entry.channel !== this.where.id || !entry.ts) continue;
      if (entry.what === "delete") this.#drop(entry.ts);
      else if (entry.what !== "ephemeral" || entry.recipients.includes(this.world.me.id)) this.#missing.add(entry.ts);
    }
    this.#fetch();
  }

  #see(more) {
    return see("messages", { user: this.world.me.handle, channel: this.where.id, ...more });
  }

  // One request at a time; what comes meanwhile waits for the next.
  async #fetch() {
    if (this.#fetching) return;
    this.#fetching = true;
    while (this.#missing.size && !this.left) {
      const wanted = [...this.#missing].slice(0, AT_ONCE);
      for (const ts of wanted) this.#missing.delete(ts);
      const messages = await this.#see({ ts: wanted.join(",") }).catch(() => []);
      if (!this.left) this.#put(messages);
    }
    this.#fetching = false;
  }

  async #loadOlder() {
    const first = this.#order()[0]?.message.ts;
    if (!first || this.loadingOlder || !this.#older) return;
    this.loadingOlder = true;
    const messages = await this.#see({ before: first, limit: AT_ONCE });
    this.loadingOlder = false;
    if (this.left) return;
    this.#older = messages.length >= AT_ONCE;
    const { scrollHeight, scrollTop } = this.node;
    this.#put(messages);
    this.node.scrollTop = scrollTop + this.node.scrollHeight - scrollHeight;
  }

  #put(messages) {
    const atEnd = this.#atEnd;
    let grew = false;
    for (const message of messages) {
      const known = this.#shown.get(message.ts);
      const same = JSON.stringify(message);
      if (known?.same === same) continue; // told twice; whoever is using it keeps it
      const node = drawMessage(message, this.page, this.where);
      if (known) swap(known.node, node);
      else grew = true;
      this.#shown.set(message.ts, { message, node, same });
    }
    this.#arrange();
    if (grew && atEnd) this.#toEnd();
    else if (grew && messages.at(-1)?.ts === this.#order().at(-1)?.message.ts) this.fresh.hidden = false;
  }

  #drop(ts) {
    this.#missing.delete(ts);
    this.#shown.get(ts)?.node.remove();
    this.#shown.delete(ts);
    this.#arrange();
  }

  #order() {
    return [...this.#shown.values()].sort((a, b) => (a.message.ts < b.message.ts ? -1 : 1));
  }

  // Puts the nodes in order, with a line where a day begins; nodes that are in place are not touched.
  #arrange() {
    const wanted = [];
    let before = null;
    for (const one of this.#order()) {
      const date = day(one.message.ts, this.world);
      if (!before || day(before.message.ts, this.world) !== date) wanted.push(this.#divider(one.message.ts, date));
      one.node.classList.toggle("compact", Boolean(before && sameBlock(before.message, one.message, this.world)));
      wanted.push(one.node);
      before = one;
    }
    if (!wanted.length) wanted.push(this.#empty());
    wanted.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
    while (this.list.children.length > wanted.length) this.list.lastChild.remove();
    this.more.hidden = !this.#older;
  }

  #divider(ts, date) {
    this.dividers ??= new Map();
    if (!this.dividers.has(date)) this.dividers.set(date, h("div", { class: "day", role: "separator" }, h("span", {})));
    const node = this.dividers.get(date);
    const name = dayName(ts, this.world);
    if (node.textContent !== name) replace(node.firstChild, name);
    return node;
  }

  #empty() {
    const { commands, app } = this.world;
    const hint = commands.length ? ` Type / to see what ${app.name} can do.` : "";
    this.nothing ??= h("p", { class: "empty" }, `No messages yet.${hint}`);
    return this.nothing;
  }

  get #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.fresh.hidden = true;
  }

  #scrolled() {
    if (this.node.scrollTop < NEAR) this.#loadOlder();
    this.#follows = this.#atEnd;
    if (this.#follows) this.fresh.hidden = true;
  }
}

/** Exchange a message's node; the focus stays on the same control, or on the message. */
function swap(old, node) {
  // A node that was never painted counts as a line high: as tall as the old one, nothing below it jumps.
  node.style.containIntrinsicHeight = `auto ${old.offsetHeight}px`;
  const controls = (root) => [...root.querySelectorAll("button, a, input, select, textarea, [tabindex]")];
  const at = old.contains(document.activeElement) ? controls(old).indexOf(document.activeElement) : -2;
  old.replaceWith(node);
  if (at > -2) (controls(node)[at] ?? node).focus({ preventScroll: true });
}
